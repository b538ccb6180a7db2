import type { TimeSpan } from "../util/duration.ts";
import type { CallInfo } from "./call-info.ts";

/**
 * Values by key that are kept between calls. Values are plain data, at most 64 KB of JSON each, and
 * keys are texts of at most 256 characters. Without the option `store` of `createServer`, values
 * are lost when the process ends.
 */
export interface State {
  /**
   * Returns a copy of the value of a key; undefined if it has none, or it has expired.
   * @throws MethodicError `STORE_FAILED`, `INVALID_ARGUMENT`
   */
  get<T>(key: string): Promise<T | undefined>;
  /**
   * Sets the value of a key.
   * @throws MethodicError `STORE_FAILED`; `INVALID_ARGUMENT` if the value is not plain data or too
   *   large
   */
  set(key: string, value: unknown, options?: StateOptions): Promise<void>;
  /**
   * Changes the value of a key, and loses no change that other calls make at the same time: then
   * the function runs again. Returns the next value.
   * @param change Returns the next value from the current one; undefined deletes the key
   * @throws MethodicError `STORE_FAILED`; `INVALID_ARGUMENT` if the value is not plain data or too
   *   large
   *
   * @example
   * ```ts
   * import { type Context, tool } from "methodic";
   *
   * class Counter {
   *   /** Count this call. *\/ @tool() async count(ctx: Context): Promise<number> {
   *     return await ctx.session.update("calls", (calls = 0) => calls + 1);
   *   }
   * }
   * ```
   */
  update<T>(key: string, change: (value: T | undefined) => T | Promise<T>, options?: StateOptions): Promise<T>;
  /**
   * Deletes the value of a key, if it has one.
   * @throws MethodicError `STORE_FAILED`, `INVALID_ARGUMENT`
   */
  delete(key: string): Promise<void>;
}

/** Options of {@link State.set} and {@link State.update}. */
export interface StateOptions {
  /**
   * The time after which the value expires: milliseconds, or a string such as `"30m"` or `"7d"`.
   * Default: the value is kept.
   */
  readonly ttl?: TimeSpan;
}

/** The state of one session. */
export interface SessionState extends State {
  /** The session's id: over HTTP the one that the client sends, else a random one. */
  readonly id: string | undefined;
}

/** The session of a connection. */
export interface ConnectionSession {
  readonly id: string;
  /** Aborts when the session ends. */
  readonly ended: AbortSignal;
}

/** The identity of the caller of a request. */
export interface CallerIdentity {
  /** True on local connections (stdio, in memory), which have one user. */
  readonly isTrusted: boolean;
  /** The key of the caller; empty if nothing tells the caller apart from others. */
  readonly callerKey: string;
}

/** Finds the state of a request. The server provides it. */
export interface StateSource {
  openUser(caller: CallerIdentity): State;
  openSession(request: {
    readonly session: ConnectionSession | undefined;
    readonly info: Pick<CallInfo, "era">;
  }): SessionState;
}
