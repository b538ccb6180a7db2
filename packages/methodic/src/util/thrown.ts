import { cutText } from "./text.ts";

// A message may hold a whole document, which does not help the reader of a log.
const MAX_LENGTH = 4000;
// "fetch failed" alone explains nothing: the reason is in the causes, which may form a cycle.
const MAX_CAUSES = 5;

/** Describes a thrown value for the log: its stack trace, and those of its causes. */
export function explainThrown(thrown: unknown): string {
  const texts: string[] = [];
  let error = thrown;
  do {
    texts.push(stackOf(error));
    error = causeOf(error);
  } while (error !== undefined && texts.length <= MAX_CAUSES);
  return cutText(texts.join(" caused by: "), MAX_LENGTH);
}

/** Returns the cause of an error, or the first of several errors. */
export function causeOf(error: unknown): unknown {
  try {
    if (!(error instanceof Error)) return undefined;
    // The first error of an AggregateError stands for the others.
    return error.cause ?? (error as { readonly errors?: readonly unknown[] }).errors?.[0];
  } catch {
    return undefined;
  }
}

/** Returns the stack trace of a thrown value, or its message if it has none. */
function stackOf(thrown: unknown): string {
  try {
    const stack: unknown = thrown instanceof Error ? thrown.stack : undefined;
    if (typeof stack === "string" && stack !== "") return stack;
  } catch {
    // A proxy or a getter that throws instead of answering.
  }
  return messageOf(thrown) || `(${typeof thrown})`;
}

/** Returns the message of a value that author code threw; empty if it has none. */
export function messageOf(thrown: unknown): string {
  return readSafely(() => (hasMessage(thrown) ? thrown.message : textOfPrimitive(thrown)));
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
export function readSafely(read: () => string): string {
  try {
    // A getter may return another value than before.
    return String(read());
  } catch {
    return "";
  }
}
