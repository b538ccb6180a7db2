import {
  createRequestStateCodec,
  type InputRequiredResult,
  ProtocolError,
  ProtocolErrorCode,
  type ServerContext,
} from "@modelcontextprotocol/server";
import type { ElicitationResult } from "../context/context.ts";
import { digestText } from "../util/digest.ts";
import { isRecord } from "../util/record.ts";

/** The user's answers so far, by the keys of the questions. */
type Answers = { readonly [key: string]: ElicitationResult };

/** The contents of a `requestState`, which the client carries from one round trip to the next. */
interface StatePayload {
  /**
   * Method and component of the request, so that the answers for one tool are not used for another.
   */
  readonly request: string;
  /** Digest of the arguments, so that an answer for some is not used for others. */
  readonly input: string;
  readonly answers: Answers;
  /** The number of responses that did not answer each question. */
  readonly failures: { readonly [key: string]: number };
  /** The `requestState` that the method itself returned. */
  readonly own?: string;
}

/** Signs and verifies the `requestState` that clients carry. */
export type StateCodec = ReturnType<typeof createRequestStateCodec<StatePayload>>;

// Longer than a user takes to fill in a form.
const STATE_TTL_SECONDS = 3600;

/**
 * Creates the codec of a server. A state is bound to its owner, so that one user cannot answer a
 * question that another was asked.
 */
export function createStateCodec(
  ownerOf: (ctx: ServerContext) => string,
  key: string | Uint8Array = crypto.getRandomValues(new Uint8Array(32)),
): StateCodec {
  return createRequestStateCodec<StatePayload>({
    key,
    ttlSeconds: STATE_TTL_SECONDS,
    bind: ownerOf,
  });
}

/** The request that a state is bound to. */
export interface StatefulRequest {
  /** Method and component, for example `tools/call add_note`. */
  readonly key: string;
  /** The arguments, if it has any. */
  readonly input?: unknown;
}

/**
 * The state of a request that takes several round trips. All state is sealed here, including a
 * method's own, so that a state that comes back changed is refused before the method runs.
 */
export class RequestState {
  readonly ctx: ServerContext;
  readonly #codec: StateCodec;
  readonly #request: StatefulRequest;
  readonly #received: StatePayload | undefined;
  readonly #answers: Record<string, ElicitationResult> = Object.create(null);
  readonly #failures: Record<string, number> = Object.create(null);

  constructor(ctx: ServerContext, codec: StateCodec, request: StatefulRequest) {
    this.ctx = ctx;
    this.#codec = codec;
    this.#request = request;
    this.#received = ctx.mcpReq.requestState<StatePayload>();
  }

  /** Rejects if the client sent the state of another request; undefined if it sent no state. */
  verify(): Promise<void> | undefined {
    return this.#received && this.#verify(this.#received);
  }

  async #verify({ request, input }: StatePayload): Promise<void> {
    // The SDK's own error for a state that fails verification: clients must not tell the two apart.
    if (request !== this.#request.key) throw createStateError("Invalid or expired requestState");
    if (input !== (await digestInput(this.#request.input)))
      throw createStateError("This requestState belongs to other arguments. Send those of the first call unchanged.");
  }

  /** The state that the method returned in the last round trip. */
  get ownState(): string | undefined {
    return this.#received?.own;
  }

  /** Returns the user's answer from an earlier round trip. */
  earlierAnswer(key: string): ElicitationResult | undefined {
    const answers = this.#received?.answers ?? {};
    return Object.hasOwn(answers, key) ? answers[key] : undefined;
  }

  /** Keeps an answer for later round trips. */
  keepAnswer(key: string, answer: ElicitationResult): void {
    this.#answers[key] = answer;
  }

  /** Counts a response that did not answer a question. Returns the number so far. */
  countFailure(key: string): number {
    return (this.#failures[key] = (this.#received?.failures[key] ?? 0) + 1);
  }

  /** Adds the sealed state of the next round trip to a result that asks the client for input. */
  async seal(asked: InputRequiredResult): Promise<InputRequiredResult> {
    const answers = { ...this.#received?.answers, ...this.#answers };
    const failures = { ...this.#received?.failures, ...this.#failures };
    const own = asked.requestState;
    if (own === undefined && Object.keys(answers).length + Object.keys(failures).length === 0) return asked;
    const { key: request, input } = this.#request;
    const state = { request, input: await digestInput(input), answers, failures, ...(own !== undefined && { own }) };
    return { ...asked, requestState: await this.#codec.mint(state, this.ctx) };
  }
}

function createStateError(message: string): ProtocolError {
  return new ProtocolError(ProtocolErrorCode.InvalidParams, message, { reason: "invalid_request_state" });
}

/** Computes a digest that does not depend on the order of properties. */
function digestInput(input: unknown): Promise<string> {
  const sort = (_: string, value: unknown): unknown =>
    isRecord(value) ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))) : value;
  return digestText(JSON.stringify(input ?? {}, sort));
}
