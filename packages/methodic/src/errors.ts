import type { ERROR_CODES } from "./error-codes.ts";

/** The code of a {@link MethodicError}. `docs/errors.md` lists the cause and fix of each. */
export type MethodicErrorCode = keyof typeof ERROR_CODES;

/**
 * A mistake in how Methodic is used, such as a class that was not compiled, two tools with the same
 * name, or an invalid option. The message names the problem, its place, the value and the fix. It
 * never reaches an MCP client.
 */
export class MethodicError extends Error {
  override readonly name: string = "MethodicError";
  /** The kind of mistake, for programs that handle specific errors. */
  readonly code: MethodicErrorCode;

  // Not `ErrorOptions`: the types of ES2021 and older, which authors may target, do not have it.
  constructor(code: MethodicErrorCode, message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}

/**
 * Creates an error without a stack trace, for problems outside the program's code, such as a
 * missing environment variable. Node prints an uncaught error with its stack and the line that
 * threw it, which would bury the message.
 */
export function withoutStack<T extends Error>(make: () => T): T {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    return make();
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

/**
 * Tells the model why a tool call failed. Throw it from a tool: the client receives a result with
 * `isError: true` and the message, verbatim, as text (MCP 2025-11-25, "Error Handling").
 *
 * @example
 * ```ts
 * import { tool, ToolError } from "methodic";
 *
 * class Notes {
 *   #notes = new Map<string, string>();
 *
 *   /** Get a note. *\/ @tool() getNote(name: string): string {
 *     const note = this.#notes.get(name);
 *     if (note === undefined) throw new ToolError(`Note '${name}' not found.`);
 *     return note;
 *   }
 * }
 * ```
 */
export class ToolError extends Error {
  override readonly name: string = "ToolError";
}

/**
 * Tells the client why a resource cannot be read. Throw it from a resource method: the client
 * receives the message verbatim. With `notFound: true` (the default) it receives MCP's
 * resource-not-found error, which carries the URI.
 */
export class ResourceError extends Error {
  override readonly name: string = "ResourceError";
  /** True if the resource does not exist; false if it exists but cannot be read. */
  readonly notFound: boolean;

  constructor(message: string, options?: { readonly cause?: unknown; readonly notFound?: boolean }) {
    super(message, options);
    this.notFound = options?.notFound ?? true;
  }
}

/**
 * Tells the client why a prompt cannot be built. Throw it from a prompt method: the client receives
 * the message verbatim.
 */
export class PromptError extends Error {
  override readonly name: string = "PromptError";
}

/** Returns a thrown value if it is an Error; wraps any other value in one. */
export function toError(thrown: unknown): Error {
  try {
    if (thrown instanceof Error && [thrown.name, thrown.message].every((text) => typeof text === "string"))
      return thrown;
  } catch {
    // A proxy or a getter that throws instead of answering.
  }
  return new Error(reasonOf(thrown));
}

/** Returns the message of a thrown value, which can be anything. */
export function reasonOf(thrown: unknown): string {
  try {
    // Node refuses a connection to `localhost` with an AggregateError without a message.
    if (thrown instanceof AggregateError && thrown.message === "" && thrown.errors.length > 0)
      return reasonOf(thrown.errors[0]);
    return String(thrown instanceof Error ? thrown.message : thrown);
  } catch {
    return "the thrown value has no text";
  }
}
