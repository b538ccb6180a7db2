import {
  createRequestStateCodec,
  type InputRequiredResult,
  ProtocolError,
  ProtocolErrorCode,
  type ServerContext,
} from "@modelcontextprotocol/server";
import type { ElicitationResult } from "../context/context.ts";

/** What users answered so far, by what they were asked. */
type Answers = { readonly [key: string]: ElicitationResult };

/** What travels with the client from one round of a request to the next. */
interface RoundState {
  /** The request it belongs to, so that the answers of one tool are not taken for those of another. */
  readonly request: string;
  readonly answers: Answers;
  /** The state that the method itself minted. */
  readonly own?: string;
}

/** Signs and verifies what clients carry for us. */
export type StateCodec = ReturnType<typeof createRequestStateCodec<RoundState>>;

// As long as people may take for a form, and then some.
const STATE_TTL_SECONDS = 3600;

/**
 * Makes the codec of a server. State is bound to its owner, the caller where one is known: what one user was asked, another cannot answer.
 */
export function createStateCodec(
  ownerOf: (ctx: ServerContext) => string,
  key: string | Uint8Array = crypto.getRandomValues(new Uint8Array(32)),
): StateCodec {
  return createRequestStateCodec<RoundState>({
    key,
    ttlSeconds: STATE_TTL_SECONDS,
    bind: ownerOf,
  });
}

/**
 * One request that is answered in rounds: what is remembered from the earlier ones, and what goes to the next.
 * All state that leaves is sealed here, a method's own included, so that whatever comes back changed is refused before a method runs.
 */
export class RequestState {
  readonly ctx: ServerContext;
  readonly #codec: StateCodec;
  readonly #request: string;
  readonly #earlier: RoundState | undefined;
  readonly #answers: Record<string, ElicitationResult> = Object.create(null);

  /** @param request Method and component, for example `tools/call add_note` */
  constructor(ctx: ServerContext, codec: StateCodec, request: string) {
    this.ctx = ctx;
    this.#codec = codec;
    this.#request = request;
    this.#earlier = ctx.mcpReq.requestState<RoundState>();
    if (this.#earlier !== undefined && this.#earlier.request !== request) {
      throw new ProtocolError(ProtocolErrorCode.InvalidParams, "Invalid or expired requestState", {
        reason: "invalid_request_state",
      });
    }
  }

  /** The state that the method minted in the last round. */
  get ownState(): string | undefined {
    return this.#earlier?.own;
  }

  /** What the user answered in an earlier round. */
  earlierAnswer(key: string): ElicitationResult | undefined {
    const answers = this.#earlier?.answers ?? {};
    return Object.hasOwn(answers, key) ? answers[key] : undefined;
  }

  /** Keeps an answer for the rounds to come. */
  keepAnswer(key: string, answer: ElicitationResult): void {
    this.#answers[key] = answer;
  }

  /** Puts what the next round needs into a result that asks the client. */
  async seal(asked: InputRequiredResult): Promise<InputRequiredResult> {
    const answers = { ...this.#earlier?.answers, ...this.#answers };
    const own = asked.requestState;
    if (own === undefined && Object.keys(answers).length === 0) return asked;
    const state = { request: this.#request, answers, ...(own !== undefined && { own }) };
    return { ...asked, requestState: await this.#codec.mint(state, this.ctx) };
  }
}
