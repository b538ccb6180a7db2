import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { PendingAnswers } from "./pending-answers.ts";
import { type Message, StdioChild } from "./stdio-child.ts";

const MODERN = "2026-07-28";
const VERSION_KEY = "io.modelcontextprotocol/protocolVersion";

/** Serves processes that speak over stdio to the suite, which speaks over HTTP. Returns the URL. */
export async function listenOverStdio(): Promise<string> {
  const bridge = new StdioBridge();
  const listener = createServer((request, response) => void bridge.answer(request, response));
  await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve));
  process.once("exit", () => bridge.close());
  return `http://127.0.0.1:${(listener.address() as AddressInfo).port}/mcp`;
}

/** A process with one client, and the responses that wait for it. */
class Connection {
  readonly pending: PendingAnswers = new PendingAnswers();
  readonly #child: StdioChild = new StdioChild((message) => this.pending.deliver(message));

  /** Sends a request; the process may use its ID only once at a time, so it gets another. */
  request(message: Message, response: ServerResponse): void {
    const id = this.pending.add(message, response, () => {
      this.#child.send({ jsonrpc: "2.0", method: "notifications/cancelled", params: { requestId: id } });
    });
    this.#child.send({ ...message, id });
  }

  send(message: Message): void {
    this.#child.send(message);
  }

  close(): void {
    this.#child.close();
  }
}

class StdioBridge {
  /** One process for all requests of 2026-07-28, which has no sessions. */
  #modern: Connection | undefined;
  readonly #sessions = new Map<string, Connection>();

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const session = request.headers["mcp-session-id"];
    if (request.method === "POST") {
      const message = await readMessage(request);
      if (message === undefined) return refuse(response, 400, { code: -32700, message: "Parse error" });
      const [header, named] = [request.headers["mcp-protocol-version"], revisionOf(message)];
      if (named === undefined && header !== MODERN) return this.#post(message, session, response);
      // The header does not reach the process.
      if (named !== undefined && named !== header)
        return refuse(response, 400, { code: -32020, message: `Header mismatch: ${header} and ${named}` });
      return this.#answerModern(message, response);
    }
    const connection = this.#sessions.get(String(session));
    if (!connection) return refuse(response, session === undefined ? 405 : 404);
    if (request.method === "GET") return connection.pending.openStream(response);
    connection.close();
    this.#sessions.delete(String(session));
    response.writeHead(204).end();
  }

  close(): void {
    for (const connection of [this.#modern, ...this.#sessions.values()]) connection?.close();
  }

  #answerModern(message: Message, response: ServerResponse): void {
    this.#modern ??= openModern();
    if (message.id === undefined || message.method === undefined) {
      this.#modern.send(message);
      response.writeHead(202).end();
    } else this.#modern.request(message, response);
  }

  /** Handles a message of 2025-11-25, where each session is a process. */
  #post(message: Message, session: string | string[] | undefined, response: ServerResponse): void {
    const id = message.method === "initialize" ? randomUUID() : String(session);
    if (message.method === "initialize") this.#sessions.set(id, new Connection());
    const connection = this.#sessions.get(id);
    if (!connection) return refuse(response, session === undefined ? 400 : 404);
    response.setHeader("mcp-session-id", id);
    if (message.method !== undefined && message.id !== undefined) return connection.request(message, response);
    connection.send(message);
    response.writeHead(202).end();
  }
}

/** The first message decides on the era of a connection; the suite's may be any. */
function openModern(): Connection {
  const connection = new Connection();
  const _meta = { [VERSION_KEY]: MODERN, "io.modelcontextprotocol/clientCapabilities": {} };
  connection.send({ jsonrpc: "2.0", id: 0, method: "tools/list", params: { _meta } });
  return connection;
}

async function readMessage(request: IncomingMessage): Promise<Message | undefined> {
  let text = "";
  for await (const chunk of request.setEncoding("utf8")) text += chunk;
  try {
    return JSON.parse(text) as Message;
  } catch {
    return undefined;
  }
}

function revisionOf({ params }: Message): unknown {
  return (params?.["_meta"] as Record<string, unknown> | undefined)?.[VERSION_KEY];
}

function refuse(response: ServerResponse, status: number, error = { code: -32600, message: "Invalid request" }): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify({ jsonrpc: "2.0", id: null, error }));
}
