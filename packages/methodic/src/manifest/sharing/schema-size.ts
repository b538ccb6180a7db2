import type { JsonSchema, JsonValue } from "../format.ts";
import {
  definitionsIn,
  isSchema,
  oncePerSchema,
  parseDefinitionReference,
  placeOf,
  schemaKeyword,
  subschemasOf,
} from "../schema-walk.ts";

/** Maximum number of places that make a schema large in a message. */
const MAX_NAMED = 3;

/** A place with this share of the size of the place around it is named in its stead. */
const MAIN_SHARE = 0.75;

/**
 * Returns the length of a schema's JSON. A part that is one object in memory is written at each of
 * its places, so the text may be far longer than the schema.
 */
export function writtenSize(schema: JsonSchema): number {
  return createSizer()(schema);
}

/** Creates a {@link writtenSize} that remembers the sizes of all parts. */
export function createSizer(): (value: JsonValue) => number {
  const known = new Map<JsonValue, number>();
  const sizeOf = (value: JsonValue): number => {
    if (typeof value !== "object" || value === null) return JSON.stringify(value).length;
    let size = known.get(value);
    if (size === undefined) {
      // Two brackets, and a comma between two parts.
      const parts = Array.isArray(value)
        ? value.map((item: JsonValue) => sizeOf(item))
        : Object.entries(value).map(([key, item]) => JSON.stringify(key).length + 1 + sizeOf(item));
      size = 2 + Math.max(0, parts.length - 1) + parts.reduce((sum, part) => sum + part, 0);
      known.set(value, size);
    }
    return size;
  };
  return sizeOf;
}

/**
 * Describes the size of a published schema: `141 KB (largest parts: blocks[] 77 KB, users 30 KB)`.
 */
export function describeSize(root: JsonSchema): string {
  const parts = describeHeaviest(root);
  return `${kilobytes(writtenSize(root))}${parts && ` (largest parts: ${parts})`}`;
}

/** Lists the places that take the most room, `blocks[] 77 KB, users 30 KB`, or nothing. */
export function describeHeaviest(root: JsonSchema): string {
  return findHeaviest(root)
    .map(({ place, size }) => `${place} ${kilobytes(size)}`)
    .join(", ");
}

/** Writes a size in kilobytes. */
export function kilobytes(size: number): string {
  const amount = size / 1024;
  return `${amount < 10 ? Math.max(0.1, Number(amount.toFixed(1))) : Math.round(amount)} KB`;
}

/** A place in a schema, and the length of its JSON with the definitions that belong to it. */
export interface SizedPlace {
  readonly place: string;
  readonly size: number;
}

/**
 * Finds the places that take the most room in a schema, largest first. A definition belongs to the
 * place that needs the fewest references to reach it.
 */
export function findHeaviest(root: JsonSchema): readonly SizedPlace[] {
  const definitions = (isSchema(root["$defs"]) ? root["$defs"] : {}) as Definitions;
  const scale = new Scale(definitions);
  const all = new Set(Object.keys(definitions));
  const main = scale.narrow({ path: [], schemas: [root], definitions: all, size: writtenSize(root) });
  const inner = scale.split(main).slice(0, MAX_NAMED);
  const places = inner.length > 0 ? inner.map((part) => scale.narrow(part)) : [main];
  return places.flatMap(({ path, size }) => (path.length > 0 ? [{ place: placeOf(path), size }] : []));
}

type Definitions = { readonly [name: string]: JsonSchema };

/** The schemas of one place, which are several if it is in several alternatives. */
interface Part {
  /** The JSON Pointer tokens of its first schema, through references. */
  readonly path: readonly string[];
  readonly schemas: readonly JsonSchema[];
  /** The names of the definitions that belong to it. */
  readonly definitions: ReadonlySet<string>;
  readonly size: number;
}

/** Divides a schema and its definitions among its places. */
class Scale {
  readonly #definitions: Definitions;
  readonly #sizeOf = createSizer();

  constructor(definitions: Definitions) {
    this.#definitions = definitions;
  }

  /** Follows a place to the inner one that has most of its size. */
  narrow(part: Part): Part {
    const [largest] = this.split(part);
    return largest && largest.size >= MAIN_SHARE * part.size ? this.narrow(largest) : part;
  }

  /** Returns the properties and items of a place, largest first. */
  split(part: Part): readonly Part[] {
    const left = new Set(part.definitions);
    const inner = [...this.#findInner(part, left).values()];
    const owned = this.#divide(inner, left);
    return inner
      .map(({ path, schemas }, i) => {
        const names = owned[i] ?? new Set();
        const all = [...schemas, ...[...names].map((name) => this.#definitions[name] ?? {})];
        const size = all.reduce((sum, schema) => sum + this.#sizeOf(schema), 0);
        return { path, schemas, definitions: names, size };
      })
      .sort((a, b) => b.size - a.size);
  }

  /** Finds the schemas of each inner place. Removes the definitions it passes from `left`. */
  #findInner({ path, schemas }: Part, left: Set<string>): ReadonlyMap<string, InnerPart> {
    const found = new Map<string, InnerPart>();
    const enter = (schema: JsonSchema, at: readonly string[]): void => {
      const name = parseDefinitionReference(schema["$ref"])?.name;
      const definition = name !== undefined && left.delete(name) ? this.#definitions[name] : undefined;
      if (definition) enter(definition, at);
      for (const inner of subschemasOf(schema)) {
        const { target } = schemaKeyword(inner.keyword) ?? {};
        const below = [...at, ...inner.path];
        if (target === "value") enter(inner.schema, below);
        if (target !== "child") continue;
        const part = found.get(placeOf(below)) ?? { path: below, schemas: [] };
        part.schemas.push(inner.schema);
        found.set(placeOf(below), part);
      }
    };
    for (const schema of schemas) enter(schema, path);
    return found;
  }

  /** Gives each definition to the part that reaches it first, if all follow references in step. */
  #divide(parts: readonly InnerPart[], left: Set<string>): readonly ReadonlySet<string>[] {
    const owned = parts.map(() => new Set<string>());
    let open = parts.map(({ schemas }, i) => ({ i, names: schemas.flatMap((schema) => this.#namesIn(schema)) }));
    while (open.length > 0) {
      open = open.flatMap(({ i, names }) => {
        const own = names.filter((name) => left.delete(name));
        for (const name of own) owned[i]?.add(name);
        return own.map((name) => ({ i, names: [...this.#namesIn(this.#definitions[name] ?? {})] }));
      });
    }
    return owned;
  }

  readonly #namesIn = oncePerSchema(definitionsIn);
}

/** A place, before definitions belong to it. */
interface InnerPart {
  readonly path: readonly string[];
  readonly schemas: JsonSchema[];
}
