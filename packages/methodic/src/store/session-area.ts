import { NoSessionError } from "../context/question-errors.ts";
import type { ProtocolEra } from "../context/call-info.ts";
import { MethodicError, ToolError } from "../errors.ts";
import { encodePart } from "./keys.ts";
import type { StateArea } from "./keyed-state.ts";
import type { Store } from "./store.ts";

/** Deletes the state of sessions whose process ended before it could. */
const MAX_TTL_MS = 30 * 24 * 60 * 60 * 1000;
/** A client whose arguments become keys must not fill the memory. */
const MAX_KEYS = 1000;

/** The state of one session. It keeps the keys in memory, to delete them when the session ends. */
export class SessionArea implements StateArea {
  readonly member = "ctx.session";
  readonly maxTtl: number = MAX_TTL_MS;
  readonly store: Store;
  readonly #createPrefix: () => Promise<string>;
  #prefix: Promise<string> | undefined;
  /** The last write of each key. */
  readonly #writes = new Map<string, { readonly until: number }>();
  #isEnded = false;

  /** @param createPrefix Creates the start of all keys of the session */
  constructor(store: Store, createPrefix: () => Promise<string>) {
    this.store = store;
    this.#createPrefix = createPrefix;
  }

  async locate(key: string): Promise<string> {
    this.#assertOpen();
    this.#prefix ??= this.#createPrefix();
    return (await this.#prefix) + (await encodePart(key));
  }

  onWrite(storeKey: string, ttl: number = MAX_TTL_MS): void {
    this.#assertOpen();
    if (this.#writes.size >= MAX_KEYS) this.#forgetExpired();
    if (this.#writes.size >= MAX_KEYS && !this.#writes.has(storeKey)) {
      const fix = "Delete keys that are not needed, or keep several values in one key.";
      throw new MethodicError("INVALID_ARGUMENT", `ctx.session: the session has ${MAX_KEYS} keys, the maximum. ${fix}`);
    }
    this.#writes.set(storeKey, { until: Date.now() + ttl });
  }

  async onWritten(storeKey: string): Promise<void> {
    // The session has ended in the meantime, and the value may have been written afterwards.
    if (this.#isEnded) await this.store.delete(storeKey);
  }

  onDelete(storeKey: string): () => void {
    const write = this.#writes.get(storeKey);
    return () => {
      // Another call may have set it in the meantime.
      if (this.#writes.get(storeKey) === write) this.#writes.delete(storeKey);
    };
  }

  /** Deletes all values, and refuses others from now on. */
  async end(): Promise<void> {
    this.#isEnded = true;
    const keys = [...this.#writes.keys()];
    this.#writes.clear();
    // Async, so that a store that throws does not keep the other keys.
    const deletions = await Promise.allSettled(keys.map(async (key) => this.store.delete(key)));
    for (const deletion of deletions) if (deletion.status === "rejected") throw deletion.reason;
  }

  #forgetExpired(): void {
    const now = Date.now();
    for (const [key, { until }] of this.#writes) if (until <= now) this.#writes.delete(key);
  }

  #assertOpen(): void {
    if (this.#isEnded) throw new ToolError("The session has ended, and its state is deleted.");
  }
}

/** Creates the area of requests without a session: it refuses everything. */
export function createMissingSession(store: Store, getEra: () => ProtocolEra): StateArea {
  return {
    member: "ctx.session",
    store,
    locate: async () => {
      throw new NoSessionError(`This call keeps state for its session, but ${EXPLANATIONS[getEra()]}`);
    },
  };
}

const EXPLANATIONS: { readonly [Era in ProtocolEra]: string } = {
  legacy:
    "the request belongs to no session. Turn on sessions on the server (http: { sessions: true }), or keep the state " +
    "for the caller, with ctx.user.",
  modern: "MCP 2026-07-28 has no sessions over HTTP. Keep the state for the caller, with ctx.user.",
};
