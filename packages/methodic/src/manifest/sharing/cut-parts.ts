import type { JsonSchema } from "../format.ts";
import { mapSubschemas, oncePerSchema, parseDefinitionReference, placeOf, subschemasOf } from "../schema-walk.ts";
import { Outlines, type Definitions } from "./outlines.ts";
import { createSizer, writtenSize } from "./schema-size.ts";

/** Maximum length of a published schema's JSON, as far as its root allows. */
export const MAX_SIZE: number = 128 * 1024;

/** Number of attempts, each with less room. */
const ATTEMPTS = 6;

/** Length of a part's JSON up to which it is always written: its outline is not much shorter. */
const MIN_CUT = 160;

/**
 * Key of the places that a schema only outlines. As a symbol it stays out of JSON and of every
 * comparison of schemas.
 */
const CUT: unique symbol = Symbol("cut");

/** Returns the places that {@link cutDistantParts} has outlined, nearest first. */
export function cutPlacesOf(schema: JsonSchema): readonly string[] {
  return (schema as { readonly [CUT]?: readonly string[] })[CUT] ?? [];
}

/**
 * Replaces the parts that are far from the root by their outlines, until a published schema is
 * small enough. The result accepts at least what the schema accepts: a published schema has only
 * keywords that accept more if a schema inside them does.
 * @param write Writes a changed schema in the published form again
 */
export function cutDistantParts(
  published: JsonSchema,
  write: (changed: JsonSchema) => JsonSchema,
  maxSize: number = MAX_SIZE,
): JsonSchema {
  let cut = published;
  let room = maxSize;
  for (let attempt = 0; attempt < ATTEMPTS && writtenSize(cut) > maxSize; attempt++) {
    const selection = new Selection(published, room);
    cut = { ...write(selection.write()), [CUT]: selection.cutPlaces } as JsonSchema;
    room *= (0.98 * maxSize) / writtenSize(cut);
  }
  return cut;
}

/** A definition, or a schema at one place. */
interface Part {
  readonly schema: JsonSchema;
  /** The JSON Pointer tokens of its first place. */
  readonly path: readonly string[];
  /** The length that it adds to the outlines in its place. */
  readonly added: number;
  /**
   * The parts inside it, in the order of `mapSubschemas`; undefined for those that are always
   * written. Absent if it is outlined itself.
   */
  inner?: readonly (Part | undefined)[];
}

/** Selects the parts that are nearest to the root, as many as there is room for. */
class Selection {
  readonly #definitions: Definitions;
  readonly #outlines: Outlines;
  readonly #sizeOf = createSizer();
  readonly #root: Part;
  /** The parts that are definitions, by name. */
  readonly #shared = new Map<string, Part>();
  readonly #cut = new Set<string>();
  /** The parts at the distance that is reached, and those one property further. */
  #level: Part[];
  #next: Part[] = [];
  #room: number;

  constructor({ $defs = {}, ...root }: JsonSchema, room: number) {
    this.#definitions = $defs as Definitions;
    this.#outlines = new Outlines(this.#definitions);
    // The root is never outlined.
    this.#root = { schema: root, path: [], added: 0 };
    this.#room = room - this.#frameOf(root);
    this.#level = [this.#root];
    while (this.#level.length > 0) {
      // The list grows while it is read.
      for (const part of this.#level) this.#select(part);
      [this.#level, this.#next] = [this.#next, []];
    }
  }

  get cutPlaces(): readonly string[] {
    return [...this.#cut];
  }

  /** Writes the outlines of all other parts. */
  write(): JsonSchema {
    const kept = [...this.#shared].filter(([, part]) => part.inner);
    const $defs = Object.fromEntries(kept.map(([name, part]) => [name, this.#write(part)]));
    return { ...this.#write(this.#root), ...(kept.length > 0 && { $defs }) };
  }

  #write({ schema, inner = [] }: Part): JsonSchema {
    let index = 0;
    return mapSubschemas(schema, (slot, keyword) => {
      const part = inner[index++];
      if (!part) return slot;
      if (!part.inner) return this.#outlineOf(slot, keyword, schema);
      return "$ref" in slot ? slot : this.#write(part);
    });
  }

  #select(part: Part): void {
    if (part.added > this.#room) return void this.#cut.add(placeOf(part.path) || "the root");
    this.#room -= part.added;
    part.inner = subschemasOf(part.schema).map(({ schema, keyword, path }) =>
      this.#isAlwaysWritten(schema) ? undefined : this.#enter(schema, keyword, { part, path }),
    );
  }

  /** Puts the part at a place among those to select, unless it is a definition that is there. */
  #enter(slot: JsonSchema, keyword: string, outer: { readonly part: Part; readonly path: readonly string[] }): Part {
    const name = parseDefinitionReference(slot["$ref"])?.name;
    const known = name === undefined ? undefined : this.#shared.get(name);
    if (known) return known;
    const path = [...outer.part.path, ...outer.path];
    const part: Part =
      name === undefined
        ? { schema: slot, path, added: this.#frameOf(slot) - this.#outlineSizeOf(slot, keyword, outer.part.schema) }
        : this.#createShared(name, path);
    const isSole = keyword === "anyOf" && !isUnion(outer.part.schema);
    if (isSole) this.#select(part);
    else (keyword === "properties" ? this.#next : this.#level).push(part);
    return part;
  }

  #createShared(name: string, path: readonly string[]): Part {
    const schema = this.#definitions[name] ?? {};
    // The references are about as long as the outlines.
    const part = { schema, path, added: this.#frameOf(schema) + name.length };
    this.#shared.set(name, part);
    return part;
  }

  /** Returns the length of a schema with the outlines of all parts inside it. */
  readonly #frameOf = oncePerSchema((schema): number => {
    const inner = subschemasOf(schema).filter((slot) => !this.#isAlwaysWritten(slot.schema));
    return inner.reduce(
      (size, slot) => size + this.#outlineSizeOf(slot.schema, slot.keyword, schema) - this.#sizeOf(slot.schema),
      this.#sizeOf(schema),
    );
  });

  #outlineOf(slot: JsonSchema, keyword: string, outer: JsonSchema): JsonSchema {
    const isAlternative = keyword === "anyOf" && isUnion(outer);
    return isAlternative ? this.#outlines.ofAlternative(slot) : this.#outlines.of(slot);
  }

  #outlineSizeOf(slot: JsonSchema, keyword: string, outer: JsonSchema): number {
    return this.#sizeOf(this.#outlineOf(slot, keyword, outer));
  }

  readonly #isAlwaysWritten = oncePerSchema(
    (schema): boolean => this.#sizeOf(schema) <= MIN_CUT && !this.#hasReferences(schema),
  );

  readonly #hasReferences = oncePerSchema(
    (schema): boolean => "$ref" in schema || subschemasOf(schema).some((inner) => this.#hasReferences(inner.schema)),
  );
}

function isUnion({ anyOf }: JsonSchema): boolean {
  return Array.isArray(anyOf) && anyOf.length > 1;
}
