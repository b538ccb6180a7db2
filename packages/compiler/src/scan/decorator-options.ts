import ts from "typescript";
import { readConstant, unwrap } from "./constants.ts";
import type { Scope } from "./scope.ts";

/** Maximum number of constants and spreads to follow. */
const MAX_DEPTH = 8;

/**
 * Finds the place where an argument gives an option: in the object literal, in a constant, or in an
 * object that is spread into it. Returns nothing for an option that is absent,
 * that is `undefined`, or whose presence only the running program knows.
 */
export function findOption(argument: ts.Expression, name: string, scope: Scope): ts.Node | undefined {
  return new OptionReader(scope).find(argument, name, 0);
}

/** An option that an argument gives. */
export interface GivenOption {
  readonly name: string;
  /** The property that gives it, or the expression whose type has it. */
  readonly node: ts.Node;
}

/**
 * Finds the options of a decorator's argument that are not among the known ones. Where the argument
 * is not written out, its type decides: required properties, unless the type may have others.
 */
export function findUnknownOptions(argument: ts.Expression, known: readonly string[], scope: Scope): GivenOption[] {
  const options = new OptionReader(scope).list(argument, 0);
  return options.filter(({ name }) => !known.includes(name));
}

/** Finds the unknown names in the options that are objects, or arrays of objects. */
export function findUnknownNested(
  argument: ts.Expression,
  known: Readonly<Record<string, readonly string[]>>,
  scope: Scope,
): (GivenOption & { readonly known: readonly string[] })[] {
  const reader = new OptionReader(scope);
  return Object.entries(known).flatMap(([option, names]) => {
    const found = reader.find(argument, option, 0);
    const value = found && (ts.isShorthandPropertyAssignment(found) ? found.name : found);
    // If only the type of the options has the option, `found` is their expression.
    if (!value || !ts.isObjectLiteralElementLike(value.parent)) return [];
    const nested = reader.list(value as ts.Expression, 0).filter(({ name }) => !names.includes(name));
    return nested.map(({ name, node }) => ({ name: `${option}.${name}`, node, known: names }));
  });
}

/** Checks whether all options that an argument gives are written out in it or in constants. */
export function isWrittenOut(argument: ts.Expression, scope: Scope): boolean {
  return new OptionReader(scope).isWrittenOut(argument, 0);
}

class OptionReader {
  readonly #scope: Scope;
  readonly #checker: ts.TypeChecker;

  constructor(scope: Scope) {
    this.#scope = scope;
    this.#checker = scope.checker;
  }

  find(expression: ts.Expression, name: string, depth: number): ts.Node | undefined {
    if (depth > MAX_DEPTH) return undefined;
    const inner = unwrap(expression);
    if (ts.isStringLiteralLike(inner)) return undefined;
    if (ts.isObjectLiteralExpression(inner)) return this.#findInLiteral(inner, name, depth);
    const found = this.#valueOf(inner);
    if (!found) return this.#findInType(inner, name);
    return found.expression && this.find(found.expression, name, depth + 1);
  }

  isWrittenOut(expression: ts.Expression, depth: number): boolean {
    if (depth > MAX_DEPTH) return false;
    const inner = unwrap(expression);
    if (ts.isObjectLiteralExpression(inner)) {
      return inner.properties.every(
        (property) => !ts.isSpreadAssignment(property) || this.isWrittenOut(property.expression, depth + 1),
      );
    }
    const found = this.#valueOf(inner);
    return found !== undefined && (!found.expression || this.isWrittenOut(found.expression, depth + 1));
  }

  /** Lists all options that the expression certainly gives. */
  list(expression: ts.Expression, depth: number): GivenOption[] {
    if (depth > MAX_DEPTH) return [];
    const inner = unwrap(expression);
    if (ts.isObjectLiteralExpression(inner)) {
      return inner.properties.flatMap((property) => {
        if (ts.isSpreadAssignment(property)) return this.list(property.expression, depth + 1);
        const name = this.#nameOf(property.name);
        return typeof name === "string" ? [{ name, node: property.name }] : [];
      });
    }
    if (ts.isArrayLiteralExpression(inner)) {
      const elements = inner.elements.map((element) => (ts.isSpreadElement(element) ? element.expression : element));
      return elements.flatMap((element) => this.list(element, depth + 1));
    }
    // Each branch has to be right: `isOpen ? {} : { auth }`, `...(isOpen || { auth })`.
    if (ts.isConditionalExpression(inner))
      return [inner.whenTrue, inner.whenFalse].flatMap((branch) => this.list(branch, depth + 1));
    if (ts.isBinaryExpression(inner)) return [inner.left, inner.right].flatMap((side) => this.list(side, depth + 1));
    const found = this.#valueOf(inner);
    if (!found) return this.#listOfType(inner);
    return found.expression ? this.list(found.expression, depth + 1) : [];
  }

  /** Finds the last one, which wins when the program runs. */
  #findInLiteral(literal: ts.ObjectLiteralExpression, name: string, depth: number): ts.Node | undefined {
    for (const property of [...literal.properties].reverse()) {
      if (ts.isSpreadAssignment(property)) {
        const found = this.find(property.expression, name, depth + 1);
        if (found) return found;
      } else if (this.#nameOf(property.name) === name) {
        if (!ts.isPropertyAssignment(property)) return property;
        const { initializer } = property;
        return ts.isIdentifier(initializer) && initializer.text === "undefined" ? undefined : initializer;
      }
    }
    return undefined;
  }

  #nameOf(name: ts.PropertyName): unknown {
    return ts.isComputedPropertyName(name) ? readConstant(name.expression, this.#scope)?.value : name.text;
  }

  #valueOf(node: ts.Expression): ReturnType<Scope["valueOf"]> {
    return ts.isIdentifier(node) ? this.#scope.valueOfName(node) : undefined;
  }

  /** Finds an option by the expression's type, unless the type leaves open whether it is there. */
  #findInType(node: ts.Expression, name: string): ts.Node | undefined {
    const property = this.#checker.getTypeAtLocation(node).getProperty(name);
    if (!property || property.flags & ts.SymbolFlags.Optional) return undefined;
    const type = this.#checker.getTypeOfSymbol(property);
    const members = type.isUnion() ? type.types : [type];
    return members.some((member) => member.flags & ts.TypeFlags.Undefined) ? undefined : node;
  }

  /**
   * Lists the properties that a value of the expression's type has for certain: the server reads
   * those that a class defines on its prototype, too. A type with an index signature describes
   * data, not options.
   */
  #listOfType(node: ts.Expression): GivenOption[] {
    const type = this.#checker.getTypeAtLocation(node);
    const members = type.isUnion() ? type.types : [type];
    return members
      .filter((member) => this.#describesOptions(member))
      .flatMap((member) => this.#checker.getPropertiesOfType(member).filter((property) => isGiven(property, member)))
      .map(({ name, declarations = [] }) => ({ name, node: declarations.find(isWritten)?.name ?? node }));
  }

  #describesOptions(type: ts.Type): boolean {
    if (!(type.flags & (ts.TypeFlags.Object | ts.TypeFlags.Intersection))) return false;
    if (type.getCallSignatures().length > 0 || type.getConstructSignatures().length > 0) return false;
    if (this.#checker.getIndexInfosOfType(type).length > 0) return false;
    return !this.#checker.isArrayType(type) && !this.#checker.isTupleType(type);
  }
}

/** Checks whether a value of the type has the property for certain, under a name. */
function isGiven({ flags, escapedName }: ts.Symbol, { symbol }: ts.Type): boolean {
  // An interface may name methods that every object has, such as `toString`; a class overrides
  // them.
  const { Accessor, Class, Method, Optional, Property } = ts.SymbolFlags;
  const kinds = symbol?.flags & Class ? Property | Accessor | Method : Property;
  // TypeScript marks the names of symbols and of #private members so, and escapes `__` in others.
  return (flags & kinds) !== 0 && !(flags & Optional) && !/^__[@#]/.test(String(escapedName));
}

function isWritten(node: ts.Node): node is ts.PropertyAssignment | ts.ShorthandPropertyAssignment {
  return ts.isPropertyAssignment(node) || ts.isShorthandPropertyAssignment(node);
}
