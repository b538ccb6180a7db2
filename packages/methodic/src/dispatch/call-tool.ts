import type { RequestPort } from "../context/create-context.ts";
import type { Tool } from "../registry/component.ts";
import { didYouMean, quote } from "../registry/nearest.ts";
import type { Input } from "./arguments.ts";
import type { Dispatch, NamedCall } from "./dispatch.ts";
import { explainErrors } from "./explain.ts";
import { errorResult, INVALID_PARAMS, isA, RequestError, reportInvalidResult, toolFailure } from "./failures.ts";
import { invoke } from "./invoke.ts";
import { repairInput } from "./repair.ts";
import { type Revived, reviveInput } from "./revive.ts";
import { type CallToolResult, InvalidResultError, toToolResult } from "./results.ts";

/** Answers `tools/call`: everything that goes wrong with a known tool is a result that the model can read (SEP-1303). */
export async function callTool(dispatch: Dispatch, call: NamedCall, port: RequestPort): Promise<CallToolResult> {
  const { tools } = dispatch.registry;
  const tool = tools.get(call.name);
  if (!tool) {
    throw new RequestError(
      INVALID_PARAMS,
      `There is no tool ${quote(call.name)}.${didYouMean(call.name, tools.keys())}`,
    );
  }
  const read = readNestedInput(tool, call.arguments, dispatch.strict);
  if ("problems" in read) {
    return errorResult(
      `Invalid arguments for tool ${tool.name}:\n${read.problems.map((line) => `- ${line}`).join("\n")}`,
    );
  }
  try {
    return toToolResult(await invoke(tool, read.input, port), tool.member);
  } catch (error) {
    // Nobody waits for the answer to a cancelled request, and that it failed is no news.
    if (port.signal.aborted) throw error;
    if (isA(InvalidResultError, error)) {
      return errorResult(reportInvalidResult(`Tool ${tool.name}`, error.message, dispatch.failures));
    }
    return toolFailure(error, tool.name, dispatch.failures);
  }
}

/** Arguments of a recursive type can be nested more deeply than the stack is high. */
function readNestedInput(tool: Tool, given: unknown, strict: boolean): Revived {
  try {
    return readInput(tool, given, strict);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return { problems: ["arguments: nested too deeply to be checked."] };
  }
}

/** Validates the arguments, with one repair in between if need be. */
function readInput(tool: Tool, given: unknown, strict: boolean): Revived {
  const { validators, inputSchema, revival } = tool.member;
  const input = (given ?? {}) as Input;
  const validate = validators.input;
  if (validate(input)) return reviveInput(input, revival);
  let errors = validate.errors ?? [];
  const repaired = strict ? undefined : repairInput(input, errors, inputSchema);
  if (repaired !== undefined) {
    if (validate(repaired)) return reviveInput(repaired, revival);
    errors = validate.errors ?? [];
  }
  return { problems: explainErrors(errors, { value: repaired ?? input, schema: inputSchema }) };
}
