import { LOG_LEVEL_META_KEY, type ServerContext } from "@modelcontextprotocol/server";
import type { ClientQuestions } from "../context/answers.ts";
import type { CallInfo } from "../context/call-info.ts";
import { withoutCredentials } from "../context/credential-headers.ts";
import type { ComponentCalls } from "../context/component-calls.ts";
import type { SendLog } from "../context/create-logger.ts";
import { ProgressReporter } from "../context/progress.ts";
import type { StepMemo } from "../context/steps.ts";
import type { RequestAccess } from "../dispatch/access.ts";
import type { Dispatcher } from "../dispatch/dispatcher.ts";
import type { DispatchRequest, InputRequiredResult } from "../dispatch/invoke.ts";
import { markHandled } from "../util/handled.ts";
import type { Asker } from "./asker.ts";
import { assertCanAsk } from "./client-capabilities.ts";
import { readCallInfo } from "./call-facts.ts";
import { checkForms, createFormQuestion } from "./elicitation-form.ts";
import { askToOpen } from "./elicitation-url.ts";
import type { RequestState } from "./request-state.ts";
import { createRootsQuestion } from "./roots.ts";
import { createSamplingQuestion, withText } from "./sampling.ts";
import type { SdkRequest } from "./sdk-request.ts";
import { createInnerInputError, type InnerCall, ScopedCalls, scopeSteps } from "./scoped-calls.ts";
import { toMutable } from "./sdk-types.ts";
import type { TimeLimit } from "../util/time-limit.ts";

interface RequestChannelDeps extends SdkRequest {
  readonly dispatcher: Dispatcher;
  readonly access: RequestAccess;
  readonly getAsker: () => Asker;
  readonly state: RequestState;
  /** Prefix of the keys of questions and steps; empty for the request itself. */
  readonly scope: string;
  /** The number of components that have called another to get here. */
  readonly depth: number;
  /** The time limit of the innermost call that has one. */
  readonly limit?: TimeLimit;
}

/** Creates the dispatcher's view of one request of the SDK. */
export function createRequestChannel(deps: RequestChannelDeps): DispatchRequest {
  return new SdkChannel(deps);
}

/** A request of the SDK. Most methods read few of its parts, so they are created on demand. */
class SdkChannel implements DispatchRequest {
  readonly #deps: RequestChannelDeps;
  #info: CallInfo | undefined;
  #progress: ProgressReporter | undefined;
  #components: ComponentCalls | undefined;

  constructor(deps: RequestChannelDeps) {
    this.#deps = deps;
  }

  get signal(): AbortSignal {
    return this.limit?.signal ?? this.#deps.ctx.mcpReq.signal;
  }

  get limit(): TimeLimit | undefined {
    return this.#deps.limit;
  }

  withLimit(limit: TimeLimit): DispatchRequest {
    return new SdkChannel({ ...this.#deps, limit });
  }

  get session(): DispatchRequest["session"] {
    return this.#deps.session;
  }

  get access(): RequestAccess {
    return this.#deps.access;
  }

  get isRemote(): boolean {
    return this.#deps.ctx.http !== undefined;
  }

  get info(): CallInfo {
    return (this.#info ??= readCallInfo(this.#deps));
  }

  // The SDK tracks the level that the client wants, which each era sets differently.
  get log(): SendLog | undefined {
    const { mcpReq } = this.#deps.ctx;
    if (this.limit?.isOver) return undefined;
    return wantsLogs(this.#deps) ? async (level, data) => mcpReq.log(level, data) : undefined;
  }

  get progress(): ProgressReporter | undefined {
    const { ctx, depth } = this.#deps;
    const { progressToken } = (ctx.mcpReq._meta ?? {}) as { readonly progressToken?: string | number };
    // The progress of a part of the work is not that of the whole.
    if (progressToken === undefined || depth > 0 || this.limit?.isOver) return undefined;
    return (this.#progress ??= new ProgressReporter((report) =>
      ctx.mcpReq.notify({ method: "notifications/progress", params: { progressToken, ...report } }),
    ));
  }

  get questions(): ClientQuestions {
    const { getAsker, scope, limit } = this.#deps;
    const asker: Pick<Asker, "ask"> = {
      ask: async (question) => {
        const ask = async () => getAsker().ask(question, scope);
        return limit ? limit.pause(ask) : ask();
      },
    };
    return {
      elicit: async (question, requestedSchema) => asker.ask(createFormQuestion(question, requestedSchema)),
      sample: async (prompt, options) => withText(await asker.ask(createSamplingQuestion(prompt, options))),
      listRoots: async (key) => asker.ask(createRootsQuestion(key)),
      elicitUrl: async (question, url) => askToOpen({ request: this.#deps, asker }, question, url),
    };
  }

  get steps(): StepMemo {
    const { state, scope, depth } = this.#deps;
    return depth === 0 ? state : scopeSteps(state, scope);
  }

  get components(): ComponentCalls {
    const open = (inner: InnerCall): DispatchRequest => new SdkChannel({ ...this.#deps, ...inner });
    return (this.#components ??= new ScopedCalls({ ...this.#deps, signal: this.signal }, open));
  }

  get heldVersion(): string | undefined {
    return this.#deps.state.heldVersion(this.#deps.scope);
  }

  holdVersion(version: string): void {
    this.#deps.state.holdVersion(this.#deps.scope, version);
  }

  async ask(asked: InputRequiredResult): Promise<InputRequiredResult> {
    const { state, depth } = this.#deps;
    if (depth > 0) throw createInnerInputError();
    if (asked.inputRequests) {
      assertCanAsk(this.#deps);
      checkForms(asked.inputRequests);
    }
    return state.seal(toMutable<InputRequiredResult>(asked));
  }

  get sdkContext(): ServerContext {
    const { ctx, state } = this.#deps;
    const { http } = ctx;
    // Methods see their own part of the sealed state.
    const ownReq = {
      ...createOutbox(this.#deps),
      signal: this.signal,
      requestState: <T>() => state.ownState as T | undefined,
    };
    // An SDK transport over HTTP, passed to `connect`, brings requests with credentials.
    return { ...ctx, mcpReq: ownReq, ...(http?.req && { http: { ...http, req: withoutCredentials(http.req) } }) };
  }
}

/** Returns false if a client of 2026-07-28, which asks in each request, does not ask for logs. */
function wantsLogs({ era, ctx }: SdkRequest): boolean {
  const envelope = ctx.mcpReq.envelope as { readonly [key: string]: unknown } | undefined;
  return era === "legacy" || envelope?.[LOG_LEVEL_META_KEY] !== undefined;
}

/** Lets a method send messages to the client through the SDK. */
function createOutbox(request: RequestChannelDeps): ServerContext["mcpReq"] {
  const { mcpReq } = request.ctx;
  const checked = ["send", "elicitInput", "requestSampling"];
  const entries = Object.entries(mcpReq).map(([name, value]: [string, unknown]) => {
    if (typeof value !== "function") return [name, value];
    const call = async (...args: unknown[]): Promise<unknown> => {
      if (!checked.includes(name)) return value(...args);
      assertCanAsk(request);
      return request.limit ? request.limit.pause(async () => value(...args)) : value(...args);
    };
    return [name, (...args: unknown[]) => markHandled(call(...args))];
  });
  return Object.fromEntries(entries) as ServerContext["mcpReq"];
}
