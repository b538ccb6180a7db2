import type { McpServer } from "@modelcontextprotocol/server";
import type { AuthInfo } from "../../context/auth-info.ts";
import { identifyCaller } from "../../context/identify-caller.ts";
import { HttpTransport, type JournalSettings } from "./http-transport.ts";
import type { LegParts } from "./leg-parts.ts";
import type { SessionSettings } from "./session-options.ts";
import type { Session } from "./session-table.ts";

/** An SDK server of its own for each session. */
export class HttpSession implements Session {
  readonly id: string = crypto.randomUUID();
  readonly owner: string;
  readonly transport: HttpTransport;
  activeAt: number = Date.now();
  readonly #journal: JournalSettings | undefined;
  #server: Pick<McpServer, "close"> | undefined;
  #isClosed = false;

  constructor(parts: LegParts, settings: SessionSettings, auth: AuthInfo | undefined) {
    this.owner = identifyCaller(auth);
    const { eventStore: store, retryMs } = settings;
    // Events tell their stream's id, and must not tell the session's, which is for its client alone.
    this.#journal = store && { store, retryMs, prefix: `${crypto.randomUUID()}:` };
    this.transport = new HttpTransport({
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
