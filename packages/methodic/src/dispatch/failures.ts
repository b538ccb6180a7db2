import {
  InputRequiredError,
  LargeAnswersError,
  MissingCapabilityError,
  NoSessionError,
} from "../context/question-errors.ts";
import { PromptError, ResourceError, ToolError } from "../errors.ts";
import { markAllHandled } from "../util/handled.ts";
import { INTERNAL_ERROR, MISSING_CAPABILITY, RESOURCE_NOT_FOUND } from "../util/json-rpc.ts";
import { cutText } from "../util/text.ts";

/** A failure that the protocol layer reports as a JSON-RPC error. */
export class RequestError extends Error {
  override readonly name: string = "RequestError";
  readonly code: number;
  readonly data: { readonly [key: string]: string | object } | undefined;

  constructor(code: number, message: string, data?: { readonly [key: string]: string | object }) {
    super(message);
    this.code = code;
    this.data = data;
  }
}

/**
 * Thrown if a method returns a value that its type forbids or JSON cannot hold. Only the server's
 * author can fix that, so the details go to the log.
 */
export class InvalidResultError extends Error {
  override readonly name: string = "InvalidResultError";
}

/** Thrown if a result has more JSON than a string can hold, so that no transport could send it. */
export class ResultTooLargeError extends InvalidResultError {
  constructor(options?: { readonly cause?: unknown }) {
    super("it is too large, or nested too deeply. Return a part of it, or a resourceLink(…) to it", options);
  }
}

/** Decides how much of a failure clients see, and where the rest goes. */
export interface FailurePolicy {
  /** Hides the messages of unexpected errors from clients. Default: over HTTP. */
  readonly maskErrors: boolean | undefined;
  /** Writes to the server's log. */
  readonly log: (text: string) => void;
}

/** The request that a failure policy decides about. */
export interface FailedRequest {
  readonly signal: AbortSignal;
  /** True if the request came over HTTP. */
  readonly isRemote: boolean;
}

/** The component whose method may fail. */
export interface FailureSubject {
  readonly kind: "tool" | "resource" | "prompt";
  /** The subject of messages: `Tool add_note`. */
  readonly label: string;
  /** The requested URI. It is part of the JSON-RPC error. */
  readonly uri?: string;
}

// A message may hold a whole document, which helps neither a model nor a reader of the log.
const MAX_MESSAGE = 4000;

// By name as well as by class: the author's program may load another copy of this package.
const EXPECTED = {
  tool: [[ToolError, "ToolError"]],
  resource: [
    [ResourceError, "ResourceError"],
    [ToolError, "ToolError"],
  ],
  prompt: [
    [PromptError, "PromptError"],
    [ToolError, "ToolError"],
  ],
} as const;

/**
 * Runs a component's method. An error that it throws is logged unless it is expected, and becomes
 * the client's error.
 * @throws RequestError
 * @throws InputRequiredError unchanged: the protocol layer asks the user and runs the method again
 */
export async function reportFailures<T>(
  subject: FailureSubject,
  { request, failures }: { readonly request: FailedRequest; readonly failures: FailurePolicy },
  run: () => Promise<T>,
): Promise<T> {
  try {
    return await run();
  } catch (error) {
    // A thrown promise, or promises in the properties of an error.
    markAllHandled(error);
    // Cancelled: no client waits for the answer, and the failure is not worth a line in the log.
    if (request.signal.aborted || isA(InputRequiredError, error)) throw error;
    const { maskErrors = request.isRemote, log } = failures;
    throw toRequestError(error, subject, { maskErrors, log });
  }
}

function toRequestError(thrown: unknown, subject: FailureSubject, policy: FailurePolicy): RequestError {
  if (isA(RequestError, thrown)) return thrown;
  const { kind, label, uri } = subject;
  const data = uri === undefined ? undefined : { uri };
  if (isA(InvalidResultError, thrown)) {
    const id = logFailure(`${label} returned an invalid result: ${thrown.message}`, policy);
    const problem = isA(ResultTooLargeError, thrown) ? "too large to be sent" : "invalid";
    const message = `${label} failed: its result is ${problem} (error ${id} in the server's log).`;
    return new RequestError(INTERNAL_ERROR, message, data);
  }
  const expected = EXPECTED[kind].some(([errorClass, name]) => isA(errorClass, thrown) || nameOf(thrown) === name);
  if (!expected) return new RequestError(INTERNAL_ERROR, describeUnexpected(thrown, label, policy), data);
  if (isA(MissingCapabilityError, thrown)) {
    const { requiredCapabilities } = thrown;
    return new RequestError(MISSING_CAPABILITY, thrown.message, { ...data, requiredCapabilities });
  }
  if (isA(NoSessionError, thrown) || isA(LargeAnswersError, thrown))
    policy.log(`methodic: ${label} failed: ${thrown.message}`);
  const isNotFound = kind === "resource" && readSafely(() => String((thrown as ResourceError).notFound)) === "true";
  return new RequestError(
    isNotFound ? RESOURCE_NOT_FOUND : INTERNAL_ERROR,
    messageOf(thrown) || `${label} failed.`,
    data,
  );
}

function describeUnexpected(thrown: unknown, label: string, policy: FailurePolicy): string {
  const id = logFailure(`${label} failed: ${explainThrown(thrown)}`, policy);
  if (policy.maskErrors) return `${label} failed (error ${id} in the server's log).`;
  const message = messageOf(thrown);
  return message.trim() === "" ? `${label} failed.` : message;
}

/** Describes an error of author code for the log. */
export function explainThrown(thrown: unknown): string {
  return isA(InvalidResultError, thrown) ? thrown.message : cutText(stackWithCauses(thrown), MAX_MESSAGE);
}

/** Logs a failure. Returns the id that links the client's error to the log. */
export function logFailure(text: string, policy: Pick<FailurePolicy, "log">): string {
  const id = crypto.randomUUID().slice(0, 8);
  policy.log(`methodic: [${id}] ${text}`);
  return id;
}

/**
 * Applies `instanceof` to a value that author code threw: a proxy may throw instead of answering.
 */
export function isA<T>(errorClass: new (...args: never[]) => T, thrown: unknown): thrown is T {
  try {
    return thrown instanceof errorClass;
  } catch {
    return false;
  }
}

function nameOf(thrown: unknown): string {
  return readSafely(() => (thrown instanceof Error ? thrown.name : ""));
}

function messageOf(thrown: unknown): string {
  return cutText(
    readSafely(() => (hasMessage(thrown) ? thrown.message : textOfPrimitive(thrown))),
    MAX_MESSAGE,
  );
}

// "fetch failed" alone explains nothing: the reason is in the causes, which may form a cycle.
const MAX_CAUSES = 5;

function stackWithCauses(thrown: unknown): string {
  const texts: string[] = [];
  for (let error = thrown; error !== undefined && texts.length <= MAX_CAUSES; error = causeOf(error)) {
    const stack = readSafely(() => (error instanceof Error && typeof error.stack === "string" ? error.stack : ""));
    texts.push(stack === "" ? messageOf(error) : stack);
  }
  return texts.join(" caused by: ");
}

function causeOf(error: unknown): unknown {
  try {
    if (!(error instanceof Error)) return undefined;
    // The first error of an AggregateError stands for the others.
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

function textOfPrimitive(thrown: unknown): string {
  // "[object Object]" says nothing, and serializing an unknown object may take forever or reveal
  // too much.
  return thrown === undefined || typeof thrown === "object" || typeof thrown === "function" ? "" : String(thrown);
}

/** Reads from a value that author code threw: its getters may throw again. */
function readSafely(read: () => string): string {
  try {
    // A getter may return another value than before.
    return String(read());
  } catch {
    return "";
  }
}
