// An HTTP connection at the level of bytes: it matches answers to requests in order and records
// unexpected bytes.
import { once } from "node:events";
import { connect } from "node:net";

/** An answer that is being received. */
class Answer {
  head;
  body = "";
  isComplete = false;
  isOver = false;
  #waiting = [];

  /**
   * Waits until the answer is complete, a condition holds, or the connection is gone. Returns
   * itself.
   */
  async until(condition = () => false) {
    while (!this.isOver && !condition(this)) await new Promise((resolve) => this.#waiting.push(resolve));
    return this;
  }

  /** The body, decoded as UTF-8. */
  get text() {
    return Buffer.from(this.body, "latin1").toString();
  }

  wake() {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}

export class RawClient {
  socket;
  isClosed = false;
  /** Bytes received while no request awaits an answer. */
  unasked = "";
  #answers = [];
  #rest = "";

  static async open(port) {
    const socket = connect(port, "127.0.0.1");
    await once(socket, "connect");
    return new RawClient(socket);
  }

  constructor(socket) {
    this.socket = socket;
    socket.setNoDelay(true).setEncoding("latin1");
    socket.on("data", (text) => {
      this.#rest += text;
      while (this.#advance());
      this.#answers[0]?.wake();
    });
    socket.on("error", () => undefined);
    socket.on("close", () => {
      this.isClosed = true;
      for (const answer of this.#answers.splice(0)) this.#end(answer);
    });
  }

  /** Sends a request; returns its answer, which is still to be received. */
  request(method, path, { headers = {}, body }) {
    const all = { Host: "localhost", ...headers };
    if (body !== undefined) all["Content-Length"] = Buffer.byteLength(body);
    const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
    return this.send(`${method} ${path} HTTP/1.1\r\n${lines.join("")}\r\n${body ?? ""}`);
  }

  /** Sends bytes, and expects one answer to them. */
  send(bytes) {
    const answer = new Answer();
    if (this.isClosed) this.#end(answer);
    else this.#answers.push(answer);
    this.socket.write(bytes);
    return answer;
  }

  /** Closes the connection, in an orderly way or with a reset. */
  close(isAbrupt = false) {
    if (isAbrupt) this.socket.resetAndDestroy();
    else this.socket.destroy();
  }

  #advance() {
    if (this.#rest === "") return false;
    const [answer] = this.#answers;
    if (!answer) {
      this.unasked += this.#rest;
      this.#rest = "";
      return false;
    }
    return answer.head ? this.#takeBody(answer) : this.#takeHead(answer);
  }

  #takeHead(answer) {
    const end = this.#rest.indexOf("\r\n\r\n");
    if (end < 0) return false;
    const [line, ...fields] = this.#rest.slice(0, end).split("\r\n");
    this.#rest = this.#rest.slice(end + 4);
    const status = Number(line.split(" ")[1]);
    if (status === 100) return true;
    const headers = Object.fromEntries(
      fields.map((field) => [field.slice(0, field.indexOf(":")).toLowerCase(), field.slice(field.indexOf(":") + 2)]),
    );
    const isChunked = headers["transfer-encoding"] === "chunked";
    answer.head = { status, headers, isChunked, left: isChunked ? 0 : Number(headers["content-length"] ?? 0) };
    if (!isChunked && answer.head.left === 0) this.#complete(answer);
    return true;
  }

  #takeBody(answer) {
    const { head } = answer;
    if (head.left > 0) {
      const part = this.#rest.slice(0, head.left);
      answer.body += part;
      head.left -= part.length;
      this.#rest = this.#rest.slice(part.length);
      if (head.left === 0 && !head.isChunked) this.#complete(answer);
      return true;
    }
    // The end of the last chunk, and the size of the next.
    const [all, size] = /^(?:\r\n)?([\da-f]+)\r\n/i.exec(this.#rest) ?? [];
    if (size === undefined) return false;
    if (Number.parseInt(size, 16) > 0) {
      this.#rest = this.#rest.slice(all.length);
      head.left = Number.parseInt(size, 16);
      return true;
    }
    if (this.#rest.length < all.length + 2) return false;
    this.#rest = this.#rest.slice(all.length + 2);
    this.#complete(answer);
    return true;
  }

  #complete(answer) {
    answer.isComplete = true;
    this.#answers.shift();
    this.#end(answer);
  }

  #end(answer) {
    answer.isOver = true;
    answer.wake();
  }
}
