import type { RequestAccess } from "../dispatch/access.ts";
import type { ListMethod } from "../dispatch/pages.ts";
import { toError } from "../errors.ts";
import type { Attachable } from "../server/attachable.ts";
import {
  INTERNAL_ERROR,
  isResponse,
  type JsonRpcMessage,
  type MessageId,
  readId,
  SERVER_ERROR,
} from "../util/json-rpc.ts";
import { readCancelledId } from "../util/pending-requests.ts";
import { joinLists, markCursor, readOwnPage, withoutCursor } from "./join-lists.ts";
import { type Handshake, openOwnServer, type OwnServer } from "./own-server.ts";
import type { RequestOwners } from "./request-owner.ts";
import { createAccess } from "./sdk-caller.ts";
import { assertUniqueNames, listedComponents } from "./sdk-names.ts";
import {
  hasHandler,
  type MessageExtra,
  modernRevisionOf,
  readRequest,
  type SdkProtocolServer,
  type SdkTransport,
} from "./sdk-server.ts";

/** Dependencies of an {@link AttachedConnection}. */
export interface AttachedConnectionDeps {
  readonly methodic: Attachable;
  readonly sdk: SdkProtocolServer;
  readonly owners: RequestOwners;
}

type Receive = (message: JsonRpcMessage, extra?: MessageExtra) => void;

/** A request with what its transport passes with it. */
interface IncomingRequest {
  readonly message: JsonRpcMessage & { readonly id: MessageId; readonly method: string };
  readonly extra: MessageExtra;
  readonly access: RequestAccess;
}

/**
 * One connection of an SDK's server with decorated components. Passes messages between the
 * transport and two servers: the SDK's, and one for the decorated components.
 */
export class AttachedConnection {
  readonly #deps: AttachedConnectionDeps;
  readonly #transport: SdkTransport;
  readonly #send: SdkTransport["send"];
  #deliver: Receive = () => undefined;
  #own: Promise<OwnServer> | undefined;
  #handshake: { readonly id: MessageId; readonly params: object; readonly extra: MessageExtra } | undefined;
  #completedHandshake: Handshake | undefined;
  /** Receivers of the answers that do not go to the client as they are, by server and request. */
  readonly #taken = { sdk: new Map<MessageId, TakeAnswer>(), methodic: new Map<MessageId, TakeAnswer>() };
  #isClosed = false;

  constructor(deps: AttachedConnectionDeps, transport: SdkTransport) {
    this.#deps = deps;
    this.#transport = transport;
    this.#send = transport.send.bind(transport);
    transport.send = (message, options) => this.#sendFromSdk(message, options);
    const start = transport.start.bind(transport);
    transport.start = () => {
      // The SDK's server has just set its handlers. Some transports deliver messages as they start.
      this.#takeHandlers();
      return start();
    };
  }

  #takeHandlers(): void {
    const transport = this.#transport;
    const { onmessage, onclose } = transport;
    this.#deliver = onmessage?.bind(transport) ?? this.#deliver;
    // The handlers of an SDK transport are properties, unlike those of the DOM.
    /* oxlint-disable unicorn/prefer-add-event-listener */
    transport.onmessage = (message, extra = {}) => this.#receive(message, extra);
    transport.onclose = () => {
      this.#isClosed = true;
      this.#own?.then((own) => own.close()).catch(() => undefined);
      onclose?.call(transport);
    };
    /* oxlint-enable unicorn/prefer-add-event-listener */
  }

  #receive(message: JsonRpcMessage, extra: MessageExtra): void {
    const { method, id } = message;
    if (isResponse(message)) return this.#receiveAnswer(message, extra);
    if (method === undefined || id === undefined || id === null) return this.#receiveNotification(message, extra);
    if (method === "initialize") this.#handshake = { id, params: Object(message.params) as object, extra };
    else if (this.#isLive(extra) && modernRevisionOf(this.#deps.sdk) !== undefined) this.#openInBackground(extra);
    if (this.#deps.owners.find(method, message.params) === "sdk") return this.#deliver(message, extra);
    const access = createAccess(this.#deps.methodic.dispatcher, extra);
    const request = { message: { ...message, id, method }, extra, access };
    this.#route(request).catch((error: unknown) => this.#fail(request, error));
  }

  #receiveAnswer(message: JsonRpcMessage, extra: MessageExtra): void {
    const id = readId(message);
    if (typeof id !== "string" || !this.#own) return this.#deliver(message, extra);
    this.#own.then((own) => own.deliverAnswer(message) || this.#deliver(message, extra)).catch(() => undefined);
  }

  #receiveNotification(message: JsonRpcMessage, extra: MessageExtra): void {
    const cancelled = readCancelledId(message);
    if (cancelled !== undefined) {
      this.#taken.sdk.delete(cancelled);
      this.#taken.methodic.delete(cancelled);
      this.#own?.then((own) => own.deliver(message)).catch(() => undefined);
    }
    this.#deliver(message, extra);
  }

  async #route(request: IncomingRequest): Promise<void> {
    const { methodic, owners } = this.#deps;
    const { message, extra, access } = request;
    const { method, id, params } = message;
    // To a caller who may not use the server, its components do not exist.
    if (!access.isTrusted && methodic.admits && !(await methodic.admits(access.auth)))
      return this.#deliver(message, extra);
    const owner = owners.find(method, params);
    if (owner !== "both") return this.#deliverOwn(request);
    if (method !== "logging/setLevel") return this.#list(request);
    this.#taken.methodic.set(id, () => undefined);
    await this.#deliverOwn(request);
    this.#deliver(message, extra);
  }

  async #deliverOwn({ message, extra, access }: IncomingRequest): Promise<void> {
    if (!this.#deps.methodic.isOpen) {
      const { name } = this.#deps.methodic;
      await this.#respond(message.id, { error: { code: SERVER_ERROR, message: `The server '${name}' was closed.` } });
      return;
    }
    const own = await this.#open(extra);
    own.deliver(message, extra, access);
  }

  /** Answers with the pages of the SDK's server, and then those of the decorated components. */
  async #list(request: IncomingRequest): Promise<void> {
    const { message } = request;
    const { id, params } = message;
    const method = message.method as ListMethod;
    const { registry } = this.#deps.methodic.dispatcher;
    const ownPage = readOwnPage(params);
    if (ownPage) {
      const page = await this.#askOwn({ ...request, message: { ...message, params: ownPage } });
      return this.#send(page.result ? { ...page, result: markCursor(page.result as never) } : page);
    }
    const theirs = await this.#askSdk(request);
    const last = theirs.result as Readonly<Record<string, unknown>> | undefined;
    if (!last) return this.#send(theirs);
    assertUniqueNames(listedComponents(method, last), registry);
    if (last["nextCursor"] !== undefined) return this.#send(theirs);
    const ours = await this.#askOwn({ ...request, message: { ...message, params: withoutCursor(params) } });
    if (!ours.result) return this.#send(ours);
    return this.#respond(id, { result: joinLists(method, last, ours.result as never) });
  }

  #askSdk({ message, extra }: IncomingRequest): Promise<JsonRpcMessage> {
    return new Promise((resolve) => {
      this.#taken.sdk.set(message.id, resolve);
      this.#deliver(message, extra);
    });
  }

  #askOwn(request: IncomingRequest): Promise<JsonRpcMessage> {
    return new Promise((resolve, reject) => {
      this.#taken.methodic.set(request.message.id, resolve);
      this.#deliverOwn(request).catch(reject);
    });
  }

  #open(extra: MessageExtra): Promise<OwnServer> {
    const { methodic, sdk } = this.#deps;
    return (this.#own ??= openOwnServer({
      methodic,
      send: (message, options) => this.#sendOwn(message, options),
      sessionId: this.#transport.sessionId,
      isLive: this.#isLive(extra),
      revision: modernRevisionOf(sdk),
      handshake: this.#completedHandshake,
      info: (sdk as { readonly _serverInfo?: unknown })._serverInfo,
      request: readRequest(extra),
    }).then((own) => {
      if (this.#isClosed) own.close();
      return own;
    }));
  }

  /** Opens the server of a live connection: changes have to reach a client that never calls it. */
  #openInBackground(extra: MessageExtra): void {
    if (this.#own || !this.#deps.methodic.isOpen) return;
    this.#open(extra).catch((error: unknown) => this.#log(error));
  }

  async #sendFromSdk(message: JsonRpcMessage, options?: object): Promise<void> {
    const id = isResponse(message) ? readId(message) : undefined;
    if (id === undefined) return this.#send(message, options);
    const take = this.#taken.sdk.get(id);
    if (take) {
      this.#taken.sdk.delete(id);
      return take(message);
    }
    return this.#send(id === this.#handshake?.id ? this.#completeHandshake(message) : message, options);
  }

  /** Returns the answer to the handshake as the client receives it. */
  #completeHandshake(answer: JsonRpcMessage): JsonRpcMessage {
    const { protocolVersion, capabilities, ...result } = Object(answer.result) as HandshakeResult;
    const handshake = this.#handshake;
    this.#handshake = undefined;
    if (!handshake || typeof protocolVersion !== "string") return answer;
    this.#completedHandshake = { params: handshake.params, protocolVersion };
    if (this.#isLive(handshake.extra)) this.#openInBackground(handshake.extra);
    else if (capabilities?.resources?.subscribe && !hasHandler(this.#deps.sdk, "resources/subscribe")) {
      // Without a session, no update could reach the client.
      const { subscribe: _, ...resources } = capabilities.resources;
      return { ...answer, result: { ...result, protocolVersion, capabilities: { ...capabilities, resources } } };
    }
    return answer;
  }

  async #sendOwn(message: JsonRpcMessage, options?: object): Promise<void> {
    const id = isResponse(message) ? readId(message) : undefined;
    const take = id === undefined ? undefined : this.#taken.methodic.get(id);
    if (id === undefined || !take) return this.#send(message, options);
    this.#taken.methodic.delete(id);
    take(message);
  }

  /** Over HTTP, only a session outlasts a request. */
  #isLive({ request, requestInfo }: MessageExtra): boolean {
    return (!request && !requestInfo) || this.#transport.sessionId !== undefined;
  }

  #respond(id: MessageId, outcome: { readonly result: object } | { readonly error: object }): Promise<void> {
    return this.#send({ jsonrpc: "2.0", id, ...outcome });
  }

  #fail({ message }: IncomingRequest, thrown: unknown): void {
    this.#log(thrown);
    const error = { code: INTERNAL_ERROR, message: toError(thrown).message };
    this.#respond(message.id, { error }).catch(() => undefined);
  }

  #log(error: unknown): void {
    this.#deps.methodic.log("methodic: a request to the attached components failed", { error });
  }
}

type TakeAnswer = (message: JsonRpcMessage) => void;

interface HandshakeResult {
  readonly protocolVersion?: unknown;
  readonly capabilities?: { readonly resources?: { readonly subscribe?: unknown } };
}
