import { reasonOf } from "../errors.ts";
import { cutText } from "./text.ts";

// Every control character but tab, the other line ends, and the marks that reorder text.
// oxlint-disable-next-line no-control-regex
const CONTROL = /[\0-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029\p{Bidi_Control}]/gu;
const STACK_FRAME = /\n\s+at /g;
// A text may quote a whole document that a client has sent.
const MAX_LENGTH = 8192;

/**
 * Writes one line to the server's log: stderr, or the runtime's console. stdout belongs to the
 * protocol.
 */
export function writeLog(text: string): void {
  // Cut before it is escaped, and again, because escaping makes it longer.
  const start = escapeLine(text.slice(0, MAX_LENGTH));
  // oxlint-disable-next-line no-console
  console.error(cutText(start, MAX_LENGTH, text.length));
}

/**
 * Joins the lines of a stack trace and escapes what else could end the line: errors may quote
 * client input, which must not forge events or reach the reader's terminal as escape sequences.
 */
function escapeLine(text: string): string {
  return text
    .replaceAll(STACK_FRAME, " at ")
    .replaceAll(CONTROL, (char) => (char === "\n" ? "\\n" : `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`));
}

/** Returns the stack trace of a thrown value, or its message if it has none. */
export function stackOf(thrown: unknown): string {
  try {
    const stack: unknown = thrown instanceof Error ? thrown.stack : undefined;
    if (typeof stack === "string") return stack;
  } catch {
    // A proxy or a getter that throws instead of answering.
  }
  return reasonOf(thrown);
}
