import type { JSONRPCMessage } from "@modelcontextprotocol/server";
import { type MessageId, SERVER_ERROR } from "../../util/json-rpc.ts";
import { errorResponse, type HttpRefusal } from "../responses.ts";
import { isTimeout } from "../sse.ts";
import type { MessageStream } from "./message-stream.ts";
import type { PostedMessages } from "./messages.ts";

/** Dependencies of a {@link PostResponse}. */
export interface PostResponseDeps extends Pick<PostedMessages, "toBody"> {
  /** The ids of the requests, in the order of the POST. */
  readonly ids: readonly MessageId[];
  /** Aborts when the client disconnects, or when the time of its call is over. */
  readonly signal: AbortSignal;
  readonly headers: { readonly [name: string]: string };
  /** False if the client accepts only JSON: it gets the answers, and no other messages. */
  readonly acceptsStream: boolean;
  readonly createStream: (onLost: () => void) => MessageStream;
  /** Called when the client no longer waits for the pending requests. */
  readonly onGone: () => void;
}

/** The response to one POST: JSON, or a stream if the answers are not the only messages. */
export class PostResponse {
  readonly response: Promise<Response>;
  readonly #deps: PostResponseDeps;
  readonly #pending: Set<MessageId>;
  readonly #answers = new Map<MessageId, JSONRPCMessage>();
  #respond: (response: Response) => void = () => undefined;
  #stream: MessageStream | undefined;
  #refusal: HttpRefusal | undefined;
  #isOver = false;

  constructor(deps: PostResponseDeps) {
    this.#deps = deps;
    this.#pending = new Set(deps.ids);
    this.response = new Promise((resolve) => (this.#respond = resolve));
    deps.signal.addEventListener("abort", this.#onAbort);
  }

  /** The ids of the requests that are not answered. */
  get pending(): ReadonlySet<MessageId> {
    return this.#pending;
  }

  get isConnected(): boolean {
    return this.#stream ? this.#stream.isConnected : !this.#isOver;
  }

  /** False if the client accepts only JSON. */
  get acceptsStream(): boolean {
    return this.#deps.acceptsStream;
  }

  /** Turns the response into a stream, if it is not one yet. */
  openStream(): MessageStream {
    if (this.#stream) return this.#stream;
    const stream = this.#deps.createStream(() => {
      if (!stream.isResumable) this.#lose();
    });
    this.#stream = stream;
    this.#respond(stream.connect({ signal: this.#deps.signal }));
    for (const answer of this.#answers.values()) void stream.send(answer);
    return stream;
  }

  /** Ends the connection of the stream. The client may reconnect. */
  disconnect(): void {
    this.#stream?.disconnect();
  }

  /** Sends a message about a pending request. Resolves when the client can receive more. */
  async send(message: JSONRPCMessage): Promise<void> {
    if (this.#isOver) return;
    const stream = this.openStream();
    await stream.send(message);
    await stream.ready();
  }

  /** Settles a pending request, without an answer if its client has cancelled it. */
  answer(id: MessageId, message?: JSONRPCMessage): void {
    if (!this.#pending.delete(id) || this.#isOver) return;
    if (message && this.#stream) void this.#stream.send(message);
    else if (message) this.#answers.set(id, message);
    if (this.#pending.size === 0) this.#finish();
  }

  /** Answers the pending requests with a refusal, whose status only a stream cannot have. */
  abandon(refusal: HttpRefusal): void {
    this.#refusal = refusal;
    this.#fail([...this.#pending], refusal);
  }

  #finish(): void {
    const answers = this.#deps.ids.map((id) => this.#answers.get(id)).filter((answer) => answer !== undefined);
    const { acceptsStream, headers, toBody } = this.#deps;
    // The client has cancelled all requests. A response without a body says so, or an empty stream.
    if (!this.#stream && answers.length === 0 && acceptsStream) this.openStream();
    this.#end();
    if (this.#stream) return this.#stream.end();
    if (answers.length === 0) return this.#respond(new Response(null, { status: 202, headers }));
    const { status = 200, headers: added } = this.#refusal ?? {};
    const all = { "content-type": "application/json", ...headers, ...added };
    this.#respond(new Response(JSON.stringify(toBody(answers)), { status, headers: all }));
  }

  readonly #onAbort = (): void => {
    if (!this.#stream) return this.#lose();
    // A stream detects that its client disconnects, but not that the call takes too long.
    const { signal } = this.#deps;
    if (isTimeout(signal)) this.#timeOut((signal.reason as Error).message);
  };

  #timeOut(message: string): void {
    const late = [...this.#pending];
    this.#deps.onGone();
    this.#fail(late, { message });
  }

  #fail(ids: readonly MessageId[], { code = SERVER_ERROR, message }: Omit<HttpRefusal, "status">): void {
    for (const id of ids) this.answer(id, { jsonrpc: "2.0", id, error: { code, message } });
  }

  #lose(): void {
    if (this.#isOver) return;
    this.#end();
    this.#stream?.end();
    this.#respond(disconnectedResponse());
    this.#deps.onGone();
  }

  #end(): void {
    this.#isOver = true;
    this.#deps.signal.removeEventListener("abort", this.#onAbort);
  }
}

/** Creates the response to a client that has disconnected; 499 is the code in nginx logs. */
export function disconnectedResponse(): Response {
  return errorResponse({ status: 499, message: "The client has disconnected." });
}
