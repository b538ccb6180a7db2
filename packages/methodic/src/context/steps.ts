import { MethodicError } from "../errors.ts";
import type { JsonValue } from "../manifest/format.ts";
import { writePlainJson } from "../util/plain-json.ts";

/** The results of a call's steps, kept for the runs of its method. */
export interface StepMemo {
  /** Returns the result of a step in an earlier run. */
  recall(key: string): { readonly result: JsonValue | undefined } | undefined;
  /** Performs a step, and keeps its result for later runs. A question waits for it. */
  keep(key: string, perform: () => Promise<JsonValue | undefined>): Promise<JsonValue | undefined>;
  /** Adds the size of a result in JSON. Returns the total of all calls that share the state. */
  grow(size: number): number;
}

/** The size of all results of a call in JSON: they travel with the client in each round trip. */
const MAX_RESULTS = 64 * 1024;

/** Runs the steps of one call. */
export class Steps {
  readonly #memo: StepMemo;
  readonly #keys = new Set<string>();

  constructor(memo: StepMemo) {
    this.#memo = memo;
  }

  /** `Context.step`: runs an effect, unless an earlier run of the method has a result. */
  async run(key: string, effect: () => unknown): Promise<unknown> {
    if (typeof key !== "string" || key === "") throw createError(`invalid key: ${String(key)}. Pass a name.`);
    if (typeof effect !== "function") throw createError(`"${key}" has no effect. Pass a function.`);
    if (this.#keys.has(key)) throw createError(`two steps of one call have the key "${key}". Give each another key.`);
    this.#keys.add(key);
    const earlier = this.#memo.recall(key);
    if (earlier) {
      this.#count(key, earlier.result);
      return earlier.result;
    }
    return this.#memo.keep(key, () => this.#perform(key, effect));
  }

  async #perform(key: string, effect: () => unknown): Promise<JsonValue | undefined> {
    const result = copyResult(key, await effect());
    this.#count(key, result);
    return result;
  }

  #count(key: string, result: JsonValue | undefined): void {
    if (this.#memo.grow(JSON.stringify(result)?.length ?? 0) <= MAX_RESULTS) return;
    throw createError(
      `the results of this call's steps, up to "${key}", exceed ${MAX_RESULTS / 1024} KB of JSON. Return an id from the step, ` +
        "and load the rest outside.",
    );
  }
}

/** Copies a result, which must be the same after a round trip as JSON. */
function copyResult(key: string, result: unknown): JsonValue | undefined {
  const json = writePlainJson(result);
  if (json.problem !== undefined) throw createError(`the result of "${key}" ${json.problem}. Return plain data.`);
  return json.text === undefined ? undefined : (JSON.parse(json.text) as JsonValue);
}

function createError(problem: string): MethodicError {
  return new MethodicError("INVALID_ARGUMENT", `ctx.step: ${problem}`);
}
