import type { CallToolResult } from "../context/component-calls.ts";
import type { Revived } from "../json-schema/revive.ts";
import type { Input } from "../manifest/format.ts";
import type { Tool } from "../registry/component.ts";
import { assertTyped } from "../registry/tool-schemas.ts";
import { MISSING_CAPABILITY } from "../util/json-rpc.ts";
import { findInTable } from "./find-component.ts";
import { convertResult } from "./convert-result.ts";
import { isA, reportFailures, RequestError } from "./failures.ts";
import {
  type DispatchDeps,
  type DispatchRequest,
  type InputRequiredResult,
  invoke,
  isInputRequired,
  type NamedCall,
} from "./invoke.ts";
import { readInput, readSchemaInput } from "./read-input.ts";
import { toToolResult } from "./results.ts";

/**
 * Answers `tools/call`. An unknown tool is an error of the request; every failure of a known tool
 * is a result, which the model can read (SEP-1303).
 */
export async function callTool(
  deps: DispatchDeps,
  call: ToolCall,
  request: DispatchRequest,
): Promise<CallToolResult | InputRequiredResult> {
  const { name, version } = call;
  const tool = await findInTable(deps.registry.tools, { kind: "tool", name, version }, request);
  const result = await runTool(deps, { tool, call, request });
  return call.finish && !isInputRequired(result) ? call.finish(result, tool) : result;
}

/** The parameters of `tools/call`, and the last step of its result. */
export interface ToolCall extends NamedCall {
  /** Changes the result for the client. */
  readonly finish?: (result: CallToolResult, tool: Tool) => CallToolResult;
}

async function runTool(
  deps: DispatchDeps,
  { tool, call, request }: { readonly tool: Tool; readonly call: ToolCall; readonly request: DispatchRequest },
): Promise<CallToolResult | InputRequiredResult> {
  const subject = { id: tool.id, label: `Tool ${tool.name}` };
  try {
    return await reportFailures(subject, { request, failures: deps.failures }, async () => {
      const read = await readArguments(tool, call.arguments, deps);
      if ("problems" in read) return toErrorResult(describeProblems(tool, read.problems));
      const value = await invoke(deps, {
        subject,
        component: tool,
        input: read.input,
        request,
        heartbeatMs: tool.heartbeatMs,
      });
      return isInputRequired(value)
        ? await request.ask(value)
        : await convertResult(value, () => toToolResult(value, tool, deps));
    });
  } catch (error) {
    // The protocol defines the error for a missing capability.
    if (isA(RequestError, error) && error.code !== MISSING_CAPABILITY) return toErrorResult(error.message);
    throw error;
  }
}

function toErrorResult(text: string): CallToolResult {
  return { content: [{ type: "text", text }], isError: true };
}

function describeProblems({ name }: Tool, problems: readonly string[]): string {
  return `Invalid arguments for tool ${name}:\n${problems.map((line) => `- ${line}`).join("\n")}`;
}

function readArguments(tool: Tool, args: unknown, deps: DispatchDeps): Revived | Promise<Revived> {
  const { decoratorInput } = tool.schemas;
  const input = (args ?? {}) as Input;
  if (decoratorInput) return readSchemaInput(decoratorInput, input, deps);
  return readInput(assertTyped(tool.member, tool.where), input, deps);
}
