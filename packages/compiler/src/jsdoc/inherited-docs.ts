import ts from "typescript";

/** A place that includes the comment of another declaration: `{@inheritDoc Base.name}`. */
export interface Inheritance {
  /** The written target; empty for what the declaration overrides. */
  readonly target: string;
  /** The declaration whose comment is included; undefined if it is not found. */
  readonly declaration: ts.Declaration | undefined;
  readonly comment: ts.JSDoc;
  /** Offset of the tag. */
  readonly start: number;
}

const INHERIT = /(?<!\\)\{@inheritDoc\b\s*([^}]*?)\s*\}|(?<![{\\])@inheritDoc\b(?:[^\S\n]+([\w$.#]+))?/i;

/** Finds `{@inheritDoc}`, or JSDoc's `@inheritdoc`, in a declaration's comment. */
export function findInheritance(node: ts.Node, comment: ts.JSDoc, checker: ts.TypeChecker): Inheritance | undefined {
  const found = INHERIT.exec(comment.getText());
  if (!found) return undefined;
  const target = found[1] ?? found[2] ?? "";
  const declaration = target ? findTarget(target, node, checker) : overridden(node, checker)[0];
  return { target, declaration, comment, start: comment.getStart() + found.index };
}

/** Replaces `{@inheritDoc}` in a text. */
export function includeInherited(text: string, inherited = ""): string {
  return text.replaceAll(new RegExp(INHERIT, "gi"), () => inherited).trim();
}

/**
 * Finds a declaration by a TSDoc reference: `Base`, `Base.name`, `Base#name`,
 * `(Base:class).(name:instance)`.
 */
function findTarget(target: string, site: ts.Node, checker: ts.TypeChecker): ts.Declaration | undefined {
  const [first = "", ...rest] = target.replaceAll(/\(?([\w$]+)(?::\w+)?\)?/g, "$1").split(/[.#]/);
  const { Type, Namespace, Value } = ts.SymbolFlags;
  const named = checker.getSymbolsInScope(site, Type | Namespace | Value).find(({ name }) => name === first);
  let symbol = named && named.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(named) : named;
  for (const name of rest) symbol = symbol && memberOf(symbol, name, checker);
  return symbol?.declarations?.[0];
}

function memberOf(symbol: ts.Symbol, name: string, checker: ts.TypeChecker): ts.Symbol | undefined {
  return (
    checker.getDeclaredTypeOfSymbol(symbol).getProperty(name) ?? symbol.exports?.get(ts.escapeLeadingUnderscores(name))
  );
}

/** Returns the declarations that a declaration overrides, implements or, as a type, extends. */
export function overridden(node: ts.Node, checker: ts.TypeChecker): ts.Declaration[] {
  const owner = ts.isParameter(node) ? node.parent.parent : node.parent;
  if (ts.isClassLike(node) || ts.isInterfaceDeclaration(node))
    return heritageTypes(node, checker).flatMap(({ symbol }) => symbol?.declarations ?? []);
  if (!owner || (!ts.isClassLike(owner) && !ts.isInterfaceDeclaration(owner))) return [];
  const named = ts.getNameOfDeclaration(node as ts.Declaration);
  const name = named && ts.isPropertyName(named) && !ts.isComputedPropertyName(named) ? named.text : undefined;
  if (name === undefined) return [];
  return heritageTypes(owner, checker).flatMap((type) => type.getProperty(name)?.declarations ?? []);
}

function heritageTypes(node: ts.ClassLikeDeclaration | ts.InterfaceDeclaration, checker: ts.TypeChecker): ts.Type[] {
  return (node.heritageClauses ?? []).flatMap((clause) => clause.types.map((type) => checker.getTypeAtLocation(type)));
}
