import type { McpServer } from "@modelcontextprotocol/server";
import { type AuthInfo, identifyCaller } from "../../context/auth-info.ts";
import type { RequestHandlerDeps } from "./request.ts";
import type { ResolvedSessionOptions } from "./session-options.ts";
import type { Session } from "./session-store.ts";
import { StreamableHttpTransport, type EventLogDeps } from "./transport.ts";

/** An SDK server of its own for each session. */
export class HttpSession implements Session {
  readonly id: string = crypto.randomUUID();
  readonly owner: string;
  readonly transport: StreamableHttpTransport;
  activeAt: number = Date.now();
  readonly #journal: EventLogDeps | undefined;
  #server: Pick<McpServer, "close"> | undefined;
  #isClosed = false;

  constructor(parts: RequestHandlerDeps, settings: ResolvedSessionOptions, auth: AuthInfo | undefined) {
    this.owner = identifyCaller(auth);
    const { eventStore: store, retryMs } = settings;
    // Events tell their stream's id, and must not tell the session's, which is for its client alone.
    this.#journal = store && { store, retryMs, prefix: `${crypto.randomUUID()}:` };
    this.transport = new StreamableHttpTransport({
      settings: parts.streams,
      sessionId: this.id,
      journal: this.#journal,
      onActivity: () => (this.activeAt = Date.now()),
      calls: parts.calls,
      onBusy: () => parts.running.add(this),
      onIdle: () => parts.running.delete(this),
      onError: parts.onError,
    });
  }

  get isConnected(): boolean {
    return this.transport.isConnected;
  }

  async connect(server: Pick<McpServer, "connect" | "close">): Promise<void> {
    this.#server = server;
    await server.connect(this.transport);
    // The endpoint may have been closed meanwhile.
    if (this.#isClosed) await server.close();
  }

  async close(response: Response): Promise<void> {
    this.#isClosed = true;
    await this.transport.closeWith(response);
    await this.#server?.close();
    await this.#journal?.store.deleteStreams?.(this.#journal.prefix);
  }
}
