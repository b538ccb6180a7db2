import { InputRequiredError } from "../context/input-required.ts";
import { PromptError, ResourceError, ToolError } from "../errors.ts";
import { INTERNAL_ERROR, RESOURCE_NOT_FOUND } from "../util/json-rpc.ts";
import type { TextContent } from "./content.ts";

/** A failure that the protocol reports as an error of the request, not as a result. */
export class RequestError extends Error {
  override readonly name: string = "RequestError";
  readonly code: number;
  readonly data: { readonly [key: string]: string } | undefined;

  constructor(code: number, message: string, data?: { readonly [key: string]: string }) {
    super(message);
    this.code = code;
    this.data = data;
  }
}

/** A result that says the call failed. */
export interface ErrorResult {
  readonly content: readonly TextContent[];
  readonly isError: true;
}

/** How failures are told to clients and to whoever runs the server. */
export interface FailurePolicy {
  /** Keep unexpected messages from clients. */
  readonly maskErrors: boolean;
  /** Writes to the server's log (stderr). */
  readonly report: (text: string) => void;
}

// A thrown message may hold a whole document; neither a model nor a log is helped by more than this.
const MAX_MESSAGE = 4000;

/** Makes the result of a failed tool call. */
export function errorResult(text: string): ErrorResult {
  return { content: [{ type: "text", text }], isError: true };
}

/** Turns what a tool threw into a result: a ToolError word for word, anything else as its message or, masked, as an id of the log. */
export function toolFailure(thrown: unknown, name: string, policy: FailurePolicy): ErrorResult {
  passThrough(thrown);
  if (isToolError(thrown)) return errorResult(messageOf(thrown) || `Tool ${name} failed.`);
  return errorResult(describeUnexpected(thrown, `Tool ${name}`, policy));
}

/** Turns what a resource threw into the protocol's error for it. */
export function resourceFailure(thrown: unknown, uri: string, policy: FailurePolicy): RequestError {
  passThrough(thrown);
  if (isA(RequestError, thrown)) return thrown;
  if (isResourceError(thrown))
    return new RequestError(thrown.notFound ? RESOURCE_NOT_FOUND : INTERNAL_ERROR, messageOf(thrown), { uri });
  if (isToolError(thrown)) return new RequestError(INTERNAL_ERROR, messageOf(thrown), { uri });
  return new RequestError(INTERNAL_ERROR, describeUnexpected(thrown, `Resource ${uri}`, policy), { uri });
}

/** Turns what a prompt threw into the protocol's error for it. */
export function promptFailure(thrown: unknown, name: string, policy: FailurePolicy): RequestError {
  passThrough(thrown);
  if (isA(RequestError, thrown)) return thrown;
  if (isPromptError(thrown) || isToolError(thrown)) return new RequestError(INTERNAL_ERROR, messageOf(thrown));
  return new RequestError(INTERNAL_ERROR, describeUnexpected(thrown, `Prompt ${name}`, policy));
}

/** Logs a result that is the server's own mistake, and returns what the client may know of it. */
export function reportInvalidResult(what: string, problem: string, policy: FailurePolicy): string {
  const id = newId();
  policy.report(`methodic: [${id}] ${what} returned something that cannot be sent: ${problem}`);
  return `${what} failed: the server made an invalid result (error ${id} in its log).`;
}

/** Waiting for a user is no failure: the protocol layer asks, and runs the method again. */
function passThrough(thrown: unknown): void {
  if (isA(InputRequiredError, thrown)) throw thrown;
}

function describeUnexpected(thrown: unknown, what: string, { maskErrors, report }: FailurePolicy): string {
  const id = newId();
  report(`methodic: [${id}] ${what} failed: ${shorten(stackOf(thrown))}`);
  if (maskErrors) return `${what} failed (error ${id} in the server's log).`;
  const message = messageOf(thrown);
  return message.trim() === "" ? `${what} failed.` : message;
}

function newId(): string {
  return crypto.randomUUID().slice(0, 8);
}

/** `instanceof` for something that author code threw: a proxy may throw instead of answering. */
export function isA<T>(errorClass: new (...args: never[]) => T, thrown: unknown): thrown is T {
  try {
    return thrown instanceof errorClass;
  } catch {
    return false;
  }
}

function nameOf(thrown: unknown): string {
  return guarded(() => (thrown instanceof Error ? thrown.name : ""));
}

// By name as well, for an error class of another copy of this package.
function isToolError(thrown: unknown): thrown is ToolError {
  return isA(ToolError, thrown) || nameOf(thrown) === "ToolError";
}

function isResourceError(thrown: unknown): thrown is ResourceError {
  return isA(ResourceError, thrown) || nameOf(thrown) === "ResourceError";
}

function isPromptError(thrown: unknown): thrown is PromptError {
  return isA(PromptError, thrown) || nameOf(thrown) === "PromptError";
}

function messageOf(thrown: unknown): string {
  return shorten(guarded(() => (hasMessage(thrown) ? thrown.message : textOf(thrown))));
}

/** "fetch failed" alone helps nobody: what the log needs stands in the causes. A bound, because causes may go in circles. */
const MAX_CAUSES = 5;

function stackOf(thrown: unknown): string {
  const texts: string[] = [];
  for (let error = thrown; error !== undefined && texts.length <= MAX_CAUSES; error = causeOf(error)) {
    const stack = guarded(() => (error instanceof Error && typeof error.stack === "string" ? error.stack : ""));
    texts.push(stack === "" ? messageOf(error) : stack);
  }
  return texts.join("\ncaused by: ");
}

function causeOf(error: unknown): unknown {
  try {
    if (!(error instanceof Error)) return undefined;
    // An AggregateError stands for all its errors; the first one shows what they are about.
    return error.cause ?? (error as { readonly errors?: readonly unknown[] }).errors?.[0];
  } catch {
    return undefined;
  }
}

function hasMessage(thrown: unknown): thrown is { readonly message: string } {
  return (
    typeof thrown === "object" &&
    thrown !== null &&
    typeof (thrown as { readonly message?: unknown }).message === "string"
  );
}

function textOf(thrown: unknown): string {
  // "[object Object]" and "undefined" say nothing, and serializing an unknown object could take forever or reveal too much.
  return thrown === undefined || typeof thrown === "object" || typeof thrown === "function" ? "" : String(thrown);
}

/** Reads of something that author code threw: a getter may throw again. */
function guarded(read: () => string): string {
  try {
    return read();
  } catch {
    return "";
  }
}

function shorten(text: string): string {
  return text.length > MAX_MESSAGE
    ? `${text.slice(0, MAX_MESSAGE)}… (${text.length - MAX_MESSAGE} more characters)`
    : text;
}
