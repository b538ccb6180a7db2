import { reasonOf } from "../errors.ts";

// Every control character but tab and line feed.
// oxlint-disable-next-line no-control-regex
const CONTROL = /[\0-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]/g;

/**
 * Writes a line to the server's log: stderr, or the runtime's console. stdout belongs to the
 * protocol.
 */
export function writeLog(text: string): void {
  // Errors may quote client input, whose escape sequences must not reach the reader's terminal.
  const shown = text.replaceAll(CONTROL, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`);
  // oxlint-disable-next-line no-console
  console.error(shown);
}

/** Returns the stack trace of a thrown value, or its message if it has none. */
export function stackOf(thrown: unknown): string {
  return (thrown instanceof Error ? thrown.stack : undefined) ?? reasonOf(thrown);
}
