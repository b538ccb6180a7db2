// All but line ends and tabs.
// oxlint-disable-next-line no-control-regex
const CONTROL = /[\0-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]/g;

/** Writes a line to the server's log: stderr, or what the runtime has for it. stdout belongs to the protocol. */
export function writeLog(text: string): void {
  // What a client has sent may be in the message of an error, and must not steer the terminal of whoever reads it.
  const shown = text.replaceAll(CONTROL, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`);
  // oxlint-disable-next-line no-console
  console.error(shown);
}
