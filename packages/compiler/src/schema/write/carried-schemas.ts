import { UNCARRIED } from "../marks.ts";
import type { UncarriedTypes } from "../read/uncarried-types.ts";
import { formatTypePath, UnsupportedTypeError } from "../read/unsupported-type.ts";
import { Pruner, type LeftOutPart, type Pruned, type Reason } from "./pruner.ts";
import {
  idOf,
  isReference,
  referencedIds,
  type FindDefinition,
  type RawDefinition,
  type RawSchema,
} from "./raw-schema.ts";
import { uncarriedPartsOf } from "./uncarried-parts.ts";

/** The parts left out of a declared type, or of the input itself. */
export interface LeftOut {
  /** Name of the declared type. */
  readonly type?: string;
  /** Identifies the declared type's definition. */
  readonly id?: string;
  readonly parts: readonly LeftOutPart[];
}

/** A schema without the parts that JSON cannot carry. */
export interface CarriedSchema {
  readonly schema: RawSchema;
  readonly leftOut: readonly LeftOut[];
}

/**
 * Leaves the types that JSON cannot carry out of inputs, where a value can do without them:
 * optional properties, members of unions, optional elements of tuples, index signatures next to
 * properties. Everything else that contains such a type cannot be carried either.
 */
export class CarriedSchemas {
  readonly #types: UncarriedTypes;
  readonly #find: FindDefinition;
  readonly #carried = new Map<string, boolean>();
  readonly #pruned = new Map<string, Pruned>();
  readonly #judge = {
    isCarried: (raw: RawSchema): boolean => this.#isCarried(raw),
    reasonOf: (raw: RawSchema): Reason | undefined => this.#reasonOf(raw, new Set()),
  };

  constructor(types: UncarriedTypes, find: FindDefinition) {
    this.#types = types;
    this.#find = find;
  }

  /** Returns a definition without the parts that are left out. */
  find(id: string): RawDefinition {
    const { name, schema } = this.#find(id);
    return { name, schema: this.#types.isEmpty ? schema : this.#prunedDefinition(id, schema).schema };
  }

  /**
   * Prunes the schema of an input.
   * @throws UnsupportedTypeError if JSON cannot carry the input without a part
   */
  prune(raw: RawSchema): CarriedSchema {
    if (this.#types.isEmpty) return { schema: raw, leftOut: [] };
    if (!this.#isCarried(raw)) {
      const reason = this.#reasonOf(raw, new Set());
      if (reason) throw new UnsupportedTypeError(reason.type.error.problem, reason.type.error.node, reason.path);
    }
    const pruned = new Pruner(this.#judge).prune(raw);
    return { schema: pruned.schema, leftOut: this.#collect(pruned) };
  }

  /** Lists what was left out of a schema and of the definitions that it uses, by declared type. */
  #collect(root: Pruned): LeftOut[] {
    const leftOut: LeftOut[] = [];
    const visited = new Set<string>();
    const visit = (pruned: Pruned, owner: Pick<LeftOut, "type" | "id">): void => {
      const parts = [...pruned.parts];
      const named: string[] = [];
      const seen = new Set<string>();
      const open = pruned.references.map(({ id, path }) => ({ id, path }));
      for (let next = open.shift(); next; next = open.shift()) {
        if (seen.has(next.id)) continue;
        seen.add(next.id);
        const { name, schema } = this.#find(next.id);
        if (!isAnonymous(name)) {
          named.push(next.id);
          continue;
        }
        const definition = this.#prunedDefinition(next.id, schema);
        const { path } = next;
        parts.push(...definition.parts.map((part) => ({ ...part, path: [...path, ...part.path] })));
        open.push(...definition.references.map(({ id, path: inner }) => ({ id, path: [...path, ...inner] })));
      }
      if (parts.length > 0) leftOut.push({ ...owner, parts });
      for (const id of named) {
        if (visited.has(id)) continue;
        visited.add(id);
        const { name, schema } = this.#find(id);
        visit(this.#prunedDefinition(id, schema), { type: name, id });
      }
    };
    visit(root, {});
    return leftOut;
  }

  #prunedDefinition(id: string, schema: RawSchema): Pruned {
    const known = this.#pruned.get(id);
    if (known) return known;
    const pruned = new Pruner(this.#judge).prune(schema);
    this.#pruned.set(id, pruned);
    return pruned;
  }

  #isCarried(raw: RawSchema): boolean {
    if (isReference(raw)) return this.#isDefinitionCarried(idOf(raw));
    if (raw[UNCARRIED] !== undefined) return false;
    return uncarriedPartsOf(raw, (part) => this.#isCarried(part)) === undefined;
  }

  /** A definition is carried unless a part that it cannot do without is not. */
  #isDefinitionCarried(id: string): boolean {
    const known = this.#carried.get(id);
    if (known !== undefined) return known;
    const open = this.#unknownFrom(id);
    for (const each of open) this.#carried.set(each, true);
    // Definitions may need each other, so one that turns out uncarried may concern all others.
    for (let changed = true; changed;) {
      changed = false;
      for (const each of open) {
        if (!this.#carried.get(each) || this.#isCarried(this.#find(each).schema)) continue;
        this.#carried.set(each, false);
        changed = true;
      }
    }
    return this.#carried.get(id) ?? true;
  }

  /** Returns the definitions that can be reached and are not known yet, the innermost first. */
  #unknownFrom(id: string): readonly string[] {
    const found = new Set<string>();
    const open = [id];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      if (found.has(next) || this.#carried.has(next)) continue;
      found.add(next);
      open.push(...referencedIds(this.#find(next).schema));
    }
    return [...found].reverse();
  }

  /** Returns the type because of which a schema is not carried. */
  #reasonOf(raw: RawSchema, seen: ReadonlySet<string>): Reason | undefined {
    if (isReference(raw)) {
      const id = idOf(raw);
      return seen.has(id) ? undefined : this.#reasonOf(this.#find(id).schema, new Set([...seen, id]));
    }
    const type = this.#types.get(raw[UNCARRIED]);
    if (type) return { path: [], type };
    for (const [segment, part] of uncarriedPartsOf(raw, (each) => this.#isCarried(each)) ?? []) {
      const reason = this.#reasonOf(part, seen);
      if (reason) return segment === undefined ? reason : { ...reason, path: [segment, ...reason.path] };
    }
    return undefined;
  }
}

/** Checks for the definition of a type that has no name, or only that of a standard container. */
function isAnonymous(name: string): boolean {
  return name === "" || /^(?:Object(?: & Object)*|Tuple|(?:Readonly)?(?:Set|Map|Record)<.*)$/s.test(name);
}

/** Maximum number of parts that a message names. */
const MAX_NAMED = 10;

/** Names parts in a message: `request.signal (AbortSignal)`, one for all types of a place. */
export function listParts(parts: readonly LeftOutPart[]): readonly string[] {
  const labels = new Map<string, Set<string>>();
  for (const { path, reason } of parts) {
    const place = formatTypePath(path);
    const inner = reason.path.length > 0 ? ` at ${formatTypePath([...path, ...reason.path])}` : "";
    labels.set(place, (labels.get(place) ?? new Set()).add(`${reason.type.label}${inner}`));
  }
  const named = [...labels].map(([place, types]) => {
    const text = [...types].join(", ");
    return place === "" ? text : `${place} (${text})`;
  });
  const more = named.length - MAX_NAMED;
  return more > 1 ? [...named.slice(0, MAX_NAMED), `${more} more`] : named;
}
