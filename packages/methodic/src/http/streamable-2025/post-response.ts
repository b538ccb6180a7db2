import type { JSONRPCMessage, RequestId } from "@modelcontextprotocol/server";
import type { MessageStream } from "./message-stream.ts";
import type { PostedMessages } from "./messages.ts";
import { SERVER_ERROR } from "../../util/json-rpc.ts";
import { refuse } from "../responses.ts";

/** What an exchange is made of. */
export interface PostResponseDeps {
  readonly ids: readonly RequestId[];
  readonly toBody: PostedMessages["toBody"];
  readonly signal: AbortSignal;
  readonly headers: { readonly [name: string]: string };
  readonly createChannel: (onLost: () => void) => MessageStream;
  /** Nobody waits any more for what is pending. */
  readonly onGone: () => void;
}

/** The answer to one POST: a JSON body, unless something has to be said before the last request is answered. */
export class PostResponse {
  readonly response: Promise<Response>;
  readonly #source: PostResponseDeps;
  readonly #pending: Set<RequestId>;
  readonly #answers = new Map<RequestId, JSONRPCMessage>();
  #respond: (response: Response) => void = () => undefined;
  #channel: MessageStream | undefined;
  #isOver = false;

  constructor(source: PostResponseDeps) {
    this.#source = source;
    this.#pending = new Set(source.ids);
    this.response = new Promise((resolve) => (this.#respond = resolve));
    source.signal.addEventListener("abort", this.#abort);
  }

  get pending(): ReadonlySet<RequestId> {
    return this.#pending;
  }

  get channel(): MessageStream | undefined {
    return this.#channel;
  }

  get isConnected(): boolean {
    return this.#channel ? this.#channel.isConnected : !this.#isOver;
  }

  /** Makes the response a stream, if it is not one yet. */
  stream(): MessageStream {
    if (this.#channel) return this.#channel;
    const channel = this.#source.createChannel(() => {
      if (!channel.isResumable) this.#lose();
    });
    this.#channel = channel;
    this.#respond(channel.connect({ signal: this.#source.signal }));
    for (const answer of this.#answers.values()) void channel.send(answer);
    return channel;
  }

  /** Sends what belongs to a request that is not answered yet. Resolves when the client can take more. */
  async send(message: JSONRPCMessage): Promise<void> {
    if (this.#isOver) return;
    const channel = this.stream();
    await channel.send(message);
    await channel.ready();
  }

  /** Answers a request; without an answer if its client has cancelled it. */
  answer(id: RequestId, message?: JSONRPCMessage): void {
    if (!this.#pending.delete(id) || this.#isOver) return;
    if (message && this.#channel) void this.#channel.send(message);
    else if (message) this.#answers.set(id, message);
    if (this.#pending.size === 0) this.#finish();
  }

  /** Ends without the answers that are due. */
  abandon(response: Response): void {
    if (this.#isOver) return;
    this.#end();
    if (this.#channel) this.#channel.end();
    else this.#respond(response);
  }

  #finish(): void {
    const answers = this.#source.ids.map((id) => this.#answers.get(id)).filter((answer) => answer !== undefined);
    // Nothing can be said of requests that were all cancelled, which only a stream can say.
    if (!this.#channel && answers.length === 0) this.stream();
    this.#end();
    if (this.#channel) {
      this.#channel.end();
      return;
    }
    const headers = { "content-type": "application/json", ...this.#source.headers };
    this.#respond(new Response(JSON.stringify(this.#source.toBody(answers)), { headers }));
  }

  readonly #abort = (): void => {
    if (!this.#channel) this.#lose();
    // A stream watches for its client itself. But a call has only so much time, whether its client is there or not.
    else if ((this.#source.signal.reason as Error | undefined)?.name === "TimeoutError") this.#timeOut();
  };

  #timeOut(): void {
    const late = [...this.#pending];
    this.#source.onGone();
    const error = { code: SERVER_ERROR, message: "The call took longer than this server lets one run." };
    for (const id of late) this.answer(id, { jsonrpc: "2.0", id, error });
  }

  #lose(): void {
    if (this.#isOver) return;
    this.#end();
    this.#channel?.end();
    this.#respond(refuseGone());
    this.#source.onGone();
  }

  #end(): void {
    this.#isOver = true;
    this.#source.signal.removeEventListener("abort", this.#abort);
  }
}

/** Nobody reads it. 499 is what nginx notes of such requests. */
export function refuseGone(): Response {
  return refuse({ status: 499, message: "The client has gone." });
}
