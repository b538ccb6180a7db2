import { AliasType, DefinitionType, ReferenceType, type BaseType } from "ts-json-schema-generator";
import ts from "typescript";
import { problems } from "../../diagnostics/catalog.ts";
import type { LocatedProblem } from "../../diagnostics/locate.ts";
import { stableText } from "./source-order.ts";
import { isPrimitive } from "./uninhabited-types.ts";
import { UnsupportedTypeError } from "./unsupported-type.ts";

/** A named type that has been read. */
export interface Definition {
  readonly id: string;
  /** The name that the author uses. */
  readonly name: string;
  readonly type: BaseType;
  readonly written: (() => ts.Node | undefined) | undefined;
}

/** Identifies a definition. */
export interface DefinitionKey {
  /** The declaration or type that is defined. */
  readonly subject: object;
  /** The part of the use site that the order of members depends on; see {@link siteKey}. */
  readonly site?: string;
  /** The name that the author uses. */
  readonly name: string;
  /** Returns the reference that names the type, or the name in its declaration. */
  readonly written?: () => ts.Node | undefined;
}

/** The warnings about one definition, and the definitions it refers to. */
interface Findings {
  readonly warnings: LocatedProblem[];
  readonly uses: Set<Findings>;
  /** The number of properties that it declares. */
  properties: number;
}

interface Entry {
  readonly id: string;
  readonly name: string;
  readonly findings: Findings;
  readonly reference: DefinitionType;
  readonly written: (() => ts.Node | undefined) | undefined;
  type?: BaseType;
}

/**
 * Maximum nesting of definitions; beyond it, a type counts as endless. Real types stay far below.
 */
const MAX_DEPTH = 100;

/**
 * Maximum number of properties in one schema. As JSON, so many take about 2 MB, the maximum size of
 * a schema, which a larger type reaches only after many seconds.
 */
const MAX_PROPERTIES = 50_000;

/** A definition with this share of all properties is named in place of one around it. */
const MAIN_SHARE = 0.75;

/**
 * The object types, aliases and enums that schemas refer to, each read once. Each becomes a
 * reference, even if nothing is recursive: the draft converter decides from the finished graph
 * which references stay, so that the result cannot depend on what was read before.
 */
export class Definitions {
  readonly #entries = new Map<object, Map<string, Entry>>();
  readonly #byId = new Map<string, Entry>();
  #depth = 0;
  #findings = createFindings();
  /** The definitions whose properties count for the schema that is being read. */
  #counted = new Set<Findings>();
  #properties = 0;
  #site: ts.Node | undefined;
  /** The error of too many properties has its place. */
  #isPlaced = false;

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
    if (known) {
      this.#countAgain(entry.findings);
      return known.reference;
    }
    const outer = this.#findings;
    const before = this.#properties;
    this.#findings = entry.findings;
    this.#counted.add(entry.findings);
    this.#depth++;
    try {
      const type = read();
      entry.type = type;
      // An alias keeps ids short: the id of a union contains the ids of all its members.
      (entry.reference.getType() as ReferenceType).setType(new AliasType(entry.id, type));
    } catch (error) {
      throw this.#place(error, this.#properties - before);
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
   * Counts the properties of an object that is about to be read.
   * @throws UnsupportedTypeError if the schema has too many
   */
  count(properties: number): void {
    this.#findings.properties += properties;
    this.#addProperties(properties);
  }

  /** Counts what was read for another schema, so that no schema depends on others. */
  #countAgain(findings: Findings): void {
    const open = new Set([findings]);
    for (const one of open) {
      if (this.#counted.has(one)) continue;
      this.#counted.add(one);
      this.#addProperties(one.properties);
      for (const used of one.uses) open.add(used);
    }
  }

  #addProperties(properties: number): void {
    this.#properties += properties;
    if (this.#properties <= MAX_PROPERTIES || !this.#site) return;
    this.#isPlaced = false;
    throw new UnsupportedTypeError(problems.tooMany(MAX_PROPERTIES, "properties"), this.#site);
  }

  /**
   * Lets the path of an error of too many properties begin at the innermost definition that has
   * most of them.
   */
  #place(error: unknown, properties: number): unknown {
    if (!(error instanceof UnsupportedTypeError) || error.problem.code !== "MTD109" || this.#isPlaced) return error;
    this.#isPlaced = properties >= MAIN_SHARE * MAX_PROPERTIES;
    const things = properties > MAX_PROPERTIES ? "properties" : `properties, ${properties} of them here`;
    return new UnsupportedTypeError(problems.tooMany(MAX_PROPERTIES, things), error.node);
  }

  /**
   * Runs a step that reads a type, and returns the warnings about everything that the type consists
   * of.
   * @param site The node that an error of too many properties refers to
   */
  collect<T>(site: ts.Node, read: () => T): { readonly read: T; readonly warnings: readonly LocatedProblem[] } {
    this.#findings = createFindings();
    this.#counted = new Set();
    this.#properties = 0;
    this.#site = site;
    const found = new Set([this.#findings]);
    const type = this.#readPlaced(read);
    for (const { uses } of found) for (const one of uses) found.add(one);
    return { read: type, warnings: [...found].flatMap(({ warnings }) => warnings) };
  }

  #readPlaced<T>(read: () => T): T {
    try {
      return read();
    } catch (error) {
      throw this.#place(error, this.#properties);
    }
  }

  /** Checks whether types are nested so deeply that they must be growing without end. */
  get tooDeep(): boolean {
    return this.#depth > MAX_DEPTH;
  }

  /** Returns the definition that a formatted reference points to. */
  resolve(id: string): Definition {
    const entry = this.#byId.get(id);
    if (!entry?.type) throw new Error(`The definition '${id}' was never completed.`);
    return { id, name: entry.name, type: entry.type, written: entry.written };
  }

  #add({ subject, site = "", name, written }: DefinitionKey): Entry {
    const id = `type${this.#byId.size}`;
    const inner = new ReferenceType();
    inner.setId(id);
    inner.setName(id);
    const findings = createFindings();
    const entry: Entry = { id, name, findings, reference: new DefinitionType(id, inner), written };
    const sites = this.#entries.get(subject) ?? new Map<string, Entry>();
    this.#entries.set(subject, sites.set(site, entry));
    this.#byId.set(id, entry);
    return entry;
  }
}

function createFindings(): Findings {
  return { warnings: [], uses: new Set(), properties: 0 };
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
export function declaredName(type: ts.Type, checker: ts.TypeChecker): string | undefined {
  // Inside a recursive tuple, the tuple may appear without its alias: the optional element of
  // `type X = [X?]` has the type `X | undefined`. It needs a name all the same.
  if (checker.isTupleType(type)) return type.aliasSymbol?.name ?? "Tuple";
  if (checker.isArrayType(type)) return type.aliasSymbol?.name ?? "";
  const symbol = type.aliasSymbol ?? type.symbol;
  // Properties of `A & B` may lead back to `A & B`, which no name stands for.
  if (!symbol && type.isIntersection() && !type.types.some((member) => isPrimitive(member)))
    return type.types.map((member) => declaredName(member, checker) || "Object").join(" & ");
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
