import type { ClientQuestions } from "./answers.ts";
import type { AuthInfo } from "./auth-info.ts";
import type { CallInfo } from "./call-info.ts";
import type { ComponentCalls } from "./component-calls.ts";
import type { SendLog } from "./create-logger.ts";
import type { ProgressReporter } from "./progress.ts";
import type { CallerIdentity, ConnectionSession } from "./state.ts";
import type { StepMemo } from "./steps.ts";

/** The part of a request that asks its client, and calls other components. */
export interface RequestOutlets {
  readonly questions: ClientQuestions;
  readonly steps: StepMemo;
  /** Calls other components for the caller of the request. */
  readonly components: ComponentCalls;
}

/**
 * A request's connection to its client. The protocol layer provides it; a {@link Context} is built
 * on it.
 */
export interface RequestChannel extends RequestOutlets {
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
  /** The SDK's context, for authors who need more than a {@link Context} offers. */
  readonly sdkContext: unknown;
}
