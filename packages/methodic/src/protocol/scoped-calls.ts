import type {
  CallArguments,
  CallToolResult,
  ComponentCalls,
  GetPromptResult,
  ReadResourceResult,
} from "../context/component-calls.ts";
import type { StepMemo } from "../context/steps.ts";
import type { Dispatcher } from "../dispatch/dispatcher.ts";
import { isA, RequestError } from "../dispatch/failures.ts";
import type { DispatchRequest, InputRequiredResult } from "../dispatch/invoke.ts";
import { MethodicError, ToolError } from "../errors.ts";
import { NotJsonError, toPlainJson } from "../json-schema/to-json.ts";
import { showValue } from "../util/check-options.ts";
import { hashText } from "../util/hash.ts";
import { MISSING_CAPABILITY } from "../util/json-rpc.ts";
import { isRecord } from "../util/record.ts";
import { quote } from "../util/text.ts";
import type { RequestState } from "./request-state.ts";

// Components that call each other would otherwise never end.
const MAX_DEPTH = 16;

/** The call of a component by another. */
export interface InnerCall {
  readonly scope: string;
  readonly depth: number;
}

interface ScopedCallsDeps extends InnerCall {
  readonly signal: AbortSignal;
  readonly dispatcher: Dispatcher;
  readonly state: RequestState;
}

/**
 * Calls components for a method, as its caller would. On 2026-07-28 both run again after each
 * answer, so the questions and steps of each call have a scope of their own in the state of the
 * request: the component and its arguments, so that an answer for some is not used for others.
 */
export class ScopedCalls implements ComponentCalls {
  readonly #deps: ScopedCallsDeps;
  readonly #openRequest: (call: InnerCall) => DispatchRequest;

  constructor(deps: ScopedCallsDeps, openRequest: (call: InnerCall) => DispatchRequest) {
    this.#deps = deps;
    this.#openRequest = openRequest;
  }

  callTool(name: string, args: CallArguments | undefined): Promise<CallToolResult> {
    const call = { name: readName("callTool", name), arguments: readArguments("callTool", args) };
    return this.#run("tool", call, (dispatcher, request) => dispatcher.callTool(call, request));
  }

  readResource(uri: string): Promise<ReadResourceResult> {
    const call = { uri: readName("readResource", uri) };
    return this.#run("resource", call, (dispatcher, request) => dispatcher.readResource(call, request));
  }

  getPrompt(name: string, args: CallArguments | undefined): Promise<GetPromptResult> {
    const call = { name: readName("getPrompt", name), arguments: readArguments("getPrompt", args) };
    return this.#run("prompt", call, (dispatcher, request) => dispatcher.getPrompt(call, request));
  }

  async #run<T>(
    kind: string,
    call: object,
    send: (dispatcher: Dispatcher, request: DispatchRequest) => Promise<T | InputRequiredResult>,
  ): Promise<T> {
    const { signal, dispatcher, depth } = this.#deps;
    signal.throwIfAborted();
    if (depth >= MAX_DEPTH) throw createDepthError(call);
    try {
      // Its own requests for input are refused.
      return (await send(dispatcher, this.#openRequest(this.#createScope(kind, call)))) as T;
    } catch (error) {
      // Not an error of the outer request, but the protocol has one for a missing capability.
      if (isA(RequestError, error) && error.code !== MISSING_CAPABILITY)
        throw new ToolError(error.message, { cause: error });
      throw error;
    }
  }

  #createScope(kind: string, call: object): InnerCall {
    const { scope, depth, state } = this.#deps;
    const name = `${scope}${kind}-${hashText(JSON.stringify(call))}`;
    const count = state.countName(name);
    return { scope: count === 1 ? `${name}/` : `${name}-${count}/`, depth: depth + 1 };
  }
}

/** Keeps the results of a call's steps apart from those of others. */
export function scopeSteps(memo: StepMemo, scope: string): StepMemo {
  return {
    recall: (key) => memo.recall(scope + key),
    keep: (key, perform) => memo.keep(scope + key, perform),
    grow: (size) => memo.grow(size),
  };
}

/** Creates the error of a method that another one calls, and that returns a request for input. */
export function createInnerInputError(): ToolError {
  return new ToolError(
    "Another method has called this one, so it cannot ask with inputRequired(…) of methodic/sdk. Ask with ctx.elicit.",
  );
}

function readName(method: keyof ComponentCalls, name: unknown): string {
  if (typeof name === "string") return name;
  const what = method === "readResource" ? "URI" : "name";
  throw createError(`ctx.${method}: invalid ${what}: ${showValue(name)}. Pass a string.`);
}

/** Turns arguments into the JSON that a client would send. */
function readArguments(method: keyof ComponentCalls, args: unknown): unknown {
  if (args === undefined) return undefined;
  if (!isRecord(args))
    throw createError(`ctx.${method}: invalid arguments: ${showValue(args)}. Pass an object of arguments by name.`);
  try {
    return toPlainJson(args);
  } catch (error) {
    if (!isA(NotJsonError, error)) throw error;
    // The error is worded for the result of a method.
    const [, value = error.message] = /^the result has (.*), which has no JSON form\./.exec(error.message) ?? [];
    throw createError(`ctx.${method}: the arguments are not JSON: ${value}. Pass plain data.`);
  }
}

function createDepthError(call: object): MethodicError {
  const { name, uri } = call as { readonly name?: string; readonly uri?: string };
  return new MethodicError(
    "CALLS_TOO_DEEP",
    `${quote(name ?? uri ?? "")} would be called ${MAX_DEPTH + 1} calls deep. Methods may call each other ` +
      `${MAX_DEPTH} deep. Look for two that call each other without end.`,
  );
}

function createError(message: string): MethodicError {
  return new MethodicError("INVALID_ARGUMENT", message);
}
