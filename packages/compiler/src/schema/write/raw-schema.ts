import { isAnnotation, walkSchema } from "methodic/manifest";
import type { Problem } from "../../diagnostics/catalog.ts";

/** A schema as written by ts-json-schema-generator: draft-07, with references to definitions. */
export type RawSchema = { readonly [keyword: string]: unknown };

/** A definition that a raw schema refers to. */
export interface RawDefinition {
  readonly name: string;
  readonly schema: RawSchema;
}

/** Finds a definition by the id in `#/definitions/<id>`. */
export type FindDefinition = (id: string) => RawDefinition;

/** Thrown where a schema cannot be converted. */
export class SchemaConversionError extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.text);
    this.problem = problem;
  }
}

/** Checks whether a schema is a reference; its other keywords describe the place of use. */
export function isReference(raw: RawSchema): boolean {
  return typeof raw["$ref"] === "string";
}

/** Returns the id of the definition that a reference points to. */
export function idOf(raw: RawSchema): string {
  return decodeURIComponent(String(raw["$ref"]).slice("#/definitions/".length));
}

/** Returns the ids of the definitions that a schema refers to. */
export function referencedIds(root: RawSchema): ReadonlySet<string> {
  const ids = new Set<string>();
  walkSchema(root, (raw) => {
    if (isReference(raw)) ids.add(idOf(raw));
  });
  return ids;
}

/**
 * Checks for `{ not: {} }`, which the generator writes for `undefined` and `never`, with or without
 * a description.
 */
export function isUninhabited({ not, ...others }: RawSchema): boolean {
  if (not === undefined || Object.keys(not as object).length > 0) return false;
  return Object.keys(others).every((keyword) => isAnnotation(keyword));
}

/** Checks for an object that must have a property without values. */
export function isImpossibleObject({ properties, required }: RawSchema): boolean {
  const types = (properties ?? {}) as Readonly<Record<string, RawSchema>>;
  return ((required ?? []) as string[]).some((name) => isUninhabited(types[name] ?? {}));
}

const texts = new WeakMap<RawSchema, string>();

/**
 * Returns a key that is equal for schemas that accept the same values because they have the same
 * keywords.
 */
export function contentKey(raw: RawSchema): string {
  let text = texts.get(raw);
  if (text === undefined) {
    const own = Object.entries(raw).filter(([keyword]) => !isAnnotation(keyword));
    text = JSON.stringify(Object.fromEntries(own));
    texts.set(raw, text);
  }
  return text;
}

const resolved = new WeakMap<FindDefinition, WeakMap<RawSchema, RawSchema>>();

/**
 * Follows references to their definitions; keywords next to a reference win. The result is one
 * object for each reference, and the definition's own where no keyword is next to it, so that
 * whatever is derived from it is derived once.
 */
export function resolveReference(raw: RawSchema, find: FindDefinition): RawSchema {
  if (!isReference(raw)) return raw;
  const known = resolved.get(find) ?? new WeakMap<RawSchema, RawSchema>();
  resolved.set(find, known);
  let schema = known.get(raw);
  if (!schema) {
    schema = followReferences(raw, find);
    known.set(raw, schema);
  }
  return schema;
}

function followReferences(raw: RawSchema, find: FindDefinition): RawSchema {
  let current = raw;
  // An alias of an alias is a reference to a reference; cycles were refused when they were read.
  for (let hops = 0; isReference(current) && hops < 100; hops++) {
    const { $ref: _, ...own } = current;
    const { schema } = find(idOf(current));
    current = Object.keys(own).length === 0 ? schema : { ...schema, ...own };
  }
  return current;
}
