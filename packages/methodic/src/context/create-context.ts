import { markHandled } from "../util/handled.ts";
import type { ClientQuestions } from "./answers.ts";
import type { AuthInfo } from "./auth-info.ts";
import type { CallInfo, ServerInfo } from "./call-info.ts";
import { type ComponentCallMembers, type ComponentCalls, createComponentCalls } from "./component-calls.ts";
import type { Context, Logger } from "./context.ts";
import { createLogger, type SendLog } from "./create-logger.ts";
import { createQuestions } from "./create-questions.ts";
import type { Notifier } from "./notifier.ts";
import type { ProgressReporter } from "./progress.ts";
import type { ComponentId, ServerLog } from "./server-log.ts";
import type { CallerIdentity, ConnectionSession, SessionState, State, StateSource } from "./state.ts";
import type { StepMemo } from "./steps.ts";
import type { ServiceKey } from "./token.ts";

/**
 * A request's connection to its client. The protocol layer provides it; a {@link Context} is built
 * on it.
 */
export interface RequestChannel {
  readonly signal: AbortSignal;
  readonly info: CallInfo;
  /** Undefined over HTTP without sessions. */
  readonly session: ConnectionSession | undefined;
  readonly access: CallerIdentity & {
    /** Undefined if the caller did not authenticate. */
    readonly auth: AuthInfo | undefined;
  };
  /** Sends a log message if the client wants messages of this level. Undefined if it wants none. */
  readonly log: SendLog | undefined;
  /** Undefined if the client did not ask for progress. */
  readonly progress: ProgressReporter | undefined;
  readonly questions: ClientQuestions;
  readonly steps: StepMemo;
  /** Calls other components for the caller of the request. */
  readonly components: ComponentCalls;
  /** The SDK's context, for authors who need more than a {@link Context} offers. */
  readonly sdkContext: unknown;
}

/**
 * Key of the SDK's context in a {@link Context}. Not enumerable, so that printing a context does
 * not print request headers.
 */
export const SDK_CONTEXT: unique symbol = Symbol.for("methodic.sdkContext");

/** Dependencies that all contexts of a server share. */
export interface ContextDeps {
  readonly server: ServerInfo;
  readonly notify: Notifier;
  readonly state: StateSource;
  /** Opens the scope of a call, on the first use of {@link Context.use}. */
  openScope(context: Context): CallScope;
  readonly serverLog: ServerLog;
}

/** The values that one call uses. */
export interface CallScope {
  use<T>(key: ServiceKey<T>, make?: () => T | Promise<T>): Promise<T>;
  /** Disposes the values that were made for the call. Never rejects. */
  end(): Promise<void>;
}

/** The context of a running method. */
export interface RunningContext {
  readonly context: Context;
  /**
   * Drops log messages and progress from now on: a client does not expect any after the result.
   * Returns a promise if values of the call have to be disposed.
   */
  end(): Promise<void> | undefined;
}

/** Creates the context of one request. */
export function createContext(channel: RequestChannel, deps: ContextDeps, component: ComponentId): RunningContext {
  let ended = false;
  let log: Logger | undefined;
  let session: SessionState | undefined;
  let user: State | undefined;
  let scope: CallScope | undefined;
  const { server, notify, serverLog } = deps;
  const isEnded = (): boolean => ended;
  let calls: ComponentCallMembers | undefined;
  const getCalls = (): ComponentCallMembers => (calls ??= createComponentCalls(channel, isEnded));
  const context: Context = {
    signal: channel.signal,
    auth: channel.access.auth,
    server,
    notify,
    // Created on demand: most methods read few of them.
    get log() {
      return (log ??= createLogger({ channel, component, serverLog, isEnded }));
    },
    get session() {
      return (session ??= deps.state.openSession(channel));
    },
    get user() {
      return (user ??= deps.state.openUser(channel.access));
    },
    get requestId() {
      return channel.info.requestId;
    },
    get era() {
      return channel.info.era;
    },
    get protocolVersion() {
      return channel.info.protocolVersion;
    },
    get client() {
      return channel.info.client;
    },
    get http() {
      return channel.info.http;
    },
    get meta() {
      return channel.info.meta;
    },
    async progress(progress, total, message) {
      if (!ended) await channel.progress?.report(progress, total, message);
    },
    use: (key, make) => markHandled((scope ??= deps.openScope(context)).use(key, make)),
    callTool: (name, args) => getCalls().callTool(name, args),
    readResource: (uri) => getCalls().readResource(uri),
    getPrompt: (name, args) => getCalls().getPrompt(name, args),
    ...createQuestions(channel, isEnded),
  };
  Object.defineProperty(context, SDK_CONTEXT, { get: () => channel.sdkContext });
  const end = (): Promise<void> | undefined => {
    ended = true;
    return scope?.end();
  };
  return { context, end };
}
