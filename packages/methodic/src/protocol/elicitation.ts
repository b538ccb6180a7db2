import {
  acceptedContent,
  type ElicitRequestFormParams,
  fromJsonSchema,
  inputRequired,
  type InputRequiredResult,
  type ServerContext,
} from "@modelcontextprotocol/server";
import type { Context, ElicitationResult } from "../context/context.ts";
import { InputRequiredError } from "../context/input-required.ts";
import { ToolError } from "../errors.ts";
import type { JsonSchema } from "../manifest/format.ts";
import type { RequestState } from "./request-state.ts";
import { toMutable } from "./sdk-types.ts";

type Elicit = Context["elicit"];
type FormContent = NonNullable<ElicitationResult["content"]>;

/** The parameters of a form that both eras share. */
interface Form {
  readonly message: string;
  readonly requestedSchema: JsonSchema;
}

// Users answer forms in minutes; the SDK's default is one.
const ANSWER_TIMEOUT_MS = 600_000;

/**
 * Creates `Context.elicit` for revisions up to 2025-11-25: the server sends a request related to
 * the running one.
 */
export function createLegacyElicit(ctx: ServerContext, canElicit: () => boolean): Elicit {
  return async (message, requestedSchema) => {
    assertCanElicit(canElicit);
    const { signal, id } = ctx.mcpReq;
    const options = { relatedRequestId: id, signal, timeout: ANSWER_TIMEOUT_MS };
    const { action, content } = await ctx.mcpReq.elicitInput(toFormParams({ message, requestedSchema }), options);
    return action === "accept" ? { action, content: (content ?? {}) as FormContent } : { action };
  };
}

/**
 * The elicitations of one request of 2026-07-28. The server answers "input required", the client
 * asks the user and sends the request again with the answers.
 */
export class ModernElicitation {
  readonly #state: RequestState;
  readonly #canElicit: () => boolean;
  readonly #unanswered = new Map<string, Form>();
  #count = 0;

  constructor(state: RequestState, canElicit: () => boolean) {
    this.#state = state;
    this.#canElicit = canElicit;
  }

  /** `Context.elicit`: returns the user's answer, or ends the method until it has arrived. */
  readonly elicit: Elicit = async (message, requestedSchema) => {
    assertCanElicit(this.#canElicit);
    const form = { message, requestedSchema };
    // The key covers the question: a method that asks another one when it runs again must not
    // receive the old answer.
    const key = `elicit-${++this.#count}-${hash(JSON.stringify(form))}`;
    const answer = this.#state.earlierAnswer(key) ?? (await this.#readAnswer(key, form));
    if (!answer) {
      this.#unanswered.set(key, form);
      throw new InputRequiredError();
    }
    this.#state.keepAnswer(key, answer);
    return answer;
  };

  async #readAnswer(key: string, { requestedSchema }: Form): Promise<ElicitationResult | undefined> {
    const { inputResponses } = this.#state.ctx.mcpReq;
    const response = inputResponses && Object.hasOwn(inputResponses, key) ? inputResponses[key] : undefined;
    const action = (response as { readonly action?: unknown } | undefined)?.action;
    if (action === "decline" || action === "cancel") return { action };
    if (action !== "accept") return undefined;
    // An answer that violates the schema counts as missing, so the user is asked again.
    const content = await acceptedContent(inputResponses, key, fromJsonSchema<FormContent>(toMutable(requestedSchema)));
    return content && { action, content };
  }

  /** Creates the result that asks the client; undefined if the method has all its answers. */
  inputRequired(): InputRequiredResult | undefined {
    if (this.#unanswered.size === 0) return undefined;
    const inputRequests = Object.fromEntries(
      Array.from(this.#unanswered, ([key, form]) => [key, inputRequired.elicit(toFormParams(form))]),
    );
    const { ownState } = this.#state;
    return inputRequired({ inputRequests, ...(ownState !== undefined && { requestState: ownState }) });
  }
}

function toFormParams({ message, requestedSchema }: Form): ElicitRequestFormParams {
  // JsonSchema is wider than the flat objects that MCP allows here.
  const schema = toMutable(requestedSchema) as ElicitRequestFormParams["requestedSchema"];
  return { mode: "form", message, requestedSchema: schema };
}

function assertCanElicit(canElicit: () => boolean): void {
  if (canElicit()) return;
  throw new ToolError("This call needs an answer from the user, but the client does not support elicitation.");
}

/**
 * Hashes a question with FNV-1a, to distinguish it from others. It is not meant to resist an
 * attacker.
 */
function hash(text: string): string {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  return (value >>> 0).toString(36);
}
