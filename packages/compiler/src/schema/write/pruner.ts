import { isSchema } from "methodic/manifest";
import { combineKeywords } from "../read/combine-keywords.ts";
import type { UncarriedType } from "../read/uncarried-types.ts";
import { idOf, isReference, type RawSchema } from "./raw-schema.ts";
import { schemasOf, type IsCarried } from "./uncarried-parts.ts";

type Path = readonly string[];

/** A type that JSON cannot carry, and its path from the part that contains it. */
export interface Reason {
  readonly path: Path;
  readonly type: UncarriedType;
}

/** A part of a schema that is left out. */
export interface LeftOutPart {
  readonly path: Path;
  readonly reason: Reason;
}

/** A schema after pruning, with the definitions that it refers to. */
export interface Pruned {
  readonly schema: RawSchema;
  readonly parts: readonly LeftOutPart[];
  readonly references: readonly { readonly id: string; readonly path: Path }[];
}

/** Decides which schemas JSON can carry. */
export interface Judge {
  readonly isCarried: IsCarried;
  readonly reasonOf: (raw: RawSchema) => Reason | undefined;
}

/** Stands for a property that must not occur, as the generator writes `undefined`. */
const NOTHING: RawSchema = { not: {} };

/** Leaves out of one schema the parts that JSON cannot carry. */
export class Pruner {
  readonly #judge: Judge;
  readonly #parts: LeftOutPart[] = [];
  readonly #references: { id: string; path: Path }[] = [];

  constructor(judge: Judge) {
    this.#judge = judge;
  }

  /** Prunes a schema that is carried; its references stay. */
  prune(raw: RawSchema): Pruned {
    return { schema: this.#prune(raw, []), parts: this.#parts, references: this.#references };
  }

  #prune(raw: RawSchema, path: Path): RawSchema {
    if (isReference(raw)) {
      this.#references.push({ id: idOf(raw), path });
      return raw;
    }
    if (Array.isArray(raw["anyOf"])) return this.#pruneUnion(raw, path);
    const { items } = raw;
    if (Array.isArray(items)) return this.#pruneTuple(raw, items as readonly RawSchema[], path);
    if (isSchema(items)) return { ...raw, items: this.#prune(items, [...path, "[]"]) };
    return raw["properties"] || raw["patternProperties"] || isSchema(raw["additionalProperties"])
      ? this.#pruneObject(raw, path)
      : raw;
  }

  #pruneUnion({ anyOf, ...others }: RawSchema, path: Path): RawSchema {
    const members = (anyOf as readonly RawSchema[])
      .filter((member) => this.#keeps(member, path))
      .map((member) => this.#prune(member, path));
    const [only] = members;
    return members.length === 1 && only ? combineKeywords(only, others) : { anyOf: members, ...others };
  }

  /** A tuple ends before the first element that is left out. */
  #pruneTuple(raw: RawSchema, elements: readonly RawSchema[], path: Path): RawSchema {
    const { additionalItems: rest, ...others } = raw;
    const kept = elements.findIndex((element, index) => !this.#keeps(element, [...path, `[${index}]`]));
    const end = kept === -1 ? elements.length : kept;
    const items = elements.slice(0, end).map((element, index) => this.#prune(element, [...path, `[${index}]`]));
    const restPath = [...path, `[${end}]`];
    if (end < elements.length || (isSchema(rest) && !this.#keeps(rest, restPath)))
      return { ...others, items, maxItems: end };
    return { ...raw, items, ...(isSchema(rest) && { additionalItems: this.#prune(rest, restPath) }) };
  }

  #pruneObject(raw: RawSchema, path: Path): RawSchema {
    const pruneAll = (keyword: string, segmentOf: (name: string) => string): Record<string, unknown> => {
      const entries = Object.entries(schemasOf(raw[keyword]));
      if (entries.length === 0) return {};
      const pruned = entries.map(([name, schema]) => [name, this.#pruneOptional(schema, [...path, segmentOf(name)])]);
      return { [keyword]: Object.fromEntries(pruned) };
    };
    const rest = raw["additionalProperties"];
    const prunedRest = isSchema(rest) ? this.#pruneOptional(rest, [...path, "[key]"]) : rest;
    return {
      ...raw,
      ...pruneAll("properties", (name) => name),
      ...pruneAll("patternProperties", () => "[key]"),
      ...(isSchema(rest) && { additionalProperties: prunedRest === NOTHING ? false : prunedRest }),
    };
  }

  #pruneOptional(raw: RawSchema, path: Path): RawSchema {
    return this.#keeps(raw, path) ? this.#prune(raw, path) : NOTHING;
  }

  /** Checks whether a part is carried, and notes one that is not. */
  #keeps(raw: RawSchema, path: Path): boolean {
    if (this.#judge.isCarried(raw)) return true;
    const reason = this.#judge.reasonOf(raw);
    if (reason) this.#parts.push({ path, reason });
    return false;
  }
}
