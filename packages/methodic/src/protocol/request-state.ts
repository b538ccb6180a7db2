import {
  createRequestStateCodec,
  type InputRequiredResult,
  ProtocolError,
  ProtocolErrorCode,
  type ServerContext,
} from "@modelcontextprotocol/server";
import type { ElicitationResult } from "../context/context.ts";

/** The user's answers so far, by the keys of the questions. */
type Answers = { readonly [key: string]: ElicitationResult };

/** The contents of a `requestState`, which the client carries from one round trip to the next. */
interface StatePayload {
  /**
   * Method and component of the request, so that the answers for one tool are not used for another.
   */
  readonly request: string;
  readonly answers: Answers;
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

/**
 * The state of a request that takes several round trips. All state is sealed here, including a
 * method's own, so that a state that comes back changed is refused before the method runs.
 */
export class RequestState {
  readonly ctx: ServerContext;
  readonly #codec: StateCodec;
  readonly #request: string;
  readonly #received: StatePayload | undefined;
  readonly #answers: Record<string, ElicitationResult> = Object.create(null);

  /** @param request Method and component, for example `tools/call add_note` */
  constructor(ctx: ServerContext, codec: StateCodec, request: string) {
    this.ctx = ctx;
    this.#codec = codec;
    this.#request = request;
    this.#received = ctx.mcpReq.requestState<StatePayload>();
    if (this.#received !== undefined && this.#received.request !== request) {
      // The SDK's own error for a state that fails verification: clients must not tell the two
      // apart.
      throw new ProtocolError(ProtocolErrorCode.InvalidParams, "Invalid or expired requestState", {
        reason: "invalid_request_state",
      });
    }
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

  /** Adds the sealed state of the next round trip to a result that asks the client for input. */
  async seal(asked: InputRequiredResult): Promise<InputRequiredResult> {
    const answers = { ...this.#received?.answers, ...this.#answers };
    const own = asked.requestState;
    if (own === undefined && Object.keys(answers).length === 0) return asked;
    const state = { request: this.#request, answers, ...(own !== undefined && { own }) };
    return { ...asked, requestState: await this.#codec.mint(state, this.ctx) };
  }
}
