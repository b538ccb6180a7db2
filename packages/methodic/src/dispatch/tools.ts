import type { DecoratorSchema } from "../json-schema/decorator-schema.ts";
import { explainErrors } from "../json-schema/explain.ts";
import { repairInput } from "../json-schema/repair.ts";
import { type Revived, reviveInput } from "../json-schema/revive.ts";
import type { Input, InputSchema, ValidationError } from "../manifest/format.ts";
import type { Tool } from "../registry/component.ts";
import { assertTyped } from "../registry/tool-schemas.ts";
import { findNamed } from "./access.ts";
import type { DispatchDeps, DispatchRequest, NamedCall } from "./dispatch.ts";
import { errorResult, isA, reportInvalidResult, toolFailure } from "./failures.ts";
import { type InputRequiredResult, isInputRequired } from "./input-required-result.ts";
import { invoke } from "./invoke.ts";

import { type CallToolResult, InvalidResultError, toToolResult } from "./results.ts";

/** Answers `tools/call`: everything that goes wrong with a known tool is a result that the model can read (SEP-1303). */
export async function callTool(
  dispatch: DispatchDeps,
  call: NamedCall,
  request: DispatchRequest,
): Promise<CallToolResult | InputRequiredResult> {
  const tool = await findTool(dispatch, call.name, request);
  try {
    const { givenInput } = tool.schemas;
    const read = givenInput
      ? await readSchemaInput(givenInput, call.arguments, dispatch)
      : readTypedInput(tool, call.arguments, dispatch.strict);
    if ("problems" in read) {
      return errorResult(
        `Invalid arguments for tool ${tool.name}:\n${read.problems.map((line) => `- ${line}`).join("\n")}`,
      );
    }
    const value = await invoke(tool, read.input, request);
    return isInputRequired(value) ? value : await toToolResult(value, tool, dispatch);
  } catch (error) {
    // Nobody waits for the answer to a cancelled request, and that it failed is no news.
    if (request.signal.aborted) throw error;
    if (isA(InvalidResultError, error)) {
      return errorResult(reportInvalidResult(`Tool ${tool.name}`, error.message, dispatch.failures));
    }
    return toolFailure(error, tool.name, dispatch.failures);
  }
}

async function findTool(dispatch: DispatchDeps, name: string, { access }: DispatchRequest): Promise<Tool> {
  const { tools } = dispatch.registry;
  return findNamed({ kind: "tool", find: (key) => tools.get(key), entries: () => tools }, name, access);
}

const TOO_DEEP: Revived = { problems: ["arguments: too large or nested too deeply to be checked."] };

/** Validates the arguments of a call by the tool's types, with one repair in between if need be. */
export function readTypedInput(tool: Tool, given: unknown, strict: boolean): Revived {
  const { validators, inputSchema, revival } = assertTyped(tool.member, tool.where);
  const input = (given ?? {}) as Input;
  const validate = validators.input;
  try {
    if (validate(input)) return reviveInput(input, revival);
    const errors = validate.errors ?? [];
    const repaired = strict ? undefined : repairInput(input, errors, inputSchema);
    if (repaired !== undefined && validate(repaired)) return reviveInput(repaired, revival);
    return explain(errors, input, inputSchema);
  } catch (error) {
    return refuseDepth(error);
  }
}

/** Validates the arguments of a call by the schema that the tool's decorator gives. */
export async function readSchemaInput(
  schema: DecoratorSchema,
  given: unknown,
  { checks, strict }: Pick<DispatchDeps, "checks" | "strict">,
): Promise<Revived> {
  const input = (given ?? {}) as Input;
  const root = schema.schema as InputSchema;
  try {
    const first = await checks.check(schema, input);
    if ("value" in first) return { input: first.value as Input };
    const repaired = strict ? undefined : repairInput(input, first.errors, root);
    const second = repaired && (await checks.check(schema, repaired));
    return second && "value" in second ? { input: second.value as Input } : explain(first.errors, input, root);
  } catch (error) {
    return refuseDepth(error);
  }
}

/** What is explained is what the client sent: a repair that was not enough would only hide it. */
function explain(errors: readonly ValidationError[], input: Input, schema: InputSchema): Revived {
  return { problems: explainErrors(errors, { value: input, schema }) };
}

/** Arguments of a recursive type can be nested more deeply than the stack is high. */
function refuseDepth(error: unknown): Revived {
  if (!(error instanceof RangeError)) throw error;
  return TOO_DEEP;
}
