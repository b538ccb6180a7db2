import type { JsonSchema } from "../format.ts";
import { isAnnotation, mapSubschemas } from "../schema-walk.ts";
import { typeNameOf, withTypeName } from "./type-names.ts";

/**
 * Makes equal schemas one object, so that they are compared by identity and each is visited once,
 * however often it is used.
 */
export class SchemaTable {
  readonly #byKey = new Map<string, JsonSchema>();
  readonly #unified = new Map<JsonSchema, JsonSchema>();
  readonly #numbers = new Map<JsonSchema, number>();

  /** Returns the object that represents a schema and all equal ones. */
  unify(schema: JsonSchema): JsonSchema {
    const known = this.#unified.get(schema);
    if (known) return known;
    const copy = mapSubschemas(schema, (inner) => this.unify(inner));
    const key = this.#keyOf(copy);
    const first = this.#byKey.get(key) ?? withTypeName(copy, typeNameOf(schema));
    if (!this.#byKey.has(key)) {
      this.#byKey.set(key, first);
      this.#numbers.set(first, this.#numbers.size);
      this.#unified.set(first, first);
    }
    this.#unified.set(schema, first);
    return first;
  }

  /** Returns the object that represents a schema without its own annotations. */
  unifyBare(schema: JsonSchema): JsonSchema {
    return this.unify(Object.fromEntries(Object.entries(schema).filter(([keyword]) => !isAnnotation(keyword))));
  }

  #keyOf(schema: JsonSchema): string {
    return JSON.stringify(mapSubschemas(schema, (inner) => ({ "": this.#numbers.get(inner) ?? -1 })));
  }
}
