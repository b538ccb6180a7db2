import { AliasType, DefinitionType, ReferenceType, type BaseType } from "ts-json-schema-generator";
import ts from "typescript";
import type { LocatedProblem } from "../../diagnostics/locate.ts";
import { stableText } from "./source-order.ts";
import { isPrimitive } from "./uninhabited-types.ts";

/** A named type that has been read. */
export interface Definition {
  readonly id: string;
  /** The name that the author uses. */
  readonly name: string;
  readonly type: BaseType;
}

/** Identifies a definition. */
export interface DefinitionKey {
  /** The declaration or type that is defined. */
  readonly subject: object;
  /** The part of the use site that the order of members depends on; see {@link siteKey}. */
  readonly site?: string;
  /** The name that the author uses. */
  readonly name: string;
}

/** The warnings about one definition, and the definitions it refers to. */
interface Findings {
  readonly warnings: LocatedProblem[];
  readonly uses: Set<Findings>;
}

interface Entry {
  readonly id: string;
  readonly name: string;
  readonly findings: Findings;
  readonly reference: DefinitionType;
  type?: BaseType;
}

/**
 * Maximum nesting of definitions; beyond it, a type counts as endless. Real types stay far below.
 */
const MAX_DEPTH = 100;

/**
 * The object types, aliases and enums that schemas refer to, each read once. Each becomes a
 * reference, even if nothing is recursive: the draft converter decides from the finished graph
 * which references stay, so that the result cannot depend on what was read before.
 */
export class Definitions {
  readonly #entries = new Map<object, Map<string, Entry>>();
  readonly #byId = new Map<string, Entry>();
  #depth = 0;
  #findings: Findings = { warnings: [], uses: new Set() };

  /**
   * Returns the reference to a definition, which is read on first use.
   * @param key Identifies the definition
   * @param read Reads it, and may meet the same key again. If it throws, these definitions must not
   *   be reused: some may refer to one that was never completed
   */
  define(key: DefinitionKey, read: () => BaseType): BaseType {
    const known = this.#entries.get(key.subject)?.get(key.site ?? "");
    const entry = known ?? this.#add(key);
    this.#findings.uses.add(entry.findings);
    if (known) return known.reference;
    const outer = this.#findings;
    this.#findings = entry.findings;
    this.#depth++;
    try {
      const type = read();
      entry.type = type;
      // An alias keeps ids short: the id of a union contains the ids of all its members.
      (entry.reference.getType() as ReferenceType).setType(new AliasType(entry.id, type));
    } finally {
      this.#depth--;
      this.#findings = outer;
    }
    return entry.reference;
  }

  /** Adds a warning about what is being read. */
  warn(warning: LocatedProblem): void {
    this.#findings.warnings.push({ ...warning, isAboutType: true });
  }

  /**
   * Runs a step that reads a type, and returns the warnings about everything that the type consists
   * of.
   */
  collect<T>(read: () => T): { readonly read: T; readonly warnings: readonly LocatedProblem[] } {
    this.#findings = { warnings: [], uses: new Set() };
    const found = new Set([this.#findings]);
    const type = read();
    for (const { uses } of found) for (const one of uses) found.add(one);
    return { read: type, warnings: [...found].flatMap(({ warnings }) => warnings) };
  }

  /** Checks whether types are nested so deeply that they must be growing without end. */
  get tooDeep(): boolean {
    return this.#depth > MAX_DEPTH;
  }

  /** Returns the definition that a formatted reference points to. */
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
    const findings: Findings = { warnings: [], uses: new Set() };
    const entry: Entry = { id, name, findings, reference: new DefinitionType(id, inner) };
    const sites = this.#entries.get(subject) ?? new Map<string, Entry>();
    this.#entries.set(subject, sites.set(site, entry));
    this.#byId.set(id, entry);
    return entry;
  }
}

/**
 * Distinguishes sites where the members of one type may have different orders: `List<"a" | "b">`
 * and `List<"b" | "a">` are one type to the checker. The same text in the same file means the same
 * everywhere, so its definition is shared.
 */
export function siteKey(site: ts.Node): string {
  const { fileName } = site.getSourceFile();
  return ts.isTypeNode(site) ? `${fileName}\n${site.getText()}` : `${fileName}:${site.pos}`;
}

/**
 * Returns the author's name for a type, with its type arguments; empty for an array, which may lead
 * back to itself without a name; undefined for unions and the like.
 */
export function definitionName(type: ts.Type, checker: ts.TypeChecker): string | undefined {
  // Inside a recursive tuple, the tuple may appear without its alias: the optional element of
  // `type X = [X?]` has the type `X | undefined`. It needs a name all the same.
  if (checker.isTupleType(type)) return type.aliasSymbol?.name ?? "Tuple";
  if (checker.isArrayType(type)) return type.aliasSymbol?.name ?? "";
  const symbol = type.aliasSymbol ?? type.symbol;
  // Properties of `A & B` may lead back to `A & B`, which no name stands for.
  if (!symbol && type.isIntersection() && !type.types.some((member) => isPrimitive(member)))
    return type.types.map((member) => definitionName(member, checker) || "Object").join("_");
  if (!symbol) return undefined;
  if (type.isUnion() && !type.aliasSymbol && !(type.flags & ts.TypeFlags.EnumLike)) return undefined;
  const args = type.aliasSymbol
    ? type.aliasTypeArguments
    : isTypeReference(type)
      ? checker.getTypeArguments(type)
      : undefined;
  const own = args?.filter((argument) => !(argument.flags & ts.TypeFlags.TypeParameter)) ?? [];
  const base = symbol.name.startsWith("__") || symbol.name === "default" ? "Object" : symbol.name;
  return own.length === 0 ? base : `${base}<${own.map((argument) => stableText(argument, checker)).join(", ")}>`;
}

function isTypeReference(type: ts.Type): type is ts.TypeReference {
  return Boolean((type as ts.ObjectType).objectFlags & ts.ObjectFlags.Reference);
}
