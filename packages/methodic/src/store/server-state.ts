import { UnknownCallerError } from "../context/question-errors.ts";
import type { CallerIdentity, ConnectionSession, SessionState, State, StateSource } from "../context/state.ts";
import { InFlight } from "../util/in-flight.ts";
import type { WriteLog } from "../util/log.ts";
import { createState } from "./keyed-state.ts";
import { createKeyPrefix, encodePart } from "./keys.ts";
import { memoryStore } from "./memory-store.ts";
import { createMissingSession, SessionArea } from "./session-area.ts";
import type { Store } from "./store.ts";

/** Dependencies of a {@link ServerState}. */
export interface ServerStateDeps {
  /** The server's name. */
  readonly name: string;
  /** Default: a store in memory, created on first use. */
  readonly store: Store | undefined;
  readonly log: WriteLog;
}

/** The key of the user of local connections: no other caller can have it. */
const LOCAL_USER = "";

const UNKNOWN_CALLER =
  "This call keeps state for its caller, but the caller is unknown, so it cannot be told apart from others. " +
  "Configure authentication on the server (auth) that returns a subject for each caller.";

/** The state that a server keeps between calls. */
export class ServerState implements StateSource {
  readonly #deps: ServerStateDeps;
  readonly #sessions = new WeakMap<ConnectionSession, SessionState>();
  /** Ended sessions whose state is being deleted. */
  readonly #deletions = new InFlight<SessionArea>();
  #memory: Store | undefined;

  constructor(deps: ServerStateDeps) {
    this.#deps = deps;
  }

  openSession(request: Parameters<StateSource["openSession"]>[0]): SessionState {
    const { session } = request;
    if (!session) return { id: undefined, ...createState(createMissingSession(this.#store, () => request.info.era)) };
    const known = this.#sessions.get(session);
    if (known) return known;
    const area = new SessionArea(this.#store, () => createKeyPrefix(this.#deps.name, "session", session.id));
    const state = { id: session.id, ...createState(area) };
    this.#sessions.set(session, state);
    const end = (): void => void this.#end(area);
    if (session.ended.aborted) end();
    else session.ended.addEventListener("abort", end, { once: true });
    return state;
  }

  openUser({ isTrusted, callerKey }: CallerIdentity): State {
    let prefix: Promise<string> | undefined;
    const locate = async (key: string): Promise<string> => {
      if (!isTrusted && callerKey === "") throw new UnknownCallerError(UNKNOWN_CALLER);
      prefix ??= createKeyPrefix(this.#deps.name, "user", isTrusted ? LOCAL_USER : callerKey);
      return (await prefix) + (await encodePart(key));
    };
    return createState({ member: "ctx.user", store: this.#store, locate });
  }

  /** Resolves when the state of all ended sessions is deleted, or after a timeout. */
  drained(timeoutMs: number): Promise<void> {
    return this.#deletions.drained(timeoutMs);
  }

  get #store(): Store {
    return this.#deps.store ?? (this.#memory ??= memoryStore());
  }

  async #end(area: SessionArea): Promise<void> {
    this.#deletions.enter(area);
    try {
      await area.end();
    } catch (error) {
      this.#deps.log("methodic: the state of a session could not be deleted, and expires in 30 days", { error });
    } finally {
      this.#deletions.leave(area);
    }
  }
}
