import { isRecord } from "../util/record.ts";
import type { JsonSchema, JsonValue } from "./format.ts";
import { mapSubschemas, schemaKeyword } from "./schema-walk.ts";
import { SchemaTable } from "./sharing/schema-table.ts";

/** Length of a schema, as JSON, from which the pool has it once. */
const MIN_POOLED = 24;

/**
 * Writes schemas as one JSON list in which each distinct part is written once: in place of a
 * schema, a number is an index of the list.
 */
export class SchemaPoolWriter {
  readonly #table = new SchemaTable();
  readonly #roots = new Set<JsonSchema>();
  readonly #uses = new Map<JsonSchema, number>();
  readonly #entries: JsonValue[] = [];
  readonly #written = new Map<JsonSchema, JsonValue>();

  /** Adds a schema. */
  add(schema: JsonSchema): void {
    const root = this.#table.unify(schema);
    this.#roots.add(root);
    this.#count(root);
  }

  /** Returns the index of a schema. All schemas must have been added. */
  indexOf(schema: JsonSchema): number {
    return this.#write(this.#table.unify(schema)) as number;
  }

  /** Returns the list as JSON. */
  toJson(): string {
    return JSON.stringify(this.#entries);
  }

  #count(schema: JsonSchema): void {
    const uses = this.#uses.get(schema) ?? 0;
    this.#uses.set(schema, uses + 1);
    if (uses > 0) return;
    mapSubschemas(schema, (inner) => {
      this.#count(inner);
      return inner;
    });
  }

  #write(schema: JsonSchema): JsonValue {
    const known = this.#written.get(schema);
    if (known !== undefined) return known;
    // A number is not a schema, so it cannot be mistaken for one.
    const copy = mapSubschemas(schema, (inner) => this.#write(inner) as JsonSchema);
    const isPooled =
      this.#roots.has(schema) || ((this.#uses.get(schema) ?? 0) > 1 && JSON.stringify(copy).length >= MIN_POOLED);
    const written = isPooled ? this.#entries.push(copy) - 1 : copy;
    this.#written.set(schema, written);
    return written;
  }
}

/** Returns the schema at an index. */
export type SchemaPool = (index: number) => JsonSchema;

/** Reads the list of a {@link SchemaPoolWriter}. Equal parts are one object in memory. */
export function readSchemaPool(json: string): SchemaPool {
  const entries = JSON.parse(json) as JsonValue[];
  const filled = new Set<JsonValue>();
  const resolve = (value: JsonValue): JsonValue => {
    if (typeof value === "number") return at(value);
    if (isRecord(value)) fill(value);
    return value;
  };
  const fill = (schema: Record<string, JsonValue>): void => {
    for (const [keyword, value] of Object.entries(schema)) {
      const form = schemaKeyword(keyword)?.form;
      if (form === "schema") schema[keyword] = resolve(value);
      else if (form && typeof value === "object" && value !== null) {
        const holder = value as Record<string, JsonValue>;
        for (const [name, inner] of Object.entries(holder)) holder[name] = resolve(inner);
      }
    }
  };
  const at = (index: number): JsonSchema => {
    const entry = entries[index] as Record<string, JsonValue>;
    if (!filled.has(entry)) {
      filled.add(entry);
      fill(entry);
    }
    return entry;
  };
  return at;
}
