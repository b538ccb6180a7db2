import { cutText } from "./text.ts";
import { explainThrown } from "./thrown.ts";

// Every control character but tab, the other line ends, and the marks that reorder text.
// oxlint-disable-next-line no-control-regex
const CONTROL = /[\0-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029\p{Bidi_Control}]/gu;
const STACK_FRAME = /\n\s+at /g;
// A text may quote a whole document that a client has sent.
const MAX_LENGTH = 8192;

/** The named values of a log entry. */
export interface LogFields {
  readonly [name: string]: unknown;
}

/** Details of a line, which a structured logger keeps apart from its text. */
export interface LogDetails {
  /** Default `error`. */
  readonly level?: "warn" | "error";
  /** The value that was thrown. Its stack trace follows the text. */
  readonly error?: unknown;
  /** Values that the text has as well. */
  readonly fields?: LogFields;
}

/** Writes a line of the server to its log. */
export type WriteLog = (text: string, details?: LogDetails) => void;

/**
 * Writes one line to the log of a server without a logger: stderr, or the runtime's console. stdout
 * belongs to the protocol.
 */
export const writeLog: WriteLog = (text, details = {}) => {
  const end = text.endsWith(".") ? " " : ": ";
  const line = "error" in details ? text + end + explainThrown(details.error) : text;
  // Cut before it is escaped, and again, because escaping makes it longer.
  const start = escapeLine(line.slice(0, MAX_LENGTH));
  // oxlint-disable-next-line no-console
  console.error(cutText(start, MAX_LENGTH, line.length));
};

/**
 * Joins the lines of a stack trace and escapes what else could end the line: errors may quote
 * client input, which must not forge events or reach the reader's terminal as escape sequences.
 */
function escapeLine(text: string): string {
  return text
    .replaceAll(STACK_FRAME, " at ")
    .replaceAll(CONTROL, (char) => (char === "\n" ? "\\n" : `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`));
}
