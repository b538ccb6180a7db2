/** What a {@link LineReader} tells. */
export interface LineSink {
  line(text: string): void;
  /** A line beyond the limit was skipped; its first and last characters are what is left of it. */
  tooLong(head: string, tail: string): void;
}

const NEWLINE = 0x0a;
// Enough to find a JSON-RPC id before or after the parameters.
const KEPT = 256;

/** Cuts a stream of bytes into lines, holding no more than `limit` bytes of a line. */
export class LineReader {
  readonly #sink: LineSink;
  readonly #limit: number;
  #chunks: Uint8Array[] = [];
  #length = 0;
  /** The first characters of the line that is being skipped. */
  #skipping: string | undefined;

  constructor(sink: LineSink, limit: number) {
    this.#sink = sink;
    this.#limit = limit;
  }

  /** Takes the next bytes. */
  push(bytes: Uint8Array): void {
    let rest = bytes;
    for (let at = rest.indexOf(NEWLINE); at !== -1; at = rest.indexOf(NEWLINE)) {
      this.#append(rest.subarray(0, at));
      this.#finishLine();
      rest = rest.subarray(at + 1);
    }
    this.#append(rest);
  }

  /** Takes the end of the stream: what is left is a line without a line end. */
  end(): void {
    if (this.#length > 0 || this.#skipping !== undefined) this.#finishLine();
  }

  #append(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.#chunks.push(bytes);
    this.#length += bytes.length;
    if (this.#length <= this.#limit) return;
    const joined = this.#join();
    this.#skipping ??= decode(joined.subarray(0, KEPT));
    const tail = joined.slice(-KEPT);
    this.#chunks = [tail];
    this.#length = tail.length;
  }

  #finishLine(): void {
    const text = decode(this.#join());
    const head = this.#skipping;
    this.#chunks = [];
    this.#length = 0;
    this.#skipping = undefined;
    if (head === undefined) this.#sink.line(text.endsWith("\r") ? text.slice(0, -1) : text);
    else this.#sink.tooLong(head, text.slice(-KEPT));
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

function decode(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
