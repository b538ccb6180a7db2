/** Writes a line to the server's log: stderr, or what the runtime has for it. stdout belongs to the protocol. */
export function writeLog(text: string): void {
  // oxlint-disable-next-line no-console
  console.error(text);
}
