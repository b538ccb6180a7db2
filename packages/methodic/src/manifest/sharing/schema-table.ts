import type { JsonSchema } from "../format.ts";
import { isAnnotation, mapSubschemas } from "../schema-walk.ts";
import { typeNameOf } from "./type-names.ts";

/**
 * Makes equal schemas one object, so that they are compared by identity and each is visited once,
 * however often it is used.
 */
export class SchemaTable {
  readonly #byKey = new Map<string, JsonSchema>();
  readonly #unified = new Map<JsonSchema, JsonSchema>();
  readonly #names = new Map<JsonSchema, string>();
  readonly #numbers = new Map<JsonSchema, number>();

  /** Returns the object that represents a schema and all equal ones. */
  unify(schema: JsonSchema): JsonSchema {
    const known = this.#unified.get(schema);
    if (known) return known;
    const copy = mapSubschemas(schema, (inner) => this.unify(inner));
    const key = this.#keyOf(copy);
    const first = this.#byKey.get(key) ?? copy;
    if (first === copy) {
      this.#byKey.set(key, first);
      this.#numbers.set(first, this.#numbers.size);
      this.#unified.set(first, first);
    }
    this.#unified.set(schema, first);
    const name = typeNameOf(schema);
    if (name !== undefined && !this.#names.has(first)) this.#names.set(first, name);
    return first;
  }

  /** Returns the first declared name of a schema and all equal ones, if a type has one. */
  nameOf(schema: JsonSchema): string | undefined {
    return this.#names.get(schema) ?? typeNameOf(schema);
  }

  /** Returns the object that represents a schema without its own annotations. */
  unifyBare(schema: JsonSchema): JsonSchema {
    const entries = Object.entries(schema);
    const bare = entries.filter(([keyword]) => !isAnnotation(keyword));
    return this.unify(bare.length === entries.length ? schema : Object.fromEntries(bare));
  }

  #keyOf(schema: JsonSchema): string {
    return JSON.stringify(mapSubschemas(schema, (inner) => ({ "": this.#numbers.get(inner) ?? -1 })));
  }
}
