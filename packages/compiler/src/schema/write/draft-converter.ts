import { walkSchema, type JsonSchema, type JsonValue } from "methodic/manifest";
import { problems } from "../../diagnostics/catalog.ts";
import { combineKeywords, findContradiction } from "../read/combine-keywords.ts";
import type { Direction } from "../read/library-types.ts";
import { AMONG, INTEGER, TEMPLATE } from "../marks.ts";
import { joinUnion, type JoinedUnion } from "./object-unions.ts";
import {
  SchemaConversionError,
  idOf,
  isUninhabited,
  isReference,
  contentKey,
  type FindDefinition,
  type RawSchema,
} from "./raw-schema.ts";

/** Maximum number of schemas inside a finished schema; a larger one is of no use to a client. */
const MAX_PARTS = 20_000;

/** Keywords in the order of publication; all others follow. */
const KEYWORD_ORDER = [
  "$ref",
  "title",
  "description",
  "deprecated",
  "type",
  "const",
  "enum",
  "format",
  "pattern",
  "anyOf",
  "properties",
  "required",
  "patternProperties",
  "additionalProperties",
  "propertyNames",
  "prefixItems",
  "items",
];

/**
 * Converts draft-07 schemas with references to JSON Schema 2020-12 that MCP clients can read. Only
 * recursion stays in `$defs`, under the declared names; everything else is written out. The root is
 * never a `$ref`, and simple unions are merged into one schema.
 */
export class DraftConverter {
  readonly #direction: Direction;
  readonly #find: FindDefinition;
  readonly #recursive = new Map<string, boolean>();
  readonly #references = new Map<string, readonly string[]>();

  constructor(direction: Direction, find: FindDefinition) {
    this.#direction = direction;
    this.#find = find;
  }

  /** Converts one schema. */
  finish(raw: RawSchema): JsonSchema {
    const run = new Conversion({
      direction: this.#direction,
      find: this.#find,
      isRecursive: (id) => this.#isRecursive(id),
    });
    return run.root(raw);
  }

  /**
   * Checks whether a definition can be reached from itself. That is a property of the graph, not of
   * the entry point.
   */
  #isRecursive(id: string): boolean {
    const known = this.#recursive.get(id);
    if (known !== undefined) return known;
    const seen = new Set<string>();
    const open = [...this.#referencesOf(id)];
    while (open.length > 0 && !seen.has(id)) {
      const next = open.pop();
      if (next === undefined || seen.has(next)) continue;
      seen.add(next);
      open.push(...this.#referencesOf(next));
    }
    this.#recursive.set(id, seen.has(id));
    return seen.has(id);
  }

  #referencesOf(id: string): readonly string[] {
    let found = this.#references.get(id);
    if (!found) {
      const ids = new Set<string>();
      walkSchema(this.#find(id).schema, (raw) => {
        if (isReference(raw)) ids.add(idOf(raw));
      });
      found = [...ids];
      this.#references.set(id, found);
    }
    return found;
  }
}

interface ConversionContext {
  readonly direction: Direction;
  readonly find: FindDefinition;
  readonly isRecursive: (id: string) => boolean;
}

type Mutable = { [keyword: string]: JsonValue };

/** The conversion of one schema, with the `$defs` it needs. */
class Conversion {
  readonly #context: ConversionContext;
  readonly #names = new Map<string, string>();
  readonly #definitions: Mutable = {};
  #parts = 0;

  constructor(context: ConversionContext) {
    this.#context = context;
  }

  root(raw: RawSchema): JsonSchema {
    // The root is never a reference: a recursive root is written out once, and refers to its
    // definition further in.
    const schema = isReference(raw) ? this.#inline(raw) : this.#convert(raw);
    return Object.keys(this.#definitions).length > 0 ? { ...schema, $defs: this.#definitions } : schema;
  }

  #convert(raw: RawSchema): Mutable {
    if (++this.#parts > MAX_PARTS) throw new SchemaConversionError(problems.schemaTooLarge(MAX_PARTS));
    if (isReference(raw)) return this.#context.isRecursive(idOf(raw)) ? this.#refer(raw) : this.#inline(raw);
    const joined = Array.isArray(raw["anyOf"]) ? this.#join(raw) : undefined;
    return joined?.recursive ? this.#referToUnion(raw, joined) : this.#convertBody(raw, joined);
  }

  #convertBody(raw: RawSchema, joined: JoinedUnion | undefined): Mutable {
    const schema: Mutable = {};
    const isClosed = raw["additionalProperties"] === false && this.#context.direction === "input";
    for (const [keyword, value] of Object.entries(raw)) {
      if (keyword === "properties") this.#convertProperties(schema, value as Record<string, RawSchema>, isClosed);
      else if (keyword === "patternProperties")
        schema[keyword] = this.#convertPatterns(value as Record<string, RawSchema>);
      else this.#convertKeyword(schema, keyword, value);
    }
    if (Array.isArray(raw["anyOf"])) this.#convertUnion(schema, joined?.branches ?? (raw["anyOf"] as RawSchema[]));
    return sortKeywords(schema);
  }

  /** Joins a union of objects. Results are open, so theirs need no joining. */
  #join(raw: RawSchema): JoinedUnion | undefined {
    return this.#context.direction === "input" ? joinUnion(raw, this.#context) : undefined;
  }

  /** Writes a union whose branches may occur inside themselves as a separate definition. */
  #referToUnion(raw: RawSchema, joined: JoinedUnion): Mutable {
    const { anyOf, [AMONG]: among, ...own } = raw;
    const key = contentKey({ anyOf, among });
    let name = this.#names.get(key);
    if (name === undefined) {
      const first = (anyOf as RawSchema[]).find((member) => isReference(member));
      name = this.#add(key, first ? this.#context.find(idOf(first)).name : "Union");
      this.#definitions[name] = this.#convertBody({ anyOf }, joined);
    }
    return sortKeywords({ $ref: `#/$defs/${name}`, ...(own as Mutable) });
  }

  #convertKeyword(schema: Mutable, keyword: string, value: unknown): void {
    if (keyword === "anyOf" || keyword === AMONG) return;
    if (keyword === "items" && Array.isArray(value)) this.#convertTuple(schema, value);
    else if (keyword === "items" || keyword === "additionalItems")
      schema["items"] = this.#convertElement(value as RawSchema);
    else if (keyword === "additionalProperties") this.#convertAdditional(schema, value as RawSchema | boolean);
    else schema[keyword] = value as JsonValue;
  }

  #convertProperties(schema: Mutable, properties: Record<string, RawSchema>, isClosed: boolean): void {
    // A closed object accepts no value of an uninhabited property, whether it is listed or not.
    const listed = Object.entries(properties).filter(([, property]) => !isClosed || !isUninhabited(property));
    if (listed.length > 0 || !isClosed)
      schema["properties"] = Object.fromEntries(listed.map(([name, property]) => [name, this.#convert(property)]));
  }

  #convertPatterns(patterns: Record<string, RawSchema>): Mutable {
    return Object.fromEntries(
      Object.entries(patterns).map(([pattern, raw]) => [pattern, isUninhabited(raw) ? false : this.#convert(raw)]),
    );
  }

  #convertTuple(schema: Mutable, elements: readonly RawSchema[]): void {
    schema["prefixItems"] = elements.map((element) => this.#convertElement(element));
    // `additionalItems`, which follows `items`, replaces this if there is a rest element.
    schema["items"] = false;
  }

  /** Converts an array element. An undefined element cannot come in, and goes out as null. */
  #convertElement(raw: RawSchema): Mutable {
    const asNull = this.#context.direction === "output" && this.#admitsUndefined(raw, new Set());
    return this.#convert(asNull ? { anyOf: [raw, { type: "null" }] } : raw);
  }

  #admitsUndefined(raw: RawSchema, seen: Set<string>): boolean {
    if (isUninhabited(raw)) return true;
    if (Array.isArray(raw["anyOf"]))
      return (raw["anyOf"] as RawSchema[]).some((branch) => this.#admitsUndefined(branch, seen));
    if (!isReference(raw) || seen.has(idOf(raw))) return false;
    return this.#admitsUndefined(this.#context.find(idOf(raw)).schema, seen.add(idOf(raw)));
  }

  #convertAdditional(schema: Mutable, value: RawSchema | boolean): void {
    // Results stay open: clients must keep working when a server adds a field.
    if (typeof value === "object") schema["additionalProperties"] = isUninhabited(value) ? false : this.#convert(value);
    else if (!value && this.#context.direction === "input") schema["additionalProperties"] = false;
  }

  #convertUnion(schema: Mutable, members: readonly RawSchema[]): void {
    const branches = members.filter((member) => !isUninhabited(member)).map((member) => this.#convert(member));
    const folded = foldBranches(branches);
    const [only] = folded;
    if (folded.length === 1 && only) Object.assign(schema, combineKeywords(only, schema));
    else schema["anyOf"] = folded;
  }

  #inline(raw: RawSchema): Mutable {
    const definition = this.#convert(this.#context.find(idOf(raw)).schema);
    const { $ref: _, ...own } = raw;
    // The keywords at the place of use (a description, a default) describe that place and win.
    return sortKeywords(combineKeywords(definition, own));
  }

  #refer(raw: RawSchema): Mutable {
    const id = idOf(raw);
    const { $ref: _, ...own } = raw;
    return sortKeywords({ $ref: `#/$defs/${this.#define(id)}`, ...(own as Mutable) });
  }

  #define(id: string): string {
    const known = this.#names.get(id);
    if (known !== undefined) return known;
    const definition = this.#context.find(id);
    const name = this.#add(id, definition.name);
    const { schema } = definition;
    const joined = Array.isArray(schema["anyOf"]) ? this.#join(schema) : undefined;
    // The alias's definition is that of the union, too.
    if (joined?.recursive) this.#names.set(contentKey({ anyOf: schema["anyOf"] }), name);
    this.#definitions[name] = joined ? this.#convertBody(schema, joined) : this.#convert(schema);
    return name;
  }

  /**
   * Reserves a definition's place before it is filled, so that definitions are listed in the order
   * they are met.
   */
  #add(key: string, declaredName: string): string {
    const name = freeName(plainName(declaredName), this.#definitions);
    this.#names.set(key, name);
    this.#definitions[name] = {};
    return name;
  }
}

/**
 * Merges branches that are only types, or only values, into one schema: it is shorter, and every
 * client can read it.
 */
function foldBranches(branches: readonly Mutable[]): Mutable[] {
  const flat = branches.flatMap((branch) => (isOnly(branch, ["anyOf"]) ? (branch["anyOf"] as Mutable[]) : [branch]));
  let types = flat.filter((branch) => isOnly(branch, ["type"]));
  let values = flat.filter((branch) => isOnly(branch, ["type", "const"]) || isOnly(branch, ["type", "enum"]));
  if (values.length > 0 && types.every((branch) => branch["type"] === "null")) {
    // Among values alone, null is one more value.
    values = [...values, ...types];
    types = [];
  }
  const groups = [types, values].filter((group) => group.length > 1);
  return flat.flatMap((branch) => {
    const group = groups.find((candidate) => candidate.includes(branch));
    if (!group) return [branch];
    // A group takes the place of its first member.
    return flat.find((candidate) => group.includes(candidate)) === branch
      ? [
          group === values
            ? { ...mergeTypes(group), enum: [...new Set(group.flatMap((member) => valuesOf(member)))] }
            : mergeTypes(group),
        ]
      : [];
  });
}

function mergeTypes(group: readonly Mutable[]): Mutable {
  const types = [...new Set(group.flatMap((branch) => branch["type"] as string | string[]))];
  return { type: types.length === 1 && types[0] !== undefined ? types[0] : types };
}

function valuesOf(branch: Mutable): readonly JsonValue[] {
  if ("const" in branch) return [branch["const"] as JsonValue];
  if ("enum" in branch) return branch["enum"] as JsonValue[];
  return [null];
}

function isOnly(branch: Mutable, keywords: readonly string[]): boolean {
  const own = Object.keys(branch);
  return own.length === keywords.length && keywords.every((keyword) => keyword in branch);
}

function sortKeywords({ [INTEGER]: integer, ...schema }: Mutable): Mutable {
  if (integer) schema["type"] = "integer";
  delete schema[TEMPLATE];
  const contradiction = findContradiction(schema);
  if (contradiction) throw new SchemaConversionError(problems.contradictoryConstraints(...contradiction));
  const known = KEYWORD_ORDER.filter((keyword) => keyword in schema);
  const others = Object.keys(schema).filter((keyword) => !KEYWORD_ORDER.includes(keyword));
  return Object.fromEntries([...known, ...others].map((keyword) => [keyword, schema[keyword] as JsonValue]));
}

function plainName(name: string): string {
  return name.replaceAll(/[^A-Za-z0-9_.-]+/g, "_").replace(/^_+(?=.)|_+$/g, "") || "Type";
}

function freeName(name: string, taken: Mutable): string {
  for (let suffix = 1; ; suffix++) {
    const candidate = suffix === 1 ? name : `${name}_${suffix}`;
    if (!Object.hasOwn(taken, candidate)) return candidate;
  }
}
