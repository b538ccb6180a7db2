import { describeCall } from "../context/server-log.ts";
import type { Component } from "../registry/component.ts";
import type { CompletionMethod } from "../registry/completions.ts";
import { isRecord } from "../util/record.ts";
import { markAllHandled } from "../util/handled.ts";
import { describeThrown, InvalidResultError, logFailure } from "./failures.ts";
import type { DispatchDeps, DispatchRequest } from "./invoke.ts";
import { runHelper } from "./run-helper.ts";

/**
 * The parameters of `completion/complete`: an argument of a prompt, or a variable of a resource
 * template.
 */
export interface CompletionRequest {
  readonly ref:
    | { readonly type: "ref/prompt"; readonly name: string }
    | { readonly type: "ref/resource"; readonly uri: string };
  readonly argument: { readonly name: string; readonly value: string };
  /** The version that the request's metadata asks for. */
  readonly version?: string | undefined;
  /** The values that the user chose already. */
  readonly context?: { readonly arguments?: { readonly [name: string]: unknown } };
}

/** The result of `completion/complete`. */
export interface CompleteResult {
  readonly completion: { readonly values: readonly string[]; readonly total?: number; readonly hasMore?: boolean };
}

// MCP: "Must not exceed 100 items".
const MAX_VALUES = 100;

/** A completion that a method answers. */
interface MethodCompletion {
  readonly method: CompletionMethod;
  readonly component: Component;
  readonly completion: CompletionRequest;
  readonly request: DispatchRequest;
}

/**
 * Completes an argument with the values that a method returns. A failure is logged, and the client
 * gets no values: an error would interrupt the user, who is typing.
 */
export async function completeByMethod(deps: DispatchDeps, call: MethodCompletion): Promise<CompleteResult> {
  const { method, component, completion, request } = call;
  const { value: typed } = completion.argument;
  const { service, methodName, contextIndex } = method;
  try {
    const helper = { service, methodName, component, request, what: "completion" } as const;
    const returned = await runHelper(deps, helper, (context) => {
      const args: unknown[] = [typed, readChosen(completion)];
      args.splice(contextIndex, 0, context);
      return args;
    });
    return Array.isArray(returned) ? offer(readTexts(returned), typed) : readResult(returned);
  } catch (error) {
    markAllHandled(error);
    if (request.signal.aborted) throw error;
    const text = `Completing '${completion.argument.name}' (${method.where}) failed: ${describeThrown(error)}`;
    logFailure(text, deps.failures, { fields: describeCall(component.id, request) });
    return offer([], typed);
  }
}

/** Offers the values that start with the text typed so far, each once. */
export function offer(candidates: readonly string[], typed: string): CompleteResult {
  const start = typed.toLowerCase();
  const found = [...new Set(candidates)].filter((value) => value.toLowerCase().startsWith(start));
  const values = found.slice(0, MAX_VALUES);
  return { completion: { values, total: found.length, hasMore: found.length > values.length } };
}

/** Returns the arguments that the user chose before. Clients send `""` for the others. */
export function readChosen({ argument, context }: CompletionRequest): { readonly [name: string]: string } {
  const entries = Object.entries(context?.arguments ?? {});
  return Object.fromEntries(
    entries.filter(
      (entry): entry is [string, string] =>
        entry[0] !== argument.name && typeof entry[1] === "string" && entry[1] !== "",
    ),
  );
}

/** Reads `{ values, total, hasMore }`, which the author has filtered. */
function readResult(returned: unknown): CompleteResult {
  const { values: given, total, hasMore } = isRecord(returned) ? returned : {};
  if (!Array.isArray(given)) throw new InvalidResultError("expected an array of strings, or { values }");
  const texts = readTexts(given);
  const values = texts.slice(0, MAX_VALUES);
  const isCut = texts.length > values.length;
  const count = isCount(total) ? total : isCut ? texts.length : undefined;
  const more =
    isCut || (typeof hasMore === "boolean" ? hasMore : count === undefined ? undefined : count > values.length);
  return {
    completion: { values, ...(count !== undefined && { total: count }), ...(more !== undefined && { hasMore: more }) },
  };
}

function isCount(total: unknown): total is number {
  return typeof total === "number" && Number.isSafeInteger(total) && total >= 0;
}

function readTexts(values: readonly unknown[]): readonly string[] {
  return values.map((value) => {
    if (typeof value === "string") return value;
    if (typeof value === "number" || typeof value === "bigint" || typeof value === "boolean") return String(value);
    const received = value === null ? "null" : typeof value;
    throw new InvalidResultError(`expected an array of strings, received ${received} in it`);
  });
}
