import { definitionName, withTypeName, type JsonSchema, type JsonValue } from "methodic/manifest";
import { problems } from "../../diagnostics/catalog.ts";
import { combineKeywords } from "../read/combine-keywords.ts";
import type { Direction } from "../read/library-types.ts";
import { AMONG } from "../marks.ts";
import { finishKeywords } from "./finish-keywords.ts";
import { foldBranches, type MutableSchema } from "./fold-branches.ts";
import { isUnionAgain } from "./object-shapes.ts";
import { joinUnion, type JoinedUnion } from "./object-unions.ts";
import { preferPlain } from "./prefer-plain.ts";
import {
  SchemaConversionError,
  idOf,
  isImpossibleObject,
  isUninhabited,
  isReference,
  contentKey,
  referencedIds,
  type FindDefinition,
  type RawSchema,
} from "./raw-schema.ts";

/** Maximum number of distinct schemas inside a finished schema; a model cannot use a larger one. */
const MAX_PARTS = 100_000;

/**
 * Converts draft-07 schemas with references to JSON Schema 2020-12 that MCP clients can read. Only
 * recursion stays in `$defs`, under the declared names; everything else is one object in memory
 * that all its uses hold, with its declared name for `shareSchema`. The root is never a `$ref`, and
 * simple unions are merged into one schema.
 */
export class DraftConverter {
  readonly #direction: Direction;
  readonly #find: FindDefinition;
  readonly #recursive = new Map<string, boolean>();
  readonly #references = new Map<string, ReadonlySet<string>>();

  constructor(direction: Direction, find: FindDefinition) {
    this.#direction = direction;
    this.#find = find;
  }

  finish(raw: RawSchema): JsonSchema {
    const run = new Conversion({
      direction: this.#direction,
      find: this.#find,
      isRecursive: (id) => this.#isRecursive(id),
    });
    return run.root(raw);
  }

  /**
   * Checks whether a definition can be reached from itself; an array, only if no definition with a
   * name is on the way, to which a reference leads anyway. That is a property of the graph, not of
   * the entry point.
   */
  #isRecursive(id: string): boolean {
    const known = this.#recursive.get(id);
    if (known !== undefined) return known;
    const seen = new Set<string>();
    const open = [...this.#referencesOf(id)];
    const isNamed = this.#find(id).name !== "";
    while (open.length > 0 && !seen.has(id)) {
      const next = open.pop();
      if (next === undefined || seen.has(next)) continue;
      seen.add(next);
      if (isNamed || this.#find(next).name === "" || !this.#isRecursive(next)) open.push(...this.#referencesOf(next));
    }
    this.#recursive.set(id, seen.has(id));
    return seen.has(id);
  }

  #referencesOf(id: string): ReadonlySet<string> {
    let found = this.#references.get(id);
    if (!found) {
      found = referencedIds(this.#find(id).schema);
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

/** The conversion of one schema, with the `$defs` it needs. */
class Conversion {
  readonly #context: ConversionContext;
  readonly #names = new Map<string, string>();
  readonly #definitions: MutableSchema = {};
  readonly #converted = new Map<RawSchema, MutableSchema>();
  readonly #unions = new Map<string, MutableSchema>();

  constructor(context: ConversionContext) {
    this.#context = context;
  }

  root(raw: RawSchema): JsonSchema {
    // The root is never a reference: a recursive root is written out once, also through aliases,
    // and refers to its definition further in.
    const writeOut = (part: RawSchema): MutableSchema =>
      isReference(part) ? this.#inline(part, writeOut) : this.#convert(part);
    const schema = writeOut(raw);
    return Object.keys(this.#definitions).length > 0 ? { ...schema, $defs: this.#definitions } : schema;
  }

  /** Converts each schema once. */
  #convert(raw: RawSchema): MutableSchema {
    const known = this.#converted.get(raw);
    if (known) return known;
    const converted = Array.isArray(raw["anyOf"]) ? this.#convertAlternatives(raw) : this.#convertOther(raw);
    this.#converted.set(raw, converted);
    if (this.#converted.size > MAX_PARTS)
      throw new SchemaConversionError(problems.tooMany(MAX_PARTS, "distinct parts"));
    return converted;
  }

  #convertOther(raw: RawSchema): MutableSchema {
    if (!isReference(raw)) return this.#convertBody(raw, undefined);
    return this.#context.isRecursive(idOf(raw)) ? this.#refer(raw) : this.#inline(raw);
  }

  /** Converts a union. Joined unions are new for each use, so their text finds equal ones. */
  #convertAlternatives(raw: RawSchema): MutableSchema {
    const text = JSON.stringify(raw);
    let union = this.#unions.get(text);
    if (!union) {
      const joined = this.#join(raw);
      union = joined?.recursive ? this.#referToUnion(raw, joined) : this.#convertBody(raw, joined);
      this.#unions.set(text, union);
    }
    return union;
  }

  #convertBody(raw: RawSchema, joined: JoinedUnion | undefined): MutableSchema {
    const schema: MutableSchema = {};
    const isClosed = raw["additionalProperties"] === false && this.#context.direction === "input";
    for (const [keyword, value] of Object.entries(raw)) {
      if (keyword === "properties") this.#convertProperties(schema, value as Record<string, RawSchema>, isClosed);
      else if (keyword === "patternProperties")
        schema[keyword] = this.#convertPatterns(value as Record<string, RawSchema>);
      else this.#convertKeyword(schema, keyword, value);
    }
    if (Array.isArray(raw["anyOf"])) this.#convertUnion(schema, joined?.branches ?? (raw["anyOf"] as RawSchema[]));
    return finishKeywords(schema);
  }

  /** Joins a union of an input. Results are open and not revived, so their unions stay. */
  #join(raw: RawSchema): JoinedUnion | undefined {
    if (this.#context.direction === "output") return undefined;
    const union = raw["anyOf"] as readonly RawSchema[];
    const anyOf = preferPlain(union, this.#context);
    const joined = joinUnion({ ...raw, anyOf }, this.#context);
    return joined ?? (anyOf === union ? undefined : { branches: anyOf, recursive: false });
  }

  /** Writes a union whose branches may occur inside themselves as a separate definition. */
  #referToUnion(raw: RawSchema, joined: JoinedUnion): MutableSchema {
    const { anyOf, [AMONG]: among, ...own } = raw;
    const key = contentKey({ anyOf, among });
    let name = this.#names.get(key);
    if (name === undefined) {
      const first = (anyOf as RawSchema[]).find((member) => isReference(member));
      name = this.#add(key, first ? this.#context.find(idOf(first)).name : "Union");
      this.#definitions[name] = this.#convertBody({ anyOf }, joined);
    }
    return finishKeywords({ $ref: `#/$defs/${name}`, ...(own as MutableSchema) });
  }

  #convertKeyword(schema: MutableSchema, keyword: string, value: unknown): void {
    if (keyword === "anyOf" || keyword === AMONG) return;
    if (keyword === "items" && Array.isArray(value)) this.#convertTuple(schema, value);
    else if (keyword === "items" || keyword === "additionalItems")
      schema["items"] = this.#convertElement(value as RawSchema);
    else if (keyword === "additionalProperties") this.#convertAdditional(schema, value as RawSchema | boolean);
    else schema[keyword] = value as JsonValue;
  }

  #convertProperties(schema: MutableSchema, properties: Record<string, RawSchema>, isClosed: boolean): void {
    // A closed object accepts no value of an uninhabited property, whether it is listed or not.
    const listed = Object.entries(properties).filter(([, property]) => !isClosed || !isUninhabited(property));
    if (listed.length > 0 || !isClosed)
      schema["properties"] = Object.fromEntries(listed.map(([name, property]) => [name, this.#convert(property)]));
  }

  #convertPatterns(patterns: Record<string, RawSchema>): MutableSchema {
    return Object.fromEntries(
      Object.entries(patterns).map(([pattern, raw]) => [pattern, isUninhabited(raw) ? false : this.#convert(raw)]),
    );
  }

  #convertTuple(schema: MutableSchema, elements: readonly RawSchema[]): void {
    schema["prefixItems"] = elements.map((element) => this.#convertElement(element));
    // `additionalItems`, which follows `items`, replaces this if there is a rest element.
    schema["items"] = false;
  }

  /** Converts an array element. An undefined element cannot come in, and goes out as null. */
  #convertElement(raw: RawSchema): MutableSchema {
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

  #convertAdditional(schema: MutableSchema, value: RawSchema | boolean): void {
    // Results stay open: clients must keep working when a server adds a field.
    if (typeof value === "object") schema["additionalProperties"] = isUninhabited(value) ? false : this.#convert(value);
    else if (!value && this.#context.direction === "input") schema["additionalProperties"] = false;
  }

  #convertUnion(schema: MutableSchema, members: readonly RawSchema[]): void {
    const branches = members
      .filter((member) => !isUninhabited(member) && !isImpossibleObject(member))
      .filter((member) => !isReference(member) || !isUnionAgain(member, members, this.#context.find))
      .map((member) => this.#convert(member));
    const folded = foldBranches(branches);
    const [only] = folded;
    if (!only) schema["not"] = {};
    else if (folded.length === 1) Object.assign(schema, combineKeywords(only, schema));
    else schema["anyOf"] = folded;
  }

  #inline(raw: RawSchema, convert = (part: RawSchema): MutableSchema => this.#convert(part)): MutableSchema {
    const { name, schema } = this.#context.find(idOf(raw));
    const { $ref: _, ...own } = raw;
    const definition = convert(schema);
    // The keywords at the place of use (a description, a default) describe that place and win.
    return withTypeName(finishKeywords(combineKeywords(definition, own)), name || undefined);
  }

  #refer(raw: RawSchema): MutableSchema {
    const id = idOf(raw);
    const { $ref: _, ...own } = raw;
    return finishKeywords({ $ref: `#/$defs/${this.#define(id)}`, ...(own as MutableSchema) });
  }

  #define(id: string): string {
    const known = this.#names.get(id);
    if (known !== undefined) return known;
    const definition = this.#context.find(id);
    const name = this.#add(id, definition.name);
    const { schema } = definition;
    const joined = Array.isArray(schema["anyOf"]) ? this.#join(schema) : undefined;
    // The alias's definition serves as the union's, too.
    if (joined?.recursive) this.#names.set(contentKey({ anyOf: schema["anyOf"] }), name);
    this.#definitions[name] = joined ? this.#convertBody(schema, joined) : this.#convert(schema);
    return name;
  }

  /**
   * Reserves a definition's place before it is filled, so that definitions are listed in the order
   * they are met.
   */
  #add(key: string, declaredName: string): string {
    const name = definitionName(declaredName || "Array", (taken) => Object.hasOwn(this.#definitions, taken));
    this.#names.set(key, name);
    this.#definitions[name] = {};
    return name;
  }
}
