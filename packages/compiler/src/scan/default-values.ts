import type { JsonValue } from "methodic/manifest";
import ts from "typescript";
import type { Library } from "../schema/read/library-types.ts";
import { readConstant } from "./constants.ts";
import { Scope } from "./scope.ts";

/**
 * Reads the JSON form of a parameter's default without running it: constants (see
 * {@link readConstant}), `10n`, and `new Set([…])`, `new Map([…])`, `new Date("…")` and
 * `new URL("…")` of constants. Returns nothing for expressions that have to be computed.
 */
export function readDefault(node: ts.Expression, checker: ts.TypeChecker, library: Library): JsonValue | undefined {
  return new DefaultReader(checker, library).read(node);
}

class DefaultReader {
  readonly #checker: ts.TypeChecker;
  readonly #library: Library;

  constructor(checker: ts.TypeChecker, library: Library) {
    this.#checker = checker;
    this.#library = library;
  }

  read(node: ts.Expression): JsonValue | undefined {
    if (ts.isBigIntLiteral(node)) return BigInt(node.text.slice(0, -1)).toString();
    if (ts.isPrefixUnaryExpression(node) && ts.isBigIntLiteral(node.operand))
      return node.operator === ts.SyntaxKind.MinusToken
        ? (-BigInt(node.operand.text.slice(0, -1))).toString()
        : undefined;
    if (ts.isNewExpression(node)) return this.#readNew(node);
    if (ts.isArrayLiteralExpression(node) && !node.elements.some((element) => ts.isSpreadElement(element)))
      return this.#readItems(node);
    return readConstant(node, new Scope(this.#checker))?.value;
  }

  #readNew({ expression, arguments: given = ts.factory.createNodeArray() }: ts.NewExpression): JsonValue | undefined {
    const symbol = this.#checker.getSymbolAtLocation(expression);
    if (!symbol || !this.#library.declares(symbol) || given.length > 1) return undefined;
    const [argument] = given;
    if (symbol.name === "Set") return this.#readSet(argument);
    if (symbol.name === "Map") return this.#readMap(argument);
    // `new Date()` is the time of the call, and the number in `new Date(0)` is likely to be
    // computed.
    const text = argument && readConstant(argument, new Scope(this.#checker))?.value;
    return (symbol.name === "Date" || symbol.name === "URL") && typeof text === "string" ? text : undefined;
  }

  #readItems(node: ts.ArrayLiteralExpression): JsonValue[] | undefined {
    const items = node.elements.map((element) => this.read(element));
    return items.every((item) => item !== undefined) ? items : undefined;
  }

  #readSet(items: ts.Expression | undefined): JsonValue | undefined {
    const values = items === undefined ? [] : this.read(items);
    return Array.isArray(values)
      ? [...new Map(values.map((value) => [JSON.stringify(value), value])).values()]
      : undefined;
  }

  #readMap(entries: ts.Expression | undefined): JsonValue | undefined {
    const pairs: unknown = entries === undefined ? [] : this.read(entries);
    const isPair = (pair: unknown): pair is [string, JsonValue] =>
      Array.isArray(pair) && pair.length === 2 && typeof pair[0] === "string";
    return Array.isArray(pairs) && pairs.every(isPair) ? Object.fromEntries(pairs) : undefined;
  }
}
