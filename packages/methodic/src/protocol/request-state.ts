import {
  type InputRequiredResult,
  ProtocolError,
  ProtocolErrorCode,
  type ServerContext,
} from "@modelcontextprotocol/server";
import type { StepMemo } from "../context/steps.ts";
import type { JsonValue } from "../manifest/format.ts";
import { digestText } from "../util/digest.ts";
import { isRecord } from "../util/record.ts";
import type { StateCodec } from "./state-codec.ts";

type ByKey<T> = { readonly [key: string]: T };

/** The contents of a `requestState`, which the client carries from one round trip to the next. */
interface StatePayload {
  /** The caller's key, so that one user cannot answer a question that another was asked. */
  readonly caller: string;
  /**
   * Method and component of the request, so that the answers for one tool are not used for another.
   */
  readonly request: string;
  /** Digest of the arguments, so that an answer for some is not used for others. */
  readonly input: string;
  /** The keys of the questions that the client was asked. */
  readonly asked: readonly string[];
  /** The answers so far. */
  readonly answers: ByKey<unknown>;
  /** Responses to questions that the method has not asked again since. */
  readonly unread: ByKey<unknown>;
  /** The number of responses that did not answer each question. */
  readonly failures: ByKey<number>;
  readonly steps: readonly StepResult[];
  /** The versions of the components that ran, by the scope of each call. */
  readonly versions?: ByKey<string>;
  /** The `requestState` that the method itself returned. */
  readonly own?: string;
}

/**
 * The result of a step; absent if it is undefined. The names are those of the questions and calls
 * in the step: a run that recalls it counts them, too.
 */
type StepResult = readonly [key: string, names: readonly string[], result?: JsonValue];

/** The request that a state is bound to. */
export interface StatefulRequest {
  /** Method and component, for example `tools/call add_note`. */
  readonly key: string;
  /** The arguments, if it has any. */
  readonly input?: unknown;
}

/** Dependencies of a {@link RequestState}. */
interface RequestStateDeps {
  readonly ctx: ServerContext;
  readonly codec: StateCodec;
  /** The key of the caller; empty if the caller did not authenticate. */
  readonly caller: string;
  readonly request: StatefulRequest;
}

/** The additions of one round trip to the state. Maps, because a key may be `__proto__`. */
class Round {
  readonly answers = new Map<string, unknown>();
  readonly failures = new Map<string, number>();
  /** The keys of the questions whose responses were read. */
  readonly read = new Set<string>();
  readonly steps = new Map<string, Promise<StepResult | undefined>>();
  stepsSize = 0;
  /** The names of questions and calls, in the order in which they were counted. */
  readonly names: string[] = [];
  readonly counts = new Map<string, number>();
}

/** A client's response to a question, not yet checked. */
export interface ClientResponse {
  readonly value: unknown;
}

/**
 * The state of a request that takes several round trips. All state is sealed here, including a
 * method's own, so that a state that comes back changed is refused before the method runs.
 */
export class RequestState implements StepMemo {
  readonly #deps: RequestStateDeps;
  readonly #received: StatePayload | undefined;
  #round: Round | undefined;
  #versions: Map<string, string> | undefined;

  constructor(deps: RequestStateDeps) {
    this.#deps = deps;
    this.#received = deps.ctx.mcpReq.requestState<StatePayload>();
  }

  /** Rejects if the client sent the state of another request; undefined if it sent no state. */
  verify(): Promise<void> | undefined {
    return this.#received && this.#verify(this.#received);
  }

  async #verify({ caller, request, input }: StatePayload): Promise<void> {
    // The SDK's own error for a state that cannot be opened: clients must not tell the two apart.
    if (caller !== this.#deps.caller || request !== this.#deps.request.key)
      throw createStateError("Invalid or expired requestState");
    if (input !== (await digestInput(this.#deps.request.input)))
      throw createStateError("This requestState belongs to other arguments. Send those of the first call unchanged.");
  }

  /** The state that the method returned in the last round trip. */
  get ownState(): string | undefined {
    return this.#received?.own;
  }

  /** Returns the version of the component that a call ran in an earlier round trip. */
  heldVersion(scope: string): string | undefined {
    return find(this.#received?.versions, scope)?.value as string | undefined;
  }

  /** Keeps the version of the component that a call runs, for later round trips. */
  holdVersion(scope: string, version: string): void {
    (this.#versions ??= new Map()).set(scope, version);
  }

  /** Returns the answer to a question from an earlier round trip. */
  earlierAnswer(key: string): ClientResponse | undefined {
    return find(this.#received?.answers, key);
  }

  /** Keeps an answer for later round trips. */
  keepAnswer(key: string, answer: unknown): void {
    this.#current.answers.set(key, answer);
  }

  /**
   * The size in JSON of all answers that another round trip would carry, read or not.
   */
  get answersSize(): number {
    const answers = merge(this.#received?.answers, this.#round?.answers ?? new Map());
    return JSON.stringify([answers, this.#unreadResponses()]).length;
  }

  /** Counts a response that did not answer a question. Returns the number so far. */
  countFailure(key: string): number {
    const count = ((find(this.#received?.failures, key)?.value as number | undefined) ?? 0) + 1;
    this.#current.failures.set(key, count);
    return count;
  }

  /**
   * Returns the client's response to a question that it was asked. A response without state is not
   * tied to arguments, so it counts only if the call has none.
   */
  takeResponse(key: string): ClientResponse | undefined {
    const received = this.#received;
    if (received ? !received.asked.includes(key) : this.#hasInput()) return undefined;
    this.#current.read.add(key);
    const { inputResponses, droppedInputResponseKeys = [] } = this.#deps.ctx.mcpReq;
    // The SDK drops responses that are not objects.
    if (droppedInputResponseKeys.includes(key)) return { value: undefined };
    return find(inputResponses, key) ?? find(received?.unread, key);
  }

  /** The number of earlier responses whose questions the method has not asked again. */
  get unreadCount(): number {
    return Object.keys(this.#received?.unread ?? {}).length;
  }

  /** Counts a question or call in this run of the method. Returns the number with its name. */
  countName(name: string): number {
    const { names, counts } = this.#current;
    const count = (counts.get(name) ?? 0) + 1;
    counts.set(name, count);
    names.push(name);
    return count;
  }

  /** Returns the result of a step from an earlier round trip. */
  recall(key: string): { readonly result: JsonValue | undefined } | undefined {
    const found = this.#received?.steps.find(([name]) => name === key);
    if (!found) return undefined;
    const [, names, result] = found;
    for (const name of names) this.countName(name);
    return { result };
  }

  /** Performs a step, and keeps its result for later round trips. */
  keep(key: string, perform: () => Promise<JsonValue | undefined>): Promise<JsonValue | undefined> {
    const { names, steps } = this.#current;
    const start = names.length;
    const result = perform();
    const kept = result.then(
      (value): StepResult => (value === undefined ? [key, names.slice(start)] : [key, names.slice(start), value]),
      () => undefined,
    );
    steps.set(key, kept);
    return result;
  }

  /** Adds the size of a step's result. Returns the total. */
  grow(size: number): number {
    return (this.#current.stepsSize += size);
  }

  /** Adds the sealed state of the next round trip to a result that asks the client for input. */
  async seal(asked: InputRequiredResult): Promise<InputRequiredResult> {
    const { codec, caller, request } = this.#deps;
    const unread = this.#unreadResponses();
    const own = asked.requestState;
    const steps = [...(this.#received?.steps ?? []), ...(await this.#settleSteps())];
    const state: StatePayload = {
      caller,
      request: request.key,
      input: await digestInput(request.input),
      asked: [...Object.keys(asked.inputRequests ?? {}), ...unread.map(([key]) => key)],
      answers: merge(this.#received?.answers, this.#current.answers),
      unread: Object.fromEntries(unread),
      failures: merge(this.#received?.failures, this.#current.failures),
      steps,
      ...((this.#versions ?? this.#received?.versions) && {
        versions: merge(this.#received?.versions, this.#versions ?? new Map()),
      }),
      ...(own !== undefined && { own }),
    };
    return { ...asked, requestState: await codec.seal(state) };
  }

  /** Returns the responses to questions that the method has not asked again. */
  #unreadResponses(): readonly (readonly [key: string, response: unknown])[] {
    const { asked = [], unread } = this.#received ?? {};
    const { inputResponses = {} } = this.#deps.ctx.mcpReq;
    const arrived = Object.entries(inputResponses).filter(([key]) => asked.includes(key));
    const all = new Map<string, unknown>([...Object.entries(unread ?? {}), ...arrived]);
    return [...all].filter(([key]) => !this.#round?.read.has(key));
  }

  /** Waits for the steps under way: an effect whose result is lost would run again. */
  async #settleSteps(): Promise<readonly StepResult[]> {
    const settled = await Promise.all(this.#current.steps.values());
    return settled.filter((step) => step !== undefined);
  }

  // Created on demand: most methods ask nothing.
  get #current(): Round {
    return (this.#round ??= new Round());
  }

  #hasInput(): boolean {
    const { input } = this.#deps.request;
    return input !== undefined && input !== null && Object.keys(input).length > 0;
  }
}

function find(record: ByKey<unknown> | undefined, key: string): ClientResponse | undefined {
  return record && Object.hasOwn(record, key) ? { value: record[key] } : undefined;
}

function merge<T>(earlier: ByKey<T> | undefined, later: ReadonlyMap<string, T>): ByKey<T> {
  return Object.fromEntries([...Object.entries(earlier ?? {}), ...later]);
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
