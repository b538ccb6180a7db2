import type { JsonSchema } from "../format.ts";
import { HEADER_KEYWORD } from "../header-parameters.ts";
import {
  isAnnotation,
  mapSubschemas,
  oncePerSchema,
  parseDefinitionReference,
  referenceTo,
  subschemasOf,
  walkSchema,
} from "../schema-walk.ts";
import type { RefsMode } from "../decorator-options.ts";
import { SchemaTable } from "./schema-table.ts";
import { definitionName, plainName, withoutTypeName } from "./type-names.ts";
import { writeOutReferences } from "./write-out.ts";

/** Size of a schema, as JSON, up to which `auto` writes out everything: every client reads that. */
export const MAX_WRITTEN_OUT = 4096;

/** Size of a part, as JSON, below which a reference only makes it harder to read. */
const MIN_SHARED = 64;

/** The same for a part without inner parts, such as the literal that distinguishes an object. */
const MIN_SHARED_LEAF = 96;

/** Maximum number of rounds to find the parts that pay; each leaves out fewer. */
const MAX_ROUNDS = 16;

/**
 * Writes a schema with references (`#/$defs/…`) to the parts that are used more than once. Equal
 * parts are one definition, under the declared name of their type; annotations stay at the place of
 * use. The root is never a reference.
 */
export function shareSchema(root: JsonSchema, mode: RefsMode, table: SchemaTable = new SchemaTable()): JsonSchema {
  const whole = writeOutReferences(root, table);
  const graph = new PartGraph(whole, table);
  return new SharedForm(graph, hasInnerReferences(whole) ? new Set() : selectShared(graph, mode)).write();
}

/** Checks for references into a definition, which need it to be written out. */
export function hasInnerReferences(root: JsonSchema): boolean {
  let found = false;
  walkSchema(root, ({ $ref }) => {
    found ||= $ref !== undefined && parseDefinitionReference($ref)?.isWhole !== true;
  });
  return found;
}

/** A part of a schema, with all equal ones. */
interface Part {
  readonly schema: JsonSchema;
  /** The part that differs only in its annotations, if that is the more frequent one. */
  readonly base: Part | undefined;
  readonly inner: readonly Part[];
  /** Length of its JSON without the inner parts or the base. */
  readonly ownSize: number;
  /** The declared name of its type, else that of the first property that has it. */
  readonly name: string;
}

/** The distinct parts of a schema. */
class PartGraph {
  readonly root: Part;
  readonly definitions: ReadonlyMap<string, Part>;
  /** Inner parts before outer ones. */
  readonly parts: Part[] = [];
  readonly #table: SchemaTable;
  readonly #uses = new Map<JsonSchema, number>();
  /** The schemas that differ only in annotations, by the one without. */
  readonly #variants = new Map<JsonSchema, Set<JsonSchema>>();
  readonly #bySchema = new Map<JsonSchema, Part>();

  constructor(root: JsonSchema, table: SchemaTable) {
    this.#table = table;
    const { $defs = {}, ...others } = root;
    const own = table.unify(others);
    const definitions = Object.entries($defs as Readonly<Record<string, JsonSchema>>);
    for (const schema of [...definitions.map(([, definition]) => definition), own]) this.#count(schema);
    this.root = this.partOf(own);
    this.definitions = new Map(definitions.map(([name, schema]) => [name, this.partOf(schema, name)]));
  }

  /** Returns the part that a schema of the graph belongs to. */
  partOf(schema: JsonSchema, place = "Type"): Part {
    const known = this.#bySchema.get(schema);
    if (known) return known;
    const home = this.#homeOf(schema);
    const part =
      home === schema
        ? this.#createPart(schema, this.#table.nameOf(schema) ?? place)
        : this.#createVariant(schema, home, place);
    this.#bySchema.set(schema, part);
    this.parts.push(part);
    return part;
  }

  #createPart(schema: JsonSchema, name: string): Part {
    const ownSize = this.#ownSize(schema);
    const inner = subschemasOf(schema).map(({ keyword, path, schema: slot }) =>
      this.partOf(slot, keyword === "properties" ? (path[1] ?? name) : name),
    );
    return { schema, base: undefined, inner, ownSize, name };
  }

  /** Returns the length of a schema's JSON without the inner schemas. */
  readonly #ownSize = oncePerSchema((schema: JsonSchema): number => {
    return JSON.stringify(mapSubschemas(schema, () => ({}))).length - 2 * subschemasOf(schema).length;
  });

  readonly #wholeSize = oncePerSchema((schema: JsonSchema): number => {
    return this.#ownSize(schema) + sum(subschemasOf(schema).map((inner) => this.#wholeSize(inner.schema)));
  });

  #createVariant(schema: JsonSchema, home: JsonSchema, name: string): Part {
    const base = this.partOf(home, name);
    return { schema, base, inner: base.inner, ownSize: annotationSize(schema), name };
  }

  #count(schema: JsonSchema): void {
    const bare = this.#table.unifyBare(schema);
    const variants = this.#variants.get(bare);
    if (variants) return void variants.add(schema);
    this.#variants.set(bare, new Set([schema]));
    for (const { schema: slot } of subschemasOf(bare)) {
      this.#uses.set(slot, (this.#uses.get(slot) ?? 0) + 1);
      this.#count(slot);
    }
  }

  /**
   * Returns the most frequent of the schemas that differ only in annotations, if the others
   * override all of these. A default belongs to the place of use. Header parameters are written
   * out: clients and the SDK read their type from the property.
   */
  #homeOf(schema: JsonSchema): JsonSchema {
    if (HEADER_KEYWORD in schema) return schema;
    const bare = this.#table.unifyBare(schema);
    if (this.#wholeSize(bare) < MIN_SHARED) return schema;
    const variants = [...(this.#variants.get(bare) ?? [])];
    const homes = variants.filter(
      (variant) =>
        !("default" in variant) && Object.keys(variant).every((keyword) => variants.every((other) => keyword in other)),
    );
    const [home = bare] = homes.sort((a, b) => (this.#uses.get(b) ?? 0) - (this.#uses.get(a) ?? 0));
    return home;
  }
}

/** Selects the parts whose definition and references are shorter than the copies. */
function selectShared(graph: PartGraph, mode: RefsMode): ReadonlySet<Part> {
  const none = new Set<Part>();
  if (mode === "inline" || (mode === "auto" && totalSize(graph, sizesOf(graph, none)) <= MAX_WRITTEN_OUT)) return none;
  // Defaults and headers belong to the place of use.
  const candidates = graph.parts.filter(({ schema }) => !("default" in schema) && !(HEADER_KEYWORD in schema));
  const uses = copiesOf(graph, new Set(candidates));
  let shared: ReadonlySet<Part> = new Set(candidates.filter((part) => (uses.get(part) ?? 0) > 1));
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const [sizes, copies] = [sizesOf(graph, shared), copiesOf(graph, shared)];
    const pays = (part: Part): boolean => {
      const [size, count, reference] = [sizes.get(part) ?? 0, copies.get(part) ?? 0, referenceSize(part)];
      const min = part.inner.length > 0 || part.base ? MIN_SHARED : MIN_SHARED_LEAF;
      return size >= min && count * size > size + reference + count * reference;
    };
    const left = new Set([...shared].filter(pays));
    if (left.size === shared.size) break;
    shared = left;
  }
  return shared;
}

/** Returns the length of a reference's JSON; the definition's name takes no more. */
function referenceSize({ name }: Part): number {
  return `{"$ref":"${referenceTo(plainName(name))}"}`.length;
}

/** Returns the length of each part's JSON. */
function sizesOf({ parts }: PartGraph, shared: ReadonlySet<Part>): ReadonlyMap<Part, number> {
  const sizes = new Map<Part, number>();
  const sizeOf = (part: Part): number => (shared.has(part) ? referenceSize(part) : (sizes.get(part) ?? 0));
  for (const part of parts) {
    const { base, inner, ownSize } = part;
    const bare =
      base && (shared.has(base) ? referenceSize(base) : (sizes.get(base) ?? 0) - annotationSize(base.schema));
    sizes.set(part, ownSize + (bare ?? sum(inner.map(sizeOf))));
  }
  return sizes;
}

function totalSize({ root, definitions }: PartGraph, sizes: ReadonlyMap<Part, number>): number {
  return sum([root, ...definitions.values()].map((part) => sizes.get(part) ?? 0));
}

/** Returns the number of times that each part would be written. */
function copiesOf(graph: PartGraph, shared: ReadonlySet<Part>): ReadonlyMap<Part, number> {
  const copies = new Map<Part, number>();
  const add = (parts: readonly Part[], count: number): void => {
    for (const part of parts) copies.set(part, (copies.get(part) ?? 0) + count);
  };
  // The root and the definitions are written in full; a recursive root is written as both.
  const whole = new Map<Part, number>();
  for (const part of [graph.root, ...graph.definitions.values()]) {
    whole.set(part, (whole.get(part) ?? 0) + 1);
    add(part.inner, 1);
  }
  const definitions = new Set(graph.definitions.values());
  for (const part of [...graph.parts].reverse()) {
    const uses = copies.get(part) ?? 0;
    add(part.base ? [part.base] : part.inner, shared.has(part) ? Number(!definitions.has(part)) : uses);
    copies.set(part, uses + (whole.get(part) ?? 0));
  }
  return copies;
}

function annotationSize(schema: JsonSchema): number {
  const entries = Object.entries(schema).filter(([keyword]) => isAnnotation(keyword));
  // With the comma to other keywords.
  return entries.length === 0 ? 0 : JSON.stringify(Object.fromEntries(entries)).length - 1;
}

function sum(numbers: Iterable<number>): number {
  let total = 0;
  for (const number of numbers) total += number;
  return total;
}

/** Writes a schema with its shared parts as definitions. */
class SharedForm {
  readonly #graph: PartGraph;
  readonly #shared: ReadonlySet<Part>;
  readonly #names = new Map<Part, string>();
  readonly #definitions: Record<string, JsonSchema> = {};

  constructor(graph: PartGraph, shared: ReadonlySet<Part>) {
    this.#graph = graph;
    this.#shared = shared;
    for (const [name, part] of graph.definitions) {
      this.#definitions[name] = {};
      if (!this.#names.has(part)) this.#names.set(part, name);
    }
  }

  write(): JsonSchema {
    const root = this.#writeBody(this.#graph.root);
    // A definition that only names another would be one more reference to follow.
    for (const [name, part] of this.#graph.definitions) this.#definitions[name] = this.#writeBody(part);
    return Object.keys(this.#definitions).length > 0 ? { ...root, $defs: this.#definitions } : root;
  }

  readonly #write = oncePerSchema((schema: JsonSchema): JsonSchema => {
    const part = this.#graph.partOf(schema);
    return this.#shared.has(part) ? { $ref: this.#refer(part) } : this.#writePart(part);
  });

  /** Writes a part itself. Annotations of the place of use stay next to a reference. */
  #writePart(part: Part): JsonSchema {
    const { schema, base } = part;
    if (!base || !this.#shared.has(base)) return this.#writeBody(part);
    const annotations = Object.entries(schema).filter(([keyword]) => isAnnotation(keyword));
    return { $ref: this.#refer(base), ...Object.fromEntries(annotations) };
  }

  #writeBody({ schema }: Part): JsonSchema {
    return withoutTypeName(mapSubschemas(schema, this.#write));
  }

  /** Returns the reference to a part, whose definition is written on first use. */
  #refer(part: Part): string {
    let name = this.#names.get(part);
    if (name === undefined) {
      name = definitionName(part.name, (taken) => Object.hasOwn(this.#definitions, taken));
      this.#names.set(part, name);
      // Reserved before it is written, so that definitions are listed in the order they are met.
      this.#definitions[name] = {};
      this.#definitions[name] = this.#writePart(part);
    }
    return referenceTo(name);
  }
}
