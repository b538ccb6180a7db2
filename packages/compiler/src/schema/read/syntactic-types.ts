import ts from "typescript";
import { isHidden } from "./annotations.ts";
import type { ConstraintTypes } from "./constraint-types.ts";
import type { Library } from "./library-types.ts";
import type { TypeReaderDeps } from "./reader-deps.ts";

/** Kinds of nodes that ts-json-schema-generator reads correctly in every context. */
const SYNTACTIC_KINDS: ReadonlySet<ts.SyntaxKind> = new Set([
  ts.SyntaxKind.StringKeyword,
  ts.SyntaxKind.NumberKeyword,
  ts.SyntaxKind.BooleanKeyword,
  ts.SyntaxKind.AnyKeyword,
  ts.SyntaxKind.UnknownKeyword,
  ts.SyntaxKind.UndefinedKeyword,
  ts.SyntaxKind.ParenthesizedType,
  ts.SyntaxKind.ArrayType,
  ts.SyntaxKind.UnionType,
]);

/** Finds types whose syntax alone determines their schema. All others need the type checker. */
export class SyntacticTypes {
  readonly #library: Library;
  readonly #constraints: ConstraintTypes;
  readonly #declarations = new WeakMap<ts.Symbol, ts.Declaration | undefined>();

  constructor({ library, constraints }: Pick<TypeReaderDeps, "library" | "constraints">) {
    this.#library = library;
    this.#constraints = constraints;
  }

  has(node: ts.TypeNode): boolean {
    if (SYNTACTIC_KINDS.has(node.kind)) return true;
    if (ts.isLiteralTypeNode(node)) return !isBeyondJson(node.literal);
    return ts.isTypeLiteralNode(node) && hasSyntacticMembers(node.members) && node.members.length > 0;
  }

  /**
   * Returns a symbol's only declaration if it is an alias, interface or enum without type
   * parameters and heritage clauses.
   */
  findDeclaration(symbol: ts.Symbol): ts.Declaration | undefined {
    if (this.#declarations.has(symbol)) return this.#declarations.get(symbol);
    const found = this.#search(symbol);
    this.#declarations.set(symbol, found);
    return found;
  }

  #search(symbol: ts.Symbol): ts.Declaration | undefined {
    if (this.#library.declares(symbol)) return undefined;
    const types = symbol.declarations?.filter((declaration) => isTypeDeclaration(declaration)) ?? [];
    const [declaration] = types;
    // Only the checker can merge declarations, such as a class and an interface of the same name.
    if (!declaration || types.length > 1) return undefined;
    // A type declared inside a generic function or class may use its type parameters.
    if (isGeneric(declaration.parent)) return undefined;
    if (ts.isEnumDeclaration(declaration)) return declaration;
    if (ts.isTypeAliasDeclaration(declaration)) {
      const isHelper = ts.isIntersectionTypeNode(declaration.type) || ts.isTypeReferenceNode(declaration.type);
      return declaration.typeParameters || (isHelper && this.#constraints.isHelper(symbol)) ? undefined : declaration;
    }
    if (!ts.isInterfaceDeclaration(declaration)) return undefined;
    return !declaration.typeParameters &&
      !declaration.heritageClauses &&
      declaration.members.length > 0 &&
      hasSyntacticMembers(declaration.members)
      ? declaration
      : undefined;
  }
}

function isTypeDeclaration(declaration: ts.Declaration): boolean {
  return (
    ts.isTypeAliasDeclaration(declaration) ||
    ts.isInterfaceDeclaration(declaration) ||
    ts.isEnumDeclaration(declaration) ||
    ts.isClassLike(declaration)
  );
}

/**
 * Checks that all members are properties with a plain name and a type, apart from one index
 * signature with string keys.
 */
function hasSyntacticMembers(members: ts.NodeArray<ts.TypeElement>): boolean {
  const indexes = members.filter((member) => ts.isIndexSignatureDeclaration(member));
  const isPlain = ({ parameters, type }: ts.IndexSignatureDeclaration): boolean =>
    parameters[0]?.type?.kind === ts.SyntaxKind.StringKeyword && type.kind !== ts.SyntaxKind.NeverKeyword;
  if (indexes.length > 1 || !indexes.every((index) => isPlain(index))) return false;
  return members.every((member) => ts.isIndexSignatureDeclaration(member) || isSyntacticProperty(member));
}

function isSyntacticProperty(member: ts.TypeElement): boolean {
  // The generator knows one tag that hides a property.
  if (isHidden(member)) return false;
  // The result of `toJSON` replaces the whole object.
  if (member.name && ts.isIdentifier(member.name) && member.name.text === "toJSON") return false;
  if (!ts.isPropertySignature(member) || !member.type || member.type.kind === ts.SyntaxKind.NeverKeyword) return false;
  // The generator would take escapes in a name literally.
  if (ts.isIdentifier(member.name))
    return member.name.text !== "__proto__" && member.name.getText() === member.name.text;
  return (
    ts.isStringLiteral(member.name) &&
    /^[^\\'"`]+$/.test(member.name.getText().slice(1, -1)) &&
    member.name.text !== "__proto__"
  );
}

/** Checks whether a node is a generic class or function, or inside one. */
export function isGeneric(node: ts.Node): boolean {
  return (
    ts.findAncestor(
      node,
      (ancestor) => (ts.isClassLike(ancestor) || ts.isFunctionLike(ancestor)) && ancestor.typeParameters !== undefined,
    ) !== undefined
  );
}

/** Checks for a literal without a JSON form: `1n`, or `1e999`, which is Infinity. */
function isBeyondJson(literal: ts.LiteralTypeNode["literal"]): boolean {
  const operand = ts.isPrefixUnaryExpression(literal) ? literal.operand : literal;
  return (
    operand.kind === ts.SyntaxKind.BigIntLiteral ||
    (ts.isNumericLiteral(operand) && !Number.isFinite(Number(operand.text)))
  );
}
