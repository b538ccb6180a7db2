import { isAnnotation } from "methodic/manifest";
import type { Problem } from "../../diagnostics/catalog.ts";

/** A schema as ts-json-schema-generator formats it: draft-07, with references to definitions. */
export type RawSchema = { readonly [keyword: string]: unknown };

/** A definition a raw schema refers to. */
export interface RawDefinition {
  readonly name: string;
  readonly schema: RawSchema;
}

/** Finds a definition by the id in `#/definitions/<id>`. */
export type FindDefinition = (id: string) => RawDefinition;

/** Thrown where a schema cannot be finished. */
export class SchemaConversionError extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.text);
    this.problem = problem;
  }
}

/** Whether a schema points to a definition; keywords beside the reference are said about its place. */
export function isReference(raw: RawSchema): boolean {
  return typeof raw["$ref"] === "string";
}

/** The id of the definition a reference points to. */
export function idOf(raw: RawSchema): string {
  return decodeURIComponent(String(raw["$ref"]).slice("#/definitions/".length));
}

/** What the generator writes for `undefined` and `never`. */
export function isUninhabited(raw: RawSchema): boolean {
  const keys = Object.keys(raw);
  return keys.length === 1 && keys[0] === "not" && Object.keys(raw["not"] as object).length === 0;
}

const texts = new WeakMap<RawSchema, string>();

/** A text that is the same for schemas that take the same values because they say the same. */
export function contentKey(raw: RawSchema): string {
  let text = texts.get(raw);
  if (text === undefined) {
    const own = Object.entries(raw).filter(([keyword]) => !isAnnotation(keyword));
    text = JSON.stringify(Object.fromEntries(own));
    texts.set(raw, text);
  }
  return text;
}

/** Follows references to what they point to; keywords beside a reference win. */
export function resolveReference(raw: RawSchema, find: FindDefinition): RawSchema {
  let current = raw;
  // An alias of an alias is a reference to a reference; a cycle of them has been refused when it was read.
  for (let hops = 0; isReference(current) && hops < 100; hops++) {
    const { $ref: _, ...own } = current;
    current = { ...find(idOf(current)).schema, ...own };
  }
  return current;
}
