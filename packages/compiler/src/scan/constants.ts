import type { JsonValue } from "methodic/manifest";
import ts from "typescript";
import type { Scope } from "./scope.ts";

/** A value that was read from source text. */
export interface Constant {
  readonly value: JsonValue | undefined;
}

/**
 * Reads the value of an expression without running it: literals, arrays and objects of them, `as
 * const`, templates, sums, `const` identifiers and enum members. Returns nothing for expressions
 * that have to be computed.
 */
export function readConstant(node: ts.Expression, scope: Scope): Constant | undefined {
  return new ConstantReader(scope).read(node, 0);
}

/** Reads the value of an object literal's property, which may be a shorthand: `{ title }`. */
export function readPropertyConstant(
  property: ts.PropertyAssignment | ts.ShorthandPropertyAssignment,
  scope: Scope,
): Constant | undefined {
  return new ConstantReader(scope).readValue(property, 0);
}

/** Maximum depth of references, so that `const a = b; const b = a` ends. */
const MAX_DEPTH = 16;

class ConstantReader {
  readonly #scope: Scope;
  readonly #checker: ts.TypeChecker;

  constructor(scope: Scope) {
    this.#scope = scope;
    this.#checker = scope.checker;
  }

  read(node: ts.Expression, depth: number): Constant | undefined {
    if (depth > MAX_DEPTH) return undefined;
    const inner = unwrap(node);
    if (ts.isStringLiteralLike(inner)) return { value: inner.text };
    if (ts.isNumericLiteral(inner)) return finite({ value: Number(inner.text) });
    if (inner.kind === ts.SyntaxKind.TrueKeyword) return { value: true };
    if (inner.kind === ts.SyntaxKind.FalseKeyword) return { value: false };
    if (inner.kind === ts.SyntaxKind.NullKeyword) return { value: null };
    if (ts.isPrefixUnaryExpression(inner)) return this.#readSign(inner, depth);
    if (ts.isTemplateExpression(inner)) return this.#readTemplate(inner, depth);
    if (ts.isBinaryExpression(inner)) return finite(this.#readSum(inner, depth));
    if (ts.isArrayLiteralExpression(inner)) return this.#readArray(inner, depth);
    if (ts.isObjectLiteralExpression(inner)) return this.#readObject(inner, depth);
    if (ts.isIdentifier(inner) || ts.isPropertyAccessExpression(inner) || ts.isElementAccessExpression(inner)) {
      return this.#readReference(inner, depth);
    }
    return undefined;
  }

  readValue(property: ts.PropertyAssignment | ts.ShorthandPropertyAssignment, depth: number): Constant | undefined {
    return ts.isPropertyAssignment(property)
      ? this.read(property.initializer, depth + 1)
      : this.#readSymbol(this.#checker.getShorthandAssignmentValueSymbol(property), depth);
  }

  #readSign(node: ts.PrefixUnaryExpression, depth: number): Constant | undefined {
    const operand = this.read(node.operand, depth + 1)?.value;
    if (node.operator === ts.SyntaxKind.ExclamationToken && typeof operand === "boolean") return { value: !operand };
    if (typeof operand !== "number") return undefined;
    if (node.operator === ts.SyntaxKind.MinusToken) return { value: -operand };
    return node.operator === ts.SyntaxKind.PlusToken ? { value: operand } : undefined;
  }

  #readTemplate(node: ts.TemplateExpression, depth: number): Constant | undefined {
    let text = node.head.text;
    for (const span of node.templateSpans) {
      const part = this.read(span.expression, depth + 1)?.value;
      if (typeof part !== "string" && typeof part !== "number" && typeof part !== "boolean") return undefined;
      text += `${part}${span.literal.text}`;
    }
    return { value: text };
  }

  #readSum(node: ts.BinaryExpression, depth: number): Constant | undefined {
    const left = this.read(node.left, depth + 1)?.value;
    const right = this.read(node.right, depth + 1)?.value;
    const operator = node.operatorToken.kind;
    if (typeof left === "number" && typeof right === "number") return calculate(operator, left, right);
    const textual = (value: JsonValue | undefined): value is string | number =>
      typeof value === "string" || typeof value === "number";
    return operator === ts.SyntaxKind.PlusToken && textual(left) && textual(right)
      ? { value: `${left}${right}` }
      : undefined;
  }

  #readArray(node: ts.ArrayLiteralExpression, depth: number): Constant | undefined {
    const values: JsonValue[] = [];
    for (const element of node.elements) {
      const spread = ts.isSpreadElement(element);
      const value = this.read(spread ? element.expression : element, depth + 1)?.value;
      if (value === undefined || (spread && !Array.isArray(value))) return undefined;
      if (spread) values.push(...(value as JsonValue[]));
      else values.push(value);
    }
    return { value: values };
  }

  #readObject(node: ts.ObjectLiteralExpression, depth: number): Constant | undefined {
    const entries: [string, JsonValue][] = [];
    for (const property of node.properties) {
      const found = this.#readProperty(property, depth);
      if (!found) return undefined;
      entries.push(...found);
    }
    return { value: Object.fromEntries(entries) };
  }

  #readProperty(property: ts.ObjectLiteralElementLike, depth: number): [string, JsonValue][] | undefined {
    if (ts.isSpreadAssignment(property)) {
      const spread = this.read(property.expression, depth + 1);
      if (!spread) return undefined;
      return isRecord(spread.value) ? Object.entries(spread.value) : spread.value === undefined ? [] : undefined;
    }
    if (!ts.isPropertyAssignment(property) && !ts.isShorthandPropertyAssignment(property)) return undefined;
    const name = ts.isComputedPropertyName(property.name)
      ? this.read(property.name.expression, depth + 1)?.value
      : ts.isPrivateIdentifier(property.name)
        ? undefined
        : property.name.text;
    const found = this.readValue(property, depth);
    if (!found || (typeof name !== "string" && typeof name !== "number")) return undefined;
    return found.value === undefined ? [] : [[String(name), found.value]];
  }

  #readReference(
    node: ts.Identifier | ts.PropertyAccessExpression | ts.ElementAccessExpression,
    depth: number,
  ): Constant | undefined {
    if (ts.isIdentifier(node) && node.text === "undefined") return { value: undefined };
    const member = this.#checker.getSymbolAtLocation(
      ts.isPropertyAccessExpression(node) ? node.name : node,
    )?.valueDeclaration;
    if (member && ts.isEnumMember(member)) {
      const constant = this.#checker.getConstantValue(member);
      return constant === undefined ? undefined : { value: constant };
    }
    if (ts.isIdentifier(node)) return this.#readSymbol(this.#checker.getSymbolAtLocation(node), depth);
    const owner = this.read(node.expression, depth + 1)?.value;
    const key = ts.isPropertyAccessExpression(node)
      ? node.name.text
      : this.read(node.argumentExpression, depth + 1)?.value;
    if (Array.isArray(owner) && typeof key === "number")
      return owner[key] === undefined ? undefined : { value: owner[key] };
    if (!isRecord(owner) || typeof key !== "string" || !Object.hasOwn(owner, key)) return undefined;
    return { value: owner[key] };
  }

  #readSymbol(symbol: ts.Symbol | undefined, depth: number): Constant | undefined {
    const found = this.#scope.valueOf(symbol);
    if (!found) return undefined;
    return found.expression ? this.read(found.expression, depth + 1) : { value: undefined };
  }
}

/** Removes wrappers that do not change the value: parentheses, `as`, `satisfies`, `!`. */
export function unwrap(node: ts.Expression): ts.Expression {
  const wrapped = ts.isParenthesizedExpression(node) || ts.isAsExpression(node) || ts.isSatisfiesExpression(node);
  if (wrapped || ts.isNonNullExpression(node) || ts.isTypeAssertionExpression(node)) return unwrap(node.expression);
  return node;
}

/** Rejects infinite numbers such as `1e999`, which JSON would publish as null. */
function finite(constant: Constant | undefined): Constant | undefined {
  return typeof constant?.value === "number" && !Number.isFinite(constant.value) ? undefined : constant;
}

function calculate(operator: ts.SyntaxKind, left: number, right: number): Constant | undefined {
  if (operator === ts.SyntaxKind.PlusToken) return { value: left + right };
  if (operator === ts.SyntaxKind.MinusToken) return { value: left - right };
  if (operator === ts.SyntaxKind.AsteriskToken) return { value: left * right };
  return operator === ts.SyntaxKind.SlashToken && right !== 0 ? { value: left / right } : undefined;
}

/** Checks whether a value is a JSON object. */
export function isRecord(value: JsonValue | undefined): value is { readonly [key: string]: JsonValue } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
