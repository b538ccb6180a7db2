import { LiteralType, type BaseType } from "ts-json-schema-generator";
import ts from "typescript";
import { isDocumented } from "../../jsdoc/docs.ts";
import { parseElementComment } from "../../jsdoc/type-comments.ts";
import { symbolNamed } from "./documented-nodes.ts";
import { labeled, unionOf } from "./enum-values.ts";
import type { TypeConverterDeps } from "./reader-deps.ts";

/**
 * Reads types that are made of the author's constants, whose comments the checker forgets: `keyof
 * typeof LEVELS`, `typeof LIMIT`, and `(typeof SIZES)[number]`.
 */
export class ConstantTypes {
  readonly #deps: TypeConverterDeps;

  constructor(deps: TypeConverterDeps) {
    this.#deps = deps;
  }

  /** Reads a type with the comments of a constant; undefined for other types. */
  read(node: ts.TypeNode): BaseType | undefined {
    if (ts.isTypeOperatorNode(node) && node.operator === ts.SyntaxKind.KeyOfKeyword) return this.#readKeys(node);
    if (ts.isTypeQueryNode(node)) return this.#readConstant(node);
    return ts.isIndexedAccessTypeNode(node) ? this.#readElements(node) : undefined;
  }

  /** Reads `keyof X`. The comments of X's properties become part of the description. */
  #readKeys(node: ts.TypeOperatorNode): BaseType | undefined {
    const { annotator, checker, order } = this.#deps;
    const type = checker.getTypeFromTypeNode(node);
    const members = type.isUnion() ? type.types : [type];
    const keys = members.filter((member) => member.isStringLiteral());
    const owner = checker.getTypeFromTypeNode(node.type);
    const labels = new Map(
      keys.map((key) => {
        const declaration = owner.getProperty(key.value)?.declarations?.[0];
        return [key, declaration && this.#isOwn(declaration) ? annotator.labelOf(declaration) : ""];
      }),
    );
    if (keys.length < members.length || [...labels.values()].every((label) => label === "")) return undefined;
    const sorted = order.sortTypes(keys, node).filter((key) => key.isStringLiteral());
    return unionOf(sorted.map((key) => labeled(new LiteralType(key.value), labels.get(key) ?? "")));
  }

  /** Reads `typeof X` with the written type of X, and its comment. */
  #readConstant(node: ts.TypeQueryNode): BaseType | undefined {
    const { annotator, checker, nodes } = this.#deps;
    const declaration = this.#constantOf(node);
    const { type } = declaration ?? {};
    // `unique symbol` is valid at its constant only.
    if (!declaration || !type || ts.isTypeOperatorNode(type)) return undefined;
    if (checker.getTypeFromTypeNode(type) !== checker.getTypeFromTypeNode(node)) return undefined;
    return annotator.annotate(nodes.readNode(type), declaration, true);
  }

  /** Reads `(typeof X)[number]` of a list with literals. */
  #readElements({ objectType, indexType }: ts.IndexedAccessTypeNode): BaseType | undefined {
    const { annotator, checker } = this.#deps;
    const query = ts.isParenthesizedTypeNode(objectType) ? objectType.type : objectType;
    const declaration = ts.isTypeQueryNode(query) ? this.#constantOf(query) : undefined;
    const list = declaration?.initializer && withoutAssertions(declaration.initializer);
    if (!declaration || !list || !ts.isArrayLiteralExpression(list)) return undefined;
    if (indexType.kind !== ts.SyntaxKind.NumberKeyword) return undefined;
    const comments = list.elements.map((element) => parseElementComment(element));
    if (comments.every((comment) => !comment) && !isDocumented(declaration)) return undefined;
    const values = list.elements.map((element) => checker.getTypeAtLocation(element));
    const literals = values.filter((value) => value.isStringLiteral() || value.isNumberLiteral());
    const type = checker.getTypeFromTypeNode(query);
    // Without `as const`, the elements are not literals.
    if (literals.length < values.length || !checker.isTupleType(type)) return undefined;
    const distinct = new Map(literals.map(({ value }, index) => [value, comments[index]]));
    const read = [...distinct].map(([value, comment]) =>
      labeled(new LiteralType(value), comment ? annotator.textOf(comment) : ""),
    );
    return annotator.annotate(unionOf(read), declaration, true);
  }

  #constantOf({ exprName }: ts.TypeQueryNode): ts.VariableDeclaration | undefined {
    const declaration = symbolNamed(exprName, this.#deps.checker)?.valueDeclaration;
    return declaration && ts.isVariableDeclaration(declaration) && this.#isOwn(declaration) ? declaration : undefined;
  }

  #isOwn(declaration: ts.Node): boolean {
    return !this.#deps.descriptions.isForeign(declaration);
  }
}

/** Returns the expression inside `… as const` and the like. */
function withoutAssertions(expression: ts.Expression): ts.Expression {
  return ts.isAsExpression(expression) ||
    ts.isSatisfiesExpression(expression) ||
    ts.isParenthesizedExpression(expression)
    ? withoutAssertions(expression.expression)
    : expression;
}
