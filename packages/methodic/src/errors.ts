import type { ERROR_CODES } from "./error-codes.ts";

/** The code of a {@link MethodicError}. `docs/errors.md` lists the cause and fix of each. */
export type MethodicErrorCode = keyof typeof ERROR_CODES;

/**
 * A mistake in how Methodic is used, such as a class that was not compiled, two tools of one name,
 * or an invalid option. The message says what is wrong, where, with which value, and the fix. It
 * never reaches an MCP client.
 */
export class MethodicError extends Error {
  override readonly name: string = "MethodicError";
  /** The reason, from a closed set, for code that handles some errors. */
  readonly code: MethodicErrorCode;

  constructor(code: MethodicErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/**
 * Creates an error without a stack trace. For problems outside of the program's code, such as a
 * missing environment variable: Node prints an uncaught error with its stack and the line that
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
 * An error that tells the model, word for word, why a tool call failed. Throw it from a tool. The
 * client receives a result with `isError: true` and the message as text (MCP 2025-11-25, "Tool
 * errors").
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
 * An error that tells the client, word for word, why a resource cannot be read. Throw it from a
 * resource method. With `notFound: true` (the default) the client receives MCP's resource-not-found
 * error, which carries the URI.
 */
export class ResourceError extends Error {
  override readonly name: string = "ResourceError";
  /** True if the resource does not exist; false if it exists but cannot be read. */
  readonly notFound: boolean;

  constructor(message: string, options?: ErrorOptions & { readonly notFound?: boolean }) {
    super(message, options);
    this.notFound = options?.notFound ?? true;
  }
}

/**
 * An error that tells the client, word for word, why a prompt cannot be built. Throw it from a
 * prompt method.
 */
export class PromptError extends Error {
  override readonly name: string = "PromptError";
}

/** Returns the message of a thrown value, which can be anything. */
export function reasonOf(thrown: unknown): string {
  try {
    return thrown instanceof Error ? thrown.message : String(thrown);
  } catch {
    return "the thrown value has no text";
  }
}
