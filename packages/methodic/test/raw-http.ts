import { once } from "node:events";
import { connect, type Socket } from "node:net";

/** A connection on which a test writes every byte itself. */
export class RawConnection {
  readonly socket: Socket;
  /** Everything that has come back. */
  received = "";
  isClosed = false;
  #wake: () => void = () => undefined;

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.setEncoding("latin1").on("data", (text: string) => {
      this.received += text;
      this.#wake();
    });
    // A reset is one of the ways in which a server closes.
    socket.on("error", () => undefined);
    socket.on("close", () => {
      this.isClosed = true;
      this.#wake();
    });
  }

  static async open(port: number, host = "127.0.0.1"): Promise<RawConnection> {
    const socket = connect(port, host);
    await once(socket, "connect");
    return new RawConnection(socket);
  }

  send(text: string | Uint8Array): void {
    this.socket.write(text);
  }

  /** Sends a request with a Host header, and a length if there is a body. */
  request(method: string, target: string, { headers = {}, body }: RawRequest = {}): void {
    const all = {
      Host: "localhost",
      ...(body !== undefined && { "Content-Length": String(Buffer.byteLength(body)) }),
      ...headers,
    };
    const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
    this.send(`${method} ${target} HTTP/1.1\r\n${lines.join("")}\r\n${body ?? ""}`);
  }

  /** Waits until what has come back fulfils a condition, or the connection is closed. */
  async until(condition: (received: string) => boolean): Promise<string> {
    while (!this.isClosed && !condition(this.received)) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    return this.received;
  }

  /** Waits until so many answers are there in full; all must have a Content-Length. */
  async answers(count = 1): Promise<readonly RawAnswer[]> {
    await this.until(() => this.#parse().length >= count);
    return this.#parse();
  }

  closed(): Promise<string> {
    return this.until(() => false);
  }

  [Symbol.dispose](): void {
    this.socket.destroy();
  }

  #parse(): readonly RawAnswer[] {
    const answers: RawAnswer[] = [];
    for (let rest = this.received; ;) {
      const end = rest.indexOf("\r\n\r\n");
      if (end < 0) return answers;
      const [line = "", ...fields] = rest.slice(0, end).split("\r\n");
      const headers = Object.fromEntries(
        fields.map((field) => [field.slice(0, field.indexOf(":")).toLowerCase(), field.slice(field.indexOf(":") + 2)]),
      );
      const status = Number(line.split(" ")[1]);
      const length = status < 200 ? 0 : Number(headers["content-length"] ?? 0);
      if (rest.length < end + 4 + length) return answers;
      const body = Buffer.from(rest.slice(end + 4, end + 4 + length), "latin1").toString();
      answers.push({ status, headers, body });
      rest = rest.slice(end + 4 + length);
    }
  }
}

interface RawRequest {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** What came back. */
export interface RawAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}
