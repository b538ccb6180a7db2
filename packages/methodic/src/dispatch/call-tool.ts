import type { RequestPort } from "../context/create-context.ts";
import type { Tool } from "../registry/component.ts";
import type { Dispatch, NamedCall } from "./dispatch.ts";
import { errorResult, isA, reportInvalidResult, toolFailure } from "./failures.ts";
import { findNamed } from "./find-named.ts";
import { type InputRequiredResult, isInputRequired } from "./input-required-result.ts";
import { invoke } from "./invoke.ts";
import { readGivenInput, readTypedInput } from "./read-input.ts";
import { type CallToolResult, InvalidResultError, toToolResult } from "./results.ts";

/** Answers `tools/call`: everything that goes wrong with a known tool is a result that the model can read (SEP-1303). */
export async function callTool(
  dispatch: Dispatch,
  call: NamedCall,
  port: RequestPort,
): Promise<CallToolResult | InputRequiredResult> {
  const tool = await findTool(dispatch, call.name, port);
  try {
    const { givenInput } = tool.schemas;
    const read = givenInput
      ? await readGivenInput(givenInput, call.arguments, dispatch)
      : readTypedInput(tool, call.arguments, dispatch.strict);
    if ("problems" in read) {
      return errorResult(
        `Invalid arguments for tool ${tool.name}:\n${read.problems.map((line) => `- ${line}`).join("\n")}`,
      );
    }
    const value = await invoke(tool, read.input, port);
    return isInputRequired(value) ? value : await toToolResult(value, tool, dispatch);
  } catch (error) {
    // Nobody waits for the answer to a cancelled request, and that it failed is no news.
    if (port.signal.aborted) throw error;
    if (isA(InvalidResultError, error)) {
      return errorResult(reportInvalidResult(`Tool ${tool.name}`, error.message, dispatch.failures));
    }
    return toolFailure(error, tool.name, dispatch.failures);
  }
}

async function findTool(dispatch: Dispatch, name: string, { access }: RequestPort): Promise<Tool> {
  const { tools } = dispatch.registry;
  return findNamed(dispatch, { what: "tool", find: (key) => tools.get(key), known: () => tools }, { name, access });
}
