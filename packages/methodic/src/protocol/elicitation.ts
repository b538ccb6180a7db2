import {
  acceptedContent,
  type ElicitRequestFormParams,
  fromJsonSchema,
  inputRequired,
  type InputRequiredResult,
  type ServerContext,
} from "@modelcontextprotocol/server";
import type { ElicitationResult } from "../context/context.ts";
import { InputRequiredError } from "../context/input-required.ts";
import { ToolError } from "../errors.ts";
import type { JsonSchema } from "../manifest/format.ts";
import type { RequestState } from "./request-state.ts";

/** Asks the user, in the way of the served era. */
export interface Elicitor {
  elicit(message: string, requestedSchema: JsonSchema): Promise<ElicitationResult>;
}

// People answer forms in minutes, not in the SDK's default of one.
const ANSWER_TIMEOUT_MS = 600_000;

/** What every form needs. */
interface Form {
  readonly message: string;
  readonly requestedSchema: JsonSchema;
}

/** Up to 2025-11-25 the server asks with a request of its own, related to the running one. */
export function createLegacyElicitor(ctx: ServerContext, canElicit: () => boolean): Elicitor {
  return {
    async elicit(message, requestedSchema) {
      assertCanElicit(canElicit);
      const { signal, id } = ctx.mcpReq;
      const options = { relatedRequestId: id, signal, timeout: ANSWER_TIMEOUT_MS };
      const { action, content } = await ctx.mcpReq.elicitInput(formParams({ message, requestedSchema }), options);
      return toElicitationResult(action, content);
    },
  };
}

/** On 2026-07-28 the server answers "input required", the client asks, and sends the request again with the answers. */
export class ModernElicitor implements Elicitor {
  readonly #rounds: RequestState;
  readonly #canElicit: () => boolean;
  readonly #pending = new Map<string, Form>();
  #asked = 0;

  constructor(rounds: RequestState, canElicit: () => boolean) {
    this.#rounds = rounds;
    this.#canElicit = canElicit;
  }

  async elicit(message: string, requestedSchema: JsonSchema): Promise<ElicitationResult> {
    assertCanElicit(this.#canElicit);
    const form = { message, requestedSchema };
    // The key holds what was asked: should the method ask something else when it is run again, an old answer must not be taken for a new one.
    const key = `elicit-${++this.#asked}-${hash(JSON.stringify(form))}`;
    const answer = this.#rounds.earlierAnswer(key) ?? (await this.#readAnswer(key, form));
    if (!answer) {
      this.#pending.set(key, form);
      throw new InputRequiredError();
    }
    this.#rounds.keepAnswer(key, answer);
    return answer;
  }

  async #readAnswer(key: string, { requestedSchema }: Form): Promise<ElicitationResult | undefined> {
    const { inputResponses } = this.#rounds.ctx.mcpReq;
    const response = inputResponses && Object.hasOwn(inputResponses, key) ? inputResponses[key] : undefined;
    const action = (response as { readonly action?: unknown } | undefined)?.action;
    if (action === "decline" || action === "cancel") return { action };
    if (action !== "accept") return undefined;
    // What does not follow the schema is asked again.
    const content = await acceptedContent(
      inputResponses,
      key,
      fromJsonSchema<NonNullable<ElicitationResult["content"]>>(requestedSchema as never),
    );
    return content && { action, content };
  }

  /** The result that asks the client, if the method waits for an answer. */
  inputRequired(): InputRequiredResult | undefined {
    if (this.#pending.size === 0) return undefined;
    const inputRequests = Object.fromEntries(
      Array.from(this.#pending, ([key, form]) => [key, inputRequired.elicit(formParams(form))]),
    );
    const { ownState } = this.#rounds;
    return inputRequired({ inputRequests, ...(ownState !== undefined && { requestState: ownState }) });
  }
}

function formParams({ message, requestedSchema }: Form): ElicitRequestFormParams {
  return {
    mode: "form",
    message,
    requestedSchema: requestedSchema as unknown as ElicitRequestFormParams["requestedSchema"],
  };
}

function toElicitationResult(action: ElicitationResult["action"], content: unknown): ElicitationResult {
  return action === "accept"
    ? { action, content: (content ?? {}) as NonNullable<ElicitationResult["content"]> }
    : { action };
}

function assertCanElicit(canElicit: () => boolean): void {
  if (!canElicit())
    throw new ToolError(
      "This needs an answer from the user, and the client cannot ask (it does not support elicitation).",
    );
}

/** FNV-1a: tells questions apart; it protects nothing. */
function hash(text: string): string {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  return (value >>> 0).toString(36);
}
