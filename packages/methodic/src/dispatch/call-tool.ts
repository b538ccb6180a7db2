import type { RequestPort } from "../context/create-context.ts";
import { didYouMean, quote } from "../registry/nearest.ts";
import type { Dispatch, NamedCall } from "./dispatch.ts";
import { errorResult, INVALID_PARAMS, isA, RequestError, reportInvalidResult, toolFailure } from "./failures.ts";
import { invoke } from "./invoke.ts";
import { readGivenInput, readTypedInput } from "./read-input.ts";
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
    return await toToolResult(await invoke(tool, read.input, port), tool, dispatch);
  } catch (error) {
    // Nobody waits for the answer to a cancelled request, and that it failed is no news.
    if (port.signal.aborted) throw error;
    if (isA(InvalidResultError, error)) {
      return errorResult(reportInvalidResult(`Tool ${tool.name}`, error.message, dispatch.failures));
    }
    return toolFailure(error, tool.name, dispatch.failures);
  }
}
