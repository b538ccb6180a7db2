import ts from "typescript";
import { compareText } from "../../diagnostics/diagnostic.ts";
import type { Library } from "./library-types.ts";
import { declarationsOf } from "./mapped-properties.ts";

/**
 * Maximum number of nodes visited for one site: more than any type an author would write by hand.
 */
const BUDGET = 4000;

/**
 * Sorts union members and mapped properties by the source. TypeScript sorts both by the order in
 * which it happened to see them, which changes with every other file of the program. Here they are
 * ordered by where each is first written, following the type's references from the node that names
 * it. Types that are not written anywhere come last, sorted by text.
 */
export class SourceOrder {
  readonly #checker: ts.TypeChecker;
  readonly #library: Library;
  readonly #bySite = new WeakMap<ts.Node, SourceWalk>();

  constructor(checker: ts.TypeChecker, library: Library) {
    this.#checker = checker;
    this.#library = library;
  }

  /** Sorts the members of a union that was met at `site`. */
  sortTypes(types: readonly ts.Type[], site: ts.Node): ts.Type[] {
    const walk = this.#walkFrom(site);
    const keyed = types.map((type) => ({ type, rank: this.#rankOf(type, walk) }));
    return keyed.sort((a, b) => compareRanks(a.rank, b.rank)).map(({ type }) => type);
  }

  /** Sorts the properties of a mapped type that was met at `site`. */
  sortProperties(properties: readonly ts.Symbol[], site: ts.Node): ts.Symbol[] {
    const walk = this.#walkFrom(site);
    const keyed = properties.map((property) => ({ property, rank: rankOfProperty(property, walk) }));
    return keyed.sort((a, b) => compareRanks(a.rank, b.rank)).map(({ property }) => property);
  }

  #rankOf(type: ts.Type, walk: SourceWalk): Rank {
    if (type.flags & (ts.TypeFlags.Null | ts.TypeFlags.Undefined))
      return { position: Number.MAX_SAFE_INTEGER, text: "~" };
    const keys = orderKeys(type);
    const found = type.isIntersection() && !type.aliasSymbol ? lastOf(keys, walk) : firstOf(keys, walk);
    // Two members from the same place (instances of one generic) are distinguished by their text.
    const own = typeof keys[0] === "string" ? sortableText(type) : stableText(type, this.#checker);
    // Of `(2 | 1) & Min<1>`, each member has the same last part.
    const first = type.isIntersection() ? String(firstOf(keys, walk) ?? "").padStart(9, "0") : "";
    const text = `${groupOf(type)}${declaredAt(type.aliasSymbol ?? type.symbol)}${first}${own}`;
    return { position: found ?? Number.MAX_SAFE_INTEGER, text };
  }

  #walkFrom(site: ts.Node): SourceWalk {
    let walk = this.#bySite.get(site);
    if (!walk)
      this.#bySite.set(site, (walk = new SourceWalk({ checker: this.#checker, library: this.#library }, site)));
    return walk;
  }
}

function firstOf(keys: readonly unknown[], walk: SourceWalk): number | undefined {
  for (const key of keys) {
    const rank = walk.rankOf(key);
    if (rank !== undefined) return rank;
  }
  return undefined;
}

/**
 * Ranks an intersection by its last part: the parts that a union's intersections share come first.
 */
function lastOf(keys: readonly unknown[], walk: SourceWalk): number | undefined {
  const found = keys.flatMap((key) => walk.rankOf(key) ?? []);
  return found.length === 0 ? undefined : Math.max(...found);
}

function rankOfProperty(property: ts.Symbol, walk: SourceWalk): Rank {
  const [declaration] = declarationsOf(property);
  const container = declaration && symbolOf(declaration.parent);
  const position =
    (container && walk.rankOfContainer(container)) ?? walk.rankOf(`"${property.name}"`) ?? Number.MAX_SAFE_INTEGER;
  return { position, text: declaration ? placeOf(declaration) : `~${property.name}` };
}

interface Rank {
  readonly position: number;
  readonly text: string;
}

function compareRanks(a: Rank, b: Rank): number {
  return a.position - b.position || compareText(a.text, b.text);
}

/**
 * Records the order in which literals (by text) and types (by symbol) are written for one site:
 * first through the author's own declarations, and then through those of packages, which are large.
 * It walks no further than it is asked.
 */
class SourceWalk {
  readonly #checker: ts.TypeChecker;
  readonly #library: Library;
  readonly #ranks = new Map<unknown, number>();
  /**
   * Object types by rank. A base precedes the types that extend it, because inherited properties
   * come first.
   */
  readonly #containers = new Map<ts.Symbol, number>();
  /** The nodes to visit, the next one last. */
  readonly #open: ts.Node[];
  readonly #seen = new Set<ts.Node>();
  readonly #packaged = new Set<ts.Node>();
  /** The declarations of packages, in the order in which they were found. */
  readonly #nextPackaged = this.#packaged.values();
  readonly #seenContainers = new Set<ts.Symbol>();
  #budget = BUDGET;

  constructor({ checker, library }: { readonly checker: ts.TypeChecker; readonly library: Library }, site: ts.Node) {
    this.#checker = checker;
    this.#library = library;
    this.#open = [site];
  }

  /** Returns the rank of a literal, by its text, or of a type, by its symbol. */
  rankOf(key: unknown): number | undefined {
    return this.#walkTo(this.#ranks, key);
  }

  /** Returns the rank of an object type among all object types. */
  rankOfContainer(symbol: ts.Symbol): number | undefined {
    return this.#walkTo(this.#containers, symbol);
  }

  #walkTo<K>(ranks: ReadonlyMap<K, number>, key: K): number | undefined {
    for (;;) {
      const rank = ranks.get(key);
      if (rank !== undefined) return rank;
      const node = this.#open.pop() ?? this.#nextPackaged.next().value;
      if (!node) return undefined;
      this.#visit(node);
    }
  }

  #visit(node: ts.Node): void {
    if (this.#seen.has(node) || this.#budget-- <= 0) return;
    this.#seen.add(node);
    this.#note(node);
    const next: ts.Node[] = [];
    // Following a declaration's own name would reach its other parts before its members.
    if (ts.isIdentifier(node) && !isDeclarationName(node)) next.push(...this.#follow(node));
    ts.forEachChild(node, (child) => void next.push(child));
    for (let i = next.length - 1; i >= 0; i--) this.#open.push(next[i] as ts.Node);
  }

  #note(node: ts.Node): void {
    if (ts.isStringLiteralLike(node)) this.#add(`"${node.text}"`);
    else if (ts.isNumericLiteral(node))
      this.#add(isNegative(node) ? `-${Number(node.text)}` : String(Number(node.text)));
    else if (KEYWORDS.has(node.kind)) this.#add(KEYWORDS.get(node.kind));
    else if (
      ts.isPropertySignature(node) ||
      ts.isPropertyAssignment(node) ||
      ts.isPropertyDeclaration(node) ||
      ts.isEnumMember(node)
    ) {
      // `keyof` and Record turn property names into literals.
      if (ts.isIdentifier(node.name) || ts.isStringLiteralLike(node.name)) this.#add(`"${node.name.text}"`);
    }
    const own = symbolOf(node);
    if (own && !ts.isIdentifier(node)) this.#add(own);
    if (
      own &&
      (ts.isInterfaceDeclaration(node) ||
        ts.isClassLike(node) ||
        ts.isTypeLiteralNode(node) ||
        ts.isObjectLiteralExpression(node))
    )
      this.#addContainer(own);
  }

  #addContainer(symbol: ts.Symbol): void {
    // Marked before its bases are visited: a class may extend itself, an error that TypeScript
    // reports.
    if (this.#seenContainers.has(symbol) || this.#library.declares(symbol)) return;
    this.#seenContainers.add(symbol);
    for (const declaration of symbol.declarations ?? []) {
      const clauses =
        ts.isInterfaceDeclaration(declaration) || ts.isClassLike(declaration)
          ? (declaration.heritageClauses ?? [])
          : [];
      for (const { expression } of clauses.flatMap((clause) => clause.types)) {
        const base = this.#resolve(expression);
        if (base) this.#addContainer(base);
      }
    }
    this.#containers.set(symbol, this.#containers.size);
  }

  #resolve(name: ts.Node): ts.Symbol | undefined {
    const found = this.#checker.getSymbolAtLocation(name);
    return found && found.flags & ts.SymbolFlags.Alias ? this.#checker.getAliasedSymbol(found) : found;
  }

  /** Returns the author's declarations of what a name means. */
  #follow(name: ts.Identifier): readonly ts.Declaration[] {
    const symbol = this.#resolve(name);
    if (!symbol || this.#library.declares(symbol)) return [];
    this.#add(symbol);
    const own: ts.Declaration[] = [];
    for (const declaration of symbol.declarations ?? []) {
      if (ts.isSourceFile(declaration) || ts.isTypeParameterDeclaration(declaration)) continue;
      if (declaration.getSourceFile().fileName.includes("/node_modules/")) this.#packaged.add(declaration);
      else own.push(declaration);
    }
    return own;
  }

  #add(key: unknown): void {
    if (!this.#ranks.has(key)) this.#ranks.set(key, this.#ranks.size);
  }
}

const KEYWORDS: ReadonlyMap<ts.SyntaxKind, string> = new Map([
  [ts.SyntaxKind.StringKeyword, "string"],
  [ts.SyntaxKind.NumberKeyword, "number"],
  [ts.SyntaxKind.BooleanKeyword, "boolean"],
  [ts.SyntaxKind.TrueKeyword, "true"],
  [ts.SyntaxKind.FalseKeyword, "false"],
  [ts.SyntaxKind.NullKeyword, "null"],
]);

function orderKeys(type: ts.Type): unknown[] {
  if (type.flags & ts.TypeFlags.EnumLiteral) return [type.symbol];
  if (type.isStringLiteral()) return [`"${type.value}"`];
  if (type.isNumberLiteral()) return [String(type.value)];
  if (type.flags & ts.TypeFlags.Object && type.symbol)
    return [type.aliasSymbol, type.symbol].filter((symbol) => symbol !== undefined);
  if (type.aliasSymbol) return [type.aliasSymbol];
  if (type.isIntersection()) return type.types.flatMap((member) => orderKeys(member));
  const name = (type as { readonly intrinsicName?: string }).intrinsicName;
  return name === undefined ? [type.symbol] : [name];
}

/** Ranks types that are not in the source: primitives, then literals, then objects. */
function groupOf(type: ts.Type): number {
  if (type.flags & ts.TypeFlags.Object) return 5;
  return type.isLiteral() ? 3 : 1;
}

function sortableText(type: ts.Type): string {
  if (type.isStringLiteral()) return type.value;
  if (type.isNumberLiteral()) return String(type.value).padStart(24, "0");
  return "";
}

function declaredAt(symbol: ts.Symbol | undefined): string {
  const declaration = symbol?.declarations?.[0];
  return declaration ? placeOf(declaration) : "";
}

function placeOf(declaration: ts.Declaration): string {
  // File names without their folder, which differs between machines.
  const file = declaration.getSourceFile().fileName.split("/").at(-1) ?? "";
  return `${file}:${String(declaration.pos).padStart(9, "0")}:`;
}

/**
 * Returns a text for a type that does not depend on the order in which the checker prints union
 * members.
 */
export function stableText(type: ts.Type, checker: ts.TypeChecker): string {
  const text = checker.typeToString(type);
  return /[|&]/.test(text) ? (text.match(/[\w$]+/g) ?? []).sort().join("_") : text;
}

function isDeclarationName(node: ts.Identifier): boolean {
  return (node.parent as ts.NamedDeclaration | undefined)?.name === node;
}

function isNegative(node: ts.NumericLiteral): boolean {
  return ts.isPrefixUnaryExpression(node.parent) && node.parent.operator === ts.SyntaxKind.MinusToken;
}

function symbolOf(node: ts.Node): ts.Symbol | undefined {
  // Internal, but the only way from a declaration without a name (a type or object literal) to its
  // symbol.
  return (node as { readonly symbol?: ts.Symbol }).symbol;
}
