import ts from "typescript";
import { readConstant, unwrap } from "./constants.ts";

/** Constants that hold options are followed this far. */
const MAX_DEPTH = 8;

/**
 * Finds where a decorator's argument gives an option, whatever its value: in the object literal, in a constant, in what is spread into it.
 * Returns nothing for an option that is absent, that is `undefined`, or of which only the running program knows whether it is there.
 */
export function findOption(argument: ts.Expression, name: string, checker: ts.TypeChecker): ts.Node | undefined {
  return new OptionFinder(name, checker).find(argument, 0);
}

class OptionFinder {
  readonly #name: string;
  readonly #checker: ts.TypeChecker;

  constructor(name: string, checker: ts.TypeChecker) {
    this.#name = name;
    this.#checker = checker;
  }

  find(expression: ts.Expression, depth: number): ts.Node | undefined {
    if (depth > MAX_DEPTH) return undefined;
    const inner = unwrap(expression);
    if (ts.isStringLiteralLike(inner)) return undefined;
    if (ts.isObjectLiteralExpression(inner)) return this.#findInLiteral(inner, depth);
    const initializer = this.#initializerOf(inner);
    return initializer ? this.find(initializer, depth + 1) : this.#findInType(inner);
  }

  /** The last one wins, as it does when the program runs. */
  #findInLiteral(literal: ts.ObjectLiteralExpression, depth: number): ts.Node | undefined {
    for (const property of [...literal.properties].reverse()) {
      if (ts.isSpreadAssignment(property)) {
        const found = this.find(property.expression, depth + 1);
        if (found) return found;
      } else if (property.name && this.#nameOf(property.name) === this.#name) {
        if (!ts.isPropertyAssignment(property)) return property;
        const { initializer } = property;
        return ts.isIdentifier(initializer) && initializer.text === "undefined" ? undefined : initializer;
      }
    }
    return undefined;
  }

  #nameOf(name: ts.PropertyName): unknown {
    return ts.isComputedPropertyName(name) ? readConstant(name.expression, this.#checker)?.value : name.text;
  }

  #initializerOf(node: ts.Expression): ts.Expression | undefined {
    if (!ts.isIdentifier(node)) return undefined;
    const symbol = this.#checker.getSymbolAtLocation(node);
    const target = symbol && symbol.flags & ts.SymbolFlags.Alias ? this.#checker.getAliasedSymbol(symbol) : symbol;
    const declaration = target?.valueDeclaration;
    if (!declaration || !ts.isVariableDeclaration(declaration)) return undefined;
    return ts.getCombinedNodeFlags(declaration) & ts.NodeFlags.Const ? declaration.initializer : undefined;
  }

  /** The result of a call, say: its type tells, unless it leaves open whether the option is there. */
  #findInType(node: ts.Expression): ts.Node | undefined {
    const property = this.#checker.getTypeAtLocation(node).getProperty(this.#name);
    if (!property || property.flags & ts.SymbolFlags.Optional) return undefined;
    const type = this.#checker.getTypeOfSymbol(property);
    const members = type.isUnion() ? type.types : [type];
    return members.some((member) => member.flags & ts.TypeFlags.Undefined) ? undefined : node;
  }
}
