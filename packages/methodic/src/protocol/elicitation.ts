import {
  type ElicitRequestFormParams,
  inputRequired,
  type InputRequiredResult,
  type ServerContext,
} from "@modelcontextprotocol/server";
import type { Context } from "../context/context.ts";
import { InputRequiredError } from "../context/input-required.ts";
import { reasonOf, ToolError } from "../errors.ts";
import { shorten } from "../util/text.ts";
import { type Form, type FormAnswer, readAnswer, readForm } from "./elicitation-form.ts";
import type { RequestState } from "./request-state.ts";
import { toMutable } from "./sdk-types.ts";

type Elicit = Context["elicit"];

// Users answer forms in minutes; the SDK's default is one.
const ANSWER_TIMEOUT_MS = 600_000;

// The text of the client's error.
const MAX_REASON = 500;

// A client that cannot show a form would keep giving invalid answers.
const MAX_QUESTIONS = 3;

/** Accepts every response: `readAnswer` checks it, with problems in words for a model. */
const ANY_RESPONSE = {
  "~standard": { version: 1 as const, vendor: "methodic", validate: (value: unknown) => ({ value }) },
};

/**
 * Creates `Context.elicit` for revisions up to 2025-11-25: the server sends a request related to
 * the running one.
 */
export function createLegacyElicit(ctx: ServerContext, assertCanElicit: () => void): Elicit {
  return async (message, requestedSchema) => {
    const form = readForm(message, requestedSchema);
    assertCanElicit();
    for (let asked = 1; ; asked++) {
      const read = readAnswer(await sendForm(ctx, form), form);
      if ("answer" in read) return read.answer;
      if (asked === MAX_QUESTIONS) throw describeProblems(form, read.problems);
    }
  };
}

async function sendForm({ mcpReq }: ServerContext, form: Form): Promise<unknown> {
  const { signal, id } = mcpReq;
  const request = { method: "elicitation/create", params: toFormParams(form) };
  try {
    return await mcpReq.send(request, ANY_RESPONSE, { relatedRequestId: id, signal, timeout: ANSWER_TIMEOUT_MS });
  } catch (error) {
    // Cancelled: there is no client to tell.
    if (signal.aborted) throw error;
    const reason = shorten(reasonOf(error), MAX_REASON);
    throw new ToolError(`The client could not ask the user: ${reason}`, { cause: error });
  }
}

/**
 * The elicitations of one request of 2026-07-28. The server answers "input required", the client
 * asks the user and sends the request again with the answers.
 */
export class ModernElicitation {
  readonly #state: RequestState;
  readonly #assertCanElicit: () => void;
  readonly #unanswered = new Map<string, Form>();
  #count = 0;

  constructor(state: RequestState, assertCanElicit: () => void) {
    this.#state = state;
    this.#assertCanElicit = assertCanElicit;
  }

  /**
   * `Context.elicit`: returns the user's answer, or ends the method until it has arrived. Asks at
   * once, so that the question is not lost if the method forgets to await it.
   */
  readonly elicit: Elicit = async (message, requestedSchema) => {
    const form = readForm(message, requestedSchema);
    this.#assertCanElicit();
    // The key covers the question: a method that asks another one when it runs again must not
    // receive the old answer.
    const key = `elicit-${++this.#count}-${hash(JSON.stringify(form))}`;
    const earlier = this.#state.earlierAnswer(key);
    const read = earlier ? { answer: earlier } : this.#readResponse(key, form);
    if (read && "answer" in read) {
      this.#state.keepAnswer(key, read.answer);
      return read.answer;
    }
    // An answer that violates the schema counts as missing, so the user is asked again.
    if (read && this.#state.countFailure(key) >= MAX_QUESTIONS) throw describeProblems(form, read.problems);
    this.#unanswered.set(key, form);
    throw new InputRequiredError();
  };

  #readResponse(key: string, form: Form): FormAnswer | undefined {
    const { inputResponses = {}, droppedInputResponseKeys = [] } = this.#state.ctx.mcpReq;
    // The SDK drops responses that are not objects.
    if (droppedInputResponseKeys.includes(key)) return readAnswer(undefined, form);
    return Object.hasOwn(inputResponses, key) ? readAnswer(inputResponses[key], form) : undefined;
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

function describeProblems({ message }: Form, problems: readonly string[]): ToolError {
  return new ToolError(
    `The client's answer to "${message}" does not fit the form, although it was asked ${MAX_QUESTIONS} times: ${problems.join(" ")}`,
  );
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
