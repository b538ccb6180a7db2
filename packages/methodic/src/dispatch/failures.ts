import {
  InputRequiredError,
  LargeAnswersError,
  MissingCapabilityError,
  NoSessionError,
  UnknownCallerError,
} from "../context/question-errors.ts";
import { type ComponentId, describeCall, type LoggedRequest } from "../context/server-log.ts";
import { PromptError, ResourceError, ToolError } from "../errors.ts";
import { markAllHandled } from "../util/handled.ts";
import { INTERNAL_ERROR, MISSING_CAPABILITY, RESOURCE_NOT_FOUND } from "../util/json-rpc.ts";
import type { LogDetails, LogFields, WriteLog } from "../util/log.ts";
import { cutText } from "../util/text.ts";
import { explainThrown, messageOf, readSafely } from "../util/thrown.ts";

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
  readonly log: WriteLog;
}

/** The request that a failure policy decides about. */
export interface FailedRequest extends LoggedRequest {
  readonly signal: AbortSignal;
  /** True if the request came over HTTP. */
  readonly isRemote: boolean;
}

/** The component whose method may fail. */
export interface FailureSubject {
  readonly id: ComponentId;
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
    throw toRequestError(error, { subject, request }, { maskErrors, log });
  }
}

interface Failed {
  readonly subject: FailureSubject;
  readonly request: FailedRequest;
}

function toRequestError(thrown: unknown, failed: Failed, policy: FailurePolicy): RequestError {
  if (isA(RequestError, thrown)) return thrown;
  const { id: component, label, uri } = failed.subject;
  const { kind } = component;
  const fields = (): LogFields => describeCall(component, failed.request);
  const data = uri === undefined ? undefined : { uri };
  if (isA(InvalidResultError, thrown)) {
    const id = logFailure(`${label} returned an invalid result: ${thrown.message}`, policy, { fields: fields() });
    const problem = isA(ResultTooLargeError, thrown) ? "too large to be sent" : "invalid";
    const message = `${label} failed: its result is ${problem} (error ${id} in the server's log).`;
    return new RequestError(INTERNAL_ERROR, message, data);
  }
  const expected = EXPECTED[kind].some(([errorClass, name]) => isA(errorClass, thrown) || nameOf(thrown) === name);
  if (!expected) {
    const id = logFailure(`${label} failed`, policy, { error: thrown, fields: fields() });
    return new RequestError(INTERNAL_ERROR, describeUnexpected(thrown, { label, id }, policy), data);
  }
  if (isA(MissingCapabilityError, thrown)) {
    const { requiredCapabilities } = thrown;
    return new RequestError(MISSING_CAPABILITY, thrown.message, { ...data, requiredCapabilities });
  }
  if (isA(NoSessionError, thrown) || isA(UnknownCallerError, thrown) || isA(LargeAnswersError, thrown))
    policy.log(`methodic: ${label} failed: ${thrown.message}`, { fields: fields() });
  const isNotFound = kind === "resource" && readSafely(() => String((thrown as ResourceError).notFound)) === "true";
  return new RequestError(
    isNotFound ? RESOURCE_NOT_FOUND : INTERNAL_ERROR,
    readMessage(thrown) || `${label} failed.`,
    data,
  );
}

function describeUnexpected(
  thrown: unknown,
  { label, id }: { readonly label: string; readonly id: string },
  { maskErrors }: FailurePolicy,
): string {
  if (maskErrors) return `${label} failed (error ${id} in the server's log).`;
  const message = readMessage(thrown);
  return message.trim() === "" ? `${label} failed.` : message;
}

/** Describes an error of author code for the log. */
export function describeThrown(thrown: unknown): string {
  return isA(InvalidResultError, thrown) ? thrown.message : explainThrown(thrown);
}

/** Logs a failure. Returns the id that links the client's error to the log. */
export function logFailure(text: string, { log }: Pick<FailurePolicy, "log">, details: LogDetails = {}): string {
  const errorId = crypto.randomUUID().slice(0, 8);
  log(`methodic: [${errorId}] ${text}`, { ...details, fields: { ...details.fields, errorId } });
  return errorId;
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

function readMessage(thrown: unknown): string {
  return cutText(messageOf(thrown), MAX_MESSAGE);
}
