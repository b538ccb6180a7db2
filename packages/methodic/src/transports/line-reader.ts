/** Receives the lines of a {@link LineReader}. */
export interface LineSink {
  line(text: string): void;
  /** Receives the first and the last characters of a line that exceeds the limit. */
  tooLong(head: string, tail: string): void;
}

const NEWLINE = 0x0a;
// Enough for a JSON-RPC id before or after the parameters.
const KEPT_BYTES = 256;

/** Splits a stream of bytes into lines, and keeps at most `limit` bytes of a line. */
export class LineReader {
  readonly #sink: LineSink;
  readonly #limit: number;
  #chunks: Uint8Array[] = [];
  #length = 0;
  /** The first characters of a line that exceeds the limit and is being skipped. */
  #skipping: string | undefined;

  constructor(sink: LineSink, limit: number) {
    this.#sink = sink;
    this.#limit = limit;
  }

  /** Reads the next bytes. */
  push(bytes: Uint8Array): void {
    let rest = bytes;
    for (let at = rest.indexOf(NEWLINE); at !== -1; at = rest.indexOf(NEWLINE)) {
      this.#append(rest.subarray(0, at));
      this.#finishLine();
      rest = rest.subarray(at + 1);
    }
    this.#append(rest);
  }

  /** Reads the end of the stream. The rest is a line without a line break. */
  end(): void {
    if (this.#length > 0 || this.#skipping !== undefined) this.#finishLine();
  }

  #append(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.#chunks.push(bytes);
    this.#length += bytes.length;
    if (this.#length <= this.#limit) return;
    const joined = this.#join();
    this.#skipping ??= decodeLine(joined.subarray(0, KEPT_BYTES));
    const tail = joined.slice(-KEPT_BYTES);
    this.#chunks = [tail];
    this.#length = tail.length;
  }

  #finishLine(): void {
    const text = decodeLine(this.#join());
    const head = this.#skipping;
    this.#chunks = [];
    this.#length = 0;
    this.#skipping = undefined;
    if (head === undefined) this.#sink.line(text.endsWith("\r") ? text.slice(0, -1) : text);
    else this.#sink.tooLong(head, text.slice(-KEPT_BYTES));
  }

  #join(): Uint8Array {
    const [only, ...others] = this.#chunks;
    if (only && others.length === 0) return only;
    const joined = new Uint8Array(this.#length);
    let at = 0;
    for (const chunk of this.#chunks) {
      joined.set(chunk, at);
      at += chunk.length;
    }
    return joined;
  }
}

function decodeLine(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
