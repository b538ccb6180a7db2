import type { ERROR_CODES } from "./error-codes.ts";

/** The code of a {@link MethodicError}. `docs/errors.md` lists the cause and fix of each. */
export type MethodicErrorCode = keyof typeof ERROR_CODES;

/**
 * A mistake in how Methodic is used: a class that was not compiled, two tools of one name, an option that cannot be.
 * Its message says what is wrong, where, with which value, and how to mend it. It never reaches an MCP client.
 */
export class MethodicError extends Error {
  override readonly name: string = "MethodicError";
  /** Why; one of a closed set, for code that has to tell errors apart. */
  readonly code: MethodicErrorCode;

  constructor(code: MethodicErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** Makes an error that is nobody's code to blame: Node prints one that nobody catches with its stack and the line that made it. */
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
 * Throw it from a tool to tell the model, word for word, why the call failed.
 * The client receives a result with `isError: true` and the message as text (MCP 2025-11-25, "Tool errors").
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
 * Throw it from a resource method to tell the client, word for word, why the resource cannot be read.
 * `notFound: true` (the default) answers with MCP's resource-not-found error, which carries the URI.
 */
export class ResourceError extends Error {
  override readonly name: string = "ResourceError";
  /** Whether the resource does not exist, as opposed to existing but failing to be read. */
  readonly notFound: boolean;

  constructor(message: string, options?: ErrorOptions & { readonly notFound?: boolean }) {
    super(message, options);
    this.notFound = options?.notFound ?? true;
  }
}

/** Throw it from a prompt method to tell the client, word for word, why the prompt cannot be made. */
export class PromptError extends Error {
  override readonly name: string = "PromptError";
}

/** What author code said when it threw, which can be anything. */
export function reasonOf(thrown: unknown): string {
  try {
    return thrown instanceof Error ? thrown.message : String(thrown);
  } catch {
    return "it threw something that has no text";
  }
}
