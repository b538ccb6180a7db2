import type { ServerResponse } from "node:http";
import type { Message } from "./stdio-child.ts";

const SUBSCRIPTION_KEY = "io.modelcontextprotocol/subscriptionId";

/** A request that a process has not answered yet. */
interface PendingAnswer {
  readonly request: Message;
  readonly response: ServerResponse;
}

/** The statuses of errors that are about the request as such. */
const STATUSES: ReadonlyMap<number, number> = new Map([
  [-32601, 404],
  [-32600, 400],
  [-32602, 400],
  [-32020, 400],
  [-32021, 400],
  [-32022, 400],
]);

/**
 * Finds the HTTP response for each message of a process. Over stdio, messages about a request do
 * not name it, but for progress and subscriptions; they go to the response opened last.
 */
export class PendingAnswers {
  readonly #pending = new Map<number, PendingAnswer>();
  #stream: ServerResponse | undefined;
  #lastId = 0;

  /** Adds a request, and returns its ID for the process. */
  add(request: Message, response: ServerResponse, cancel: () => void): number {
    const id = ++this.#lastId;
    this.#pending.set(id, { request, response });
    response.on("close", () => {
      if (this.#pending.delete(id)) cancel();
    });
    return id;
  }

  /** Opens the stream for messages that are not about a request. */
  openStream(response: ServerResponse): void {
    openEvents(response);
    this.#stream = response;
    response.on("close", () => (this.#stream = undefined));
  }

  deliver(message: Message): void {
    if (message.method === undefined) return this.#end(message);
    const pending = this.#find(message);
    const response = pending?.response ?? this.#stream;
    if (response) writeEvent(response, withSubscription(message, pending?.request.id));
  }

  #end(message: Message): void {
    const id = Number(message.id);
    const pending = this.#pending.get(id);
    if (!pending) return;
    this.#pending.delete(id);
    const { request, response } = pending;
    const answer = withSubscription({ ...message, ...(request.id !== undefined && { id: request.id }) }, request.id);
    if (response.headersSent) {
      writeEvent(response, answer);
      response.end();
      return;
    }
    const status = message.error && STATUSES.get(message.error.code);
    response.writeHead(status ?? 200, { "content-type": "application/json" });
    response.end(JSON.stringify(answer));
  }

  #find({ method, params }: Message): PendingAnswer | undefined {
    const meta = params?.["_meta"] as Record<string, unknown> | undefined;
    const subscription = meta?.[SUBSCRIPTION_KEY];
    if (subscription !== undefined) return this.#pending.get(Number(subscription));
    const open = [...this.#pending.values()].filter(({ request }) => request.method !== "subscriptions/listen");
    if (method !== "notifications/progress") return open.at(-1);
    return open.find(({ request }) => progressTokenOf(request) === params?.["progressToken"]);
  }
}

function progressTokenOf({ params }: Message): unknown {
  return (params?.["_meta"] as Record<string, unknown> | undefined)?.["progressToken"];
}

/** Replaces the ID of a subscription, which is that of its request, by the client's. */
function withSubscription(message: Message, id: Message["id"]): Message {
  const holder = message.params ?? (message.result as Message["params"]);
  const meta = holder?.["_meta"] as Record<string, unknown> | undefined;
  if (meta?.[SUBSCRIPTION_KEY] === undefined) return message;
  const changed = { ...holder, _meta: { ...meta, [SUBSCRIPTION_KEY]: id } };
  return message.params ? { ...message, params: changed } : { ...message, result: changed };
}

function openEvents(response: ServerResponse): void {
  if (!response.headersSent) response.writeHead(200, { "content-type": "text/event-stream" }).flushHeaders();
}

function writeEvent(response: ServerResponse, message: Message): void {
  openEvents(response);
  response.write(`event: message\ndata: ${JSON.stringify(message)}\n\n`);
}
