import { AliasType, DefinitionType, ReferenceType, type BaseType } from "ts-json-schema-generator";

/** A named type, once it is read. */
export interface Definition {
  readonly id: string;
  /** What the author calls it. */
  readonly name: string;
  readonly type: BaseType;
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
  readonly #entries = new Map<object, Entry>();
  readonly #byId = new Map<string, Entry>();
  #depth = 0;

  /**
   * Returns the reference to a definition, and reads it when it is met for the first time.
   * @param key Its identity: a symbol or a type
   * @param name What the author calls it
   * @param read Reads it; may meet the same key again. If it throws, these definitions are of no more use: some may refer to one
   *   that was never completed
   */
  define(key: object, name: string, read: () => BaseType): BaseType {
    const known = this.#entries.get(key);
    if (known) return known.reference;
    const entry = this.#add(key, name);
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

  #add(key: object, name: string): Entry {
    const id = `type${this.#entries.size}`;
    const inner = new ReferenceType();
    inner.setId(id);
    inner.setName(id);
    const entry: Entry = { id, name, reference: new DefinitionType(id, inner) };
    this.#entries.set(key, entry);
    this.#byId.set(id, entry);
    return entry;
  }
}
