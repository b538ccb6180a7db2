import { markHandled } from "../util/handled.ts";
import type { ServerInfo } from "./call-info.ts";
import { type ComponentCallMembers, createComponentCalls } from "./component-calls.ts";
import type { Context, Logger } from "./context.ts";
import { createLogger } from "./create-logger.ts";
import { createQuestions, type QuestionMembers } from "./create-questions.ts";
import type { Notifier } from "./notifier.ts";
import type { RequestChannel, RequestOutlets } from "./request-channel.ts";
import type { ComponentId, ServerLog } from "./server-log.ts";
import type { SessionState, State, StateSource } from "./state.ts";
import type { ServiceKey } from "./token.ts";

/** Key of the SDK's context in a {@link Context}. */
export const SDK_CONTEXT: unique symbol = Symbol.for("methodic.sdkContext");

/** Dependencies that all contexts of a server share. */
export interface ContextDeps {
  readonly server: ServerInfo;
  readonly notify: Notifier;
  readonly state: StateSource;
  /** Opens the scope of a call, on the first use of {@link Context.use}. */
  openScope(context: Context): CallScope;
  readonly serverLog: ServerLog;
  /** Used in place of the request, for methods that must not ask. */
  readonly outlets?: RequestOutlets;
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
  return new RunningCall(channel, deps, component);
}

/** The parts of a {@link Context}, created on demand: most methods read few of them. */
class RunningCall implements RunningContext {
  readonly #context: Context = new CallContext(this);
  readonly #channel: RequestChannel;
  readonly #deps: ContextDeps;
  readonly #component: ComponentId;
  #hasEnded = false;
  #log: Logger | undefined;
  #session: SessionState | undefined;
  #user: State | undefined;
  #scope: CallScope | undefined;
  #progress: Context["progress"] | undefined;
  #use: Context["use"] | undefined;
  #questions: QuestionMembers | undefined;
  #calls: ComponentCallMembers | undefined;

  constructor(channel: RequestChannel, deps: ContextDeps, component: ComponentId) {
    this.#channel = channel;
    this.#deps = deps;
    this.#component = component;
  }

  get context(): Context {
    return this.#context;
  }

  get channel(): RequestChannel {
    return this.#channel;
  }

  get deps(): ContextDeps {
    return this.#deps;
  }

  get log(): Logger {
    const { serverLog } = this.#deps;
    return (this.#log ??= createLogger({
      channel: this.#channel,
      component: this.#component,
      serverLog,
      isEnded: () => this.#hasEnded,
    }));
  }

  get session(): SessionState {
    return (this.#session ??= this.#deps.state.openSession(this.#channel));
  }

  get user(): State {
    return (this.#user ??= this.#deps.state.openUser(this.#channel.access));
  }

  get progress(): Context["progress"] {
    return (this.#progress ??= async (progress, total, message) => {
      if (!this.#hasEnded) await this.#channel.progress?.report(progress, total, message);
    });
  }

  get use(): Context["use"] {
    return (this.#use ??= (key, make) => {
      const scope = (this.#scope ??= this.#deps.openScope(this.#context));
      return markHandled(scope.use(key, make));
    });
  }

  get questions(): QuestionMembers {
    return (this.#questions ??= createQuestions(this.#outlets, () => this.#hasEnded));
  }

  get calls(): ComponentCallMembers {
    return (this.#calls ??= createComponentCalls(this.#outlets, () => this.#hasEnded));
  }

  end(): Promise<void> | undefined {
    this.#hasEnded = true;
    return this.#scope?.end();
  }

  get #outlets(): RequestOutlets {
    return this.#deps.outlets ?? this.#channel;
  }
}

/** Key of a context's call. Not a private field, which objects that wrap a context would lack. */
const CALL: unique symbol = Symbol("methodic.call");

/**
 * The context that a method receives. All members are getters of the prototype, which cost a call
 * nothing; functions are bound to the call, so that a method can take them apart.
 */
class CallContext implements Context {
  readonly [CALL]: RunningCall;

  constructor(call: RunningCall) {
    this[CALL] = call;
  }

  get signal(): Context["signal"] {
    return this[CALL].channel.signal;
  }

  get auth(): Context["auth"] {
    return this[CALL].channel.access.auth;
  }

  get server(): Context["server"] {
    return this[CALL].deps.server;
  }

  get notify(): Context["notify"] {
    return this[CALL].deps.notify;
  }

  get log(): Context["log"] {
    return this[CALL].log;
  }

  get session(): Context["session"] {
    return this[CALL].session;
  }

  get user(): Context["user"] {
    return this[CALL].user;
  }

  get requestId(): Context["requestId"] {
    return this[CALL].channel.info.requestId;
  }

  get era(): Context["era"] {
    return this[CALL].channel.info.era;
  }

  get protocolVersion(): Context["protocolVersion"] {
    return this[CALL].channel.info.protocolVersion;
  }

  get client(): Context["client"] {
    return this[CALL].channel.info.client;
  }

  get http(): Context["http"] {
    return this[CALL].channel.info.http;
  }

  get meta(): Context["meta"] {
    return this[CALL].channel.info.meta;
  }

  get progress(): Context["progress"] {
    return this[CALL].progress;
  }

  get use(): Context["use"] {
    return this[CALL].use;
  }

  get elicit(): Context["elicit"] {
    return this[CALL].questions.elicit;
  }

  get elicitUrl(): Context["elicitUrl"] {
    return this[CALL].questions.elicitUrl;
  }

  get confirm(): Context["confirm"] {
    return this[CALL].questions.confirm;
  }

  get sample(): Context["sample"] {
    return this[CALL].questions.sample;
  }

  get listRoots(): Context["listRoots"] {
    return this[CALL].questions.listRoots;
  }

  get step(): Context["step"] {
    return this[CALL].questions.step;
  }

  get callTool(): Context["callTool"] {
    return this[CALL].calls.callTool;
  }

  get readResource(): Context["readResource"] {
    return this[CALL].calls.readResource;
  }

  get getPrompt(): Context["getPrompt"] {
    return this[CALL].calls.getPrompt;
  }

  get [SDK_CONTEXT](): unknown {
    return this[CALL].channel.sdkContext;
  }
}
