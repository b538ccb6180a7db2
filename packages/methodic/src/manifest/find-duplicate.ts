/** The indexes of two equal items of an array, `j` before `i`. */
export interface Duplicate {
  readonly i: number;
  readonly j: number;
}

/**
 * Finds two items of an array that are equal as JSON: the last item that has an equal before it,
 * and the nearest such equal. Takes linear time, so that a client cannot keep the server busy with
 * a long array.
 */
export function findDuplicate(items: readonly unknown[]): Duplicate | undefined {
  const keys = new JsonKeys();
  const scalars = new Map<unknown, number>();
  const containers = new Map<string, number>();
  let found: Duplicate | undefined;
  for (const [i, item] of items.entries()) {
    const isContainer = typeof item === "object" && item !== null;
    const places: Map<unknown, number> = isContainer ? containers : scalars;
    const key = isContainer ? keys.keyOf(item) : item;
    const j = places.get(key);
    if (j !== undefined) found = { i, j };
    places.set(key, i);
  }
  return found;
}

/**
 * Computes keys of JSON values. Equal values have equal keys, regardless of the order of their
 * properties.
 */
export class JsonKeys {
  // A number stands for each container, so that deeply nested ones are not written again at each
  // level.
  readonly #numbers = new Map<string, number>();

  keyOf(value: unknown): string {
    if (typeof value !== "object" || value === null)
      return typeof value === "string" ? JSON.stringify(value) : String(value);
    const text = Array.isArray(value) ? this.#writeItems(value) : this.#writeProperties(value);
    let number = this.#numbers.get(text);
    if (number === undefined) this.#numbers.set(text, (number = this.#numbers.size));
    return `#${number}`;
  }

  #writeItems(items: readonly unknown[]): string {
    return `[${items.map((item) => this.keyOf(item)).join(",")}`;
  }

  #writeProperties(object: object): string {
    const names = Object.keys(object).sort();
    return `{${names.map((name) => `${JSON.stringify(name)}:${this.keyOf((object as Record<string, unknown>)[name])}`).join(",")}`;
  }
}
