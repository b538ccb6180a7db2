import { type InputRequiredResult, inputRequired, type ServerContext } from "@modelcontextprotocol/server";
import { InputRequiredError, LargeAnswersError } from "../context/question-errors.ts";
import { MethodicError, reasonOf, ToolError } from "../errors.ts";
import { hashText } from "../util/hash.ts";
import { quote, shorten } from "../util/text.ts";
import { assertCapability } from "./client-capabilities.ts";
import type { ClientQuestion } from "./client-question.ts";
import type { SdkRequest } from "./sdk-request.ts";
import type { RequestState } from "./request-state.ts";

// Users answer forms in minutes; the SDK's default is one.
const ANSWER_TIMEOUT_MS = 600_000;

// The text of the client's error.
const MAX_REASON = 500;

// A client that cannot show a form would keep giving invalid answers.
const MAX_QUESTIONS = 3;

// A method whose question changes in each round trip would never get an answer.
const MAX_UNREAD = 2;

// The answers travel with the client in each further round trip, and a server's limit for the body
// of a request is 4 MiB.
const MAX_ANSWERS = 1024 * 1024;

/** Accepts every response: the question checks it, with problems in words for a model. */
const ANY_RESPONSE = {
  "~standard": { version: 1 as const, vendor: "methodic", validate: (value: unknown) => ({ value }) },
};

/** Asks the client the questions of one request, as its protocol era does. */
export class Asker {
  readonly #request: SdkRequest;
  readonly #state: RequestState;
  readonly #unanswered = new Map<string, ClientQuestion<unknown>>();

  constructor(request: SdkRequest, state: RequestState) {
    this.#request = request;
    this.#state = state;
  }

  /**
   * Returns the client's answer; on 2026-07-28, ends the method until it has arrived. Registers the
   * question at once, so that it is not lost if the method forgets to await it.
   * @param scope The call that asks, if a method has called another component
   */
  async ask<T>(question: ClientQuestion<T>, scope = ""): Promise<T> {
    assertCapability(this.#request, question.capability);
    const key = this.#nameQuestion(question, scope);
    const earlier = this.#state.earlierAnswer(key);
    if (earlier) return earlier.value as T;
    const answer =
      this.#request.era === "legacy"
        ? await this.#send(question)
        : this.#readResponse(key, question as ClientQuestion<T>);
    this.#state.keepAnswer(key, answer);
    return answer;
  }

  /** Creates the result that asks the client; undefined if the method has all its answers. */
  inputRequired(): InputRequiredResult | undefined {
    if (this.#unanswered.size === 0) return undefined;
    const inputRequests = Object.fromEntries(
      Array.from(this.#unanswered, ([key, { method, params }]) => [key, { method, ...(params && { params }) }]),
    ) as InputRequiredResult["inputRequests"] & object;
    const { ownState } = this.#state;
    return inputRequired({ inputRequests, ...(ownState !== undefined && { requestState: ownState }) });
  }

  /**
   * Names a question. The key covers its text: a method that asks another one when it runs again
   * must not receive the old answer.
   */
  #nameQuestion({ key, method, params }: ClientQuestion<unknown>, scope: string): string {
    const name = `${scope}${key ?? `${method.replace(/\/.*/, "")}-${hashText(JSON.stringify(params ?? {}))}`}`;
    const count = this.#state.countName(name);
    if (count === 1) return name;
    if (key === undefined) return `${name}-${count}`;
    throw new MethodicError(
      "INVALID_ARGUMENT",
      `Two questions of one call have the key ${quote(key)}. Give each question another key.`,
    );
  }

  /**
   * Checks that another round trip can carry the answers. The limit also applies up to 2025-11-25,
   * where nothing carries them: a method should work in both eras.
   */
  #assertRoom({ label }: ClientQuestion<unknown>): void {
    if (this.#state.answersSize > MAX_ANSWERS) throw new LargeAnswersError(label, MAX_ANSWERS);
  }

  /** Sends a request related to the running one, as up to 2025-11-25. */
  async #send<T>(question: ClientQuestion<T>): Promise<T> {
    this.#assertRoom(question);
    for (let asked = 1; ; asked++) {
      const read = question.read(await sendQuestion(this.#request.ctx, question));
      if ("answer" in read) return read.answer;
      if (asked === MAX_QUESTIONS) throw describeProblems(question, read.problems);
    }
  }

  /** Reads the response that came with the request, as on 2026-07-28. */
  #readResponse<T>(key: string, question: ClientQuestion<T>): T {
    const response = this.#state.takeResponse(key);
    const read = response && question.read(response.value);
    if (read && "answer" in read) return read.answer;
    // An invalid answer counts as missing, so the question is asked again.
    if (read && this.#state.countFailure(key) >= MAX_QUESTIONS) throw describeProblems(question, read.problems);
    this.#assertRoom(question);
    if (this.#state.unreadCount >= MAX_UNREAD) throw createUnstableError(question);
    this.#unanswered.set(key, question);
    throw new InputRequiredError();
  }
}

async function sendQuestion({ mcpReq }: ServerContext, question: ClientQuestion<unknown>): Promise<unknown> {
  const { signal, id } = mcpReq;
  const { method, params, legacyParams, label } = question;
  try {
    return await mcpReq.send(
      { method, ...(params && { params: { ...params, ...legacyParams } }) } as never,
      ANY_RESPONSE,
      {
        relatedRequestId: id,
        signal,
        timeout: ANSWER_TIMEOUT_MS,
      },
    );
  } catch (error) {
    // Cancelled: there is no client to tell.
    if (signal.aborted) throw error;
    const reason = shorten(reasonOf(error), MAX_REASON);
    throw new ToolError(`The client could not answer the ${label}: ${reason}`, { cause: error });
  }
}

function describeProblems({ label }: ClientQuestion<unknown>, problems: readonly string[]): ToolError {
  return new ToolError(
    `The client's answer to the ${label} is not valid, although it was asked ${MAX_QUESTIONS} times: ${problems.join(" ")}`,
  );
}

function createUnstableError({ label }: ClientQuestion<unknown>): MethodicError {
  return new MethodicError(
    "UNSTABLE_QUESTION",
    `The method has replaced its question in each of ${MAX_UNREAD + 1} round trips, now by the ${label}. On 2026-07-28 it ` +
      "runs again after each answer and must ask the same. Give the question a key, as in ctx.elicit({ message, key }), " +
      "or compute what it depends on in ctx.step.",
  );
}
