import { AliasType, DefinitionType, ReferenceType, type BaseType } from "ts-json-schema-generator";
import ts from "typescript";

/** A named type, once it is read. */
export interface Definition {
  readonly id: string;
  /** What the author calls it. */
  readonly name: string;
  readonly type: BaseType;
}

/** What a definition is the definition of. */
export interface DefinitionKey {
  /** A declaration or a type. */
  readonly subject: object;
  /** What the order of its members depends on besides itself; see {@link siteKey}. */
  readonly site?: string;
  /** What the author calls it. */
  readonly name: string;
}

interface Entry {
  readonly id: string;
  readonly name: string;
  readonly reference: DefinitionType;
  type?: BaseType;
}

/** Levels of nested definitions after which a type counts as endless. Real types stay far below. */
const MAX_DEPTH = 100;

/**
 * All object types, aliases and enums that schemas refer to, each read once.
 * Every one becomes a reference, also where nothing is recursive: which references stay is decided when a schema is finished, from the
 * graph alone, so that it cannot depend on what was read before.
 */
export class Definitions {
  readonly #entries = new Map<object, Map<string, Entry>>();
  readonly #byId = new Map<string, Entry>();
  #depth = 0;

  /**
   * Returns the reference to a definition, and reads it when it is met for the first time.
   * @param key What it is the definition of
   * @param read Reads it; may meet the same key again. If it throws, these definitions are of no more use: some may refer to one
   *   that was never completed
   */
  define(key: DefinitionKey, read: () => BaseType): BaseType {
    const known = this.#entries.get(key.subject)?.get(key.site ?? "");
    if (known) return known.reference;
    const entry = this.#add(key);
    this.#depth++;
    try {
      const type = read();
      entry.type = type;
      // An alias keeps the id short: ids of unions are made of the ids of all their members.
      (entry.reference.getType() as ReferenceType).setType(new AliasType(entry.id, type));
    } finally {
      this.#depth--;
    }
    return entry.reference;
  }

  /** Whether types are nested so deeply by now that they must be growing without end. */
  get tooDeep(): boolean {
    return this.#depth > MAX_DEPTH;
  }

  /** The definition a formatted reference points to. */
  resolve(id: string): Definition {
    const entry = this.#byId.get(id);
    if (!entry?.type) throw new Error(`The definition '${id}' was never completed.`);
    return { id, name: entry.name, type: entry.type };
  }

  #add({ subject, site = "", name }: DefinitionKey): Entry {
    const id = `type${this.#byId.size}`;
    const inner = new ReferenceType();
    inner.setId(id);
    inner.setName(id);
    const entry: Entry = { id, name, reference: new DefinitionType(id, inner) };
    const sites = this.#entries.get(subject) ?? new Map<string, Entry>();
    this.#entries.set(subject, sites.set(site, entry));
    this.#byId.set(id, entry);
    return entry;
  }
}

/**
 * Tells sites apart at which the members of one type may have another order: `List<"a" | "b">` and `List<"b" | "a">` are one
 * type to the checker. One text in one file says the same thing wherever it stands, so its definition is shared.
 */
export function siteKey(site: ts.Node): string {
  const { fileName } = site.getSourceFile();
  return ts.isTypeNode(site) ? `${fileName}\n${site.getText()}` : `${fileName}:${site.pos}`;
}
