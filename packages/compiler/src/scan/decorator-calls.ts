import type { DecoratorName } from "methodic/manifest";
import ts from "typescript";
import { unwrap } from "./constants.ts";
import type { MethodicSymbols } from "./methodic-symbols.ts";
import { Scope } from "./scope.ts";

/** A decorator of this package as a decorator expression applies it, directly or in a function. */
export interface DecoratorCall {
  readonly name: DecoratorName;
  /** Undefined for `@tool`, which is not called. */
  readonly call: ts.CallExpression | undefined;
  /** The scope in which the call's arguments are read. */
  readonly scope: Scope;
}

/** A function with a body. */
type FunctionNode = ts.FunctionDeclaration | ts.FunctionExpression | ts.ArrowFunction | ts.MethodDeclaration;

/** Maximum number of names and functions to follow to a decorator. */
const MAX_DEPTH = 16;

/**
 * Finds the decorators of this package behind a decorator expression: `tool`, `tool(…)`, `m.tool`,
 * a name that stands for one of these, the call of a function that returns one, a function that
 * applies one, or a call that composes several (`compose(tool(), logged)`).
 */
export class DecoratorCallFinder {
  readonly #checker: ts.TypeChecker;
  readonly #symbols: MethodicSymbols;

  constructor(checker: ts.TypeChecker, symbols: MethodicSymbols) {
    this.#checker = checker;
    this.#symbols = symbols;
  }

  /** Finds the calls in the order in which they are written; one of several may run. */
  find(expression: ts.Expression): readonly DecoratorCall[] {
    const found = this.#find(expression, new Scope(this.#checker), 0);
    return [...new Map(found.map((one) => [one.call ?? one.name, one])).values()];
  }

  /** Checks whether an expression's value is a decorator of this package, by its type. */
  isComponentDecorator(expression: ts.Expression): boolean {
    const { symbol, aliasSymbol } = this.#checker.getTypeAtLocation(expression);
    return [symbol, aliasSymbol].some((candidate) => candidate && this.#symbols.declares(candidate));
  }

  #find(expression: ts.Expression, scope: Scope, depth: number): readonly DecoratorCall[] {
    if (depth > MAX_DEPTH) return [];
    const node = unwrap(expression);
    const parts = ts.isConditionalExpression(node)
      ? [node.whenTrue, node.whenFalse]
      : ts.isBinaryExpression(node)
        ? [node.left, node.right]
        : undefined;
    if (parts) return parts.flatMap((part) => this.#find(part, scope, depth + 1));
    if (ts.isCallExpression(node)) return this.#findInCall(node, scope, depth);
    const name = this.#nameOf(node);
    if (name) return [{ name, call: undefined, scope }];
    const target = isFunction(node) ? node : this.#targetOf(node, scope);
    if (!target) return [];
    return isFunction(target) ? this.#findApplied(target, scope, depth) : this.#find(target, scope, depth + 1);
  }

  #findInCall(call: ts.CallExpression, scope: Scope, depth: number): readonly DecoratorCall[] {
    const callee = this.#functionOf(call.expression, scope, depth);
    if (callee && "name" in callee) return [{ name: callee.name, call, scope }];
    const inner = callee?.scope.within(callee.node, [...call.arguments]);
    const returned = callee ? returnedBy(callee.node) : [];
    const found = inner ? returned.flatMap((node) => this.#find(node, inner, depth + 1)) : [];
    if (found.length > 0) return found;
    // A function that composes decorators.
    return call.arguments
      .map((argument) => unwrap(ts.isSpreadElement(argument) ? argument.expression : argument))
      .filter((argument) => !isFunction(argument))
      .flatMap((argument) => this.#find(argument, scope, depth + 1));
  }

  /** Finds the decorators that a decorator function applies to its own arguments. */
  #findApplied(applying: FunctionNode, scope: Scope, depth: number): readonly DecoratorCall[] {
    const own = applying.parameters.map(({ name }) => this.#checker.getSymbolAtLocation(name));
    const isOwn = (argument: ts.Expression): boolean => {
      const symbol = this.#checker.getSymbolAtLocation(ts.isSpreadElement(argument) ? argument.expression : argument);
      return symbol !== undefined && own.includes(symbol);
    };
    const found: DecoratorCall[] = [];
    const visit = (node: ts.Node): void => {
      if (ts.isClassLike(node)) return;
      if (ts.isCallExpression(node) && node.arguments.some((argument) => isOwn(argument)))
        found.push(...this.#find(node.expression, scope, depth + 1));
      ts.forEachChild(node, visit);
    };
    if (applying.body) visit(applying.body);
    return found;
  }

  /** Returns the decorator that an expression names, or holds as its type shows. */
  #nameOf(node: ts.Expression): DecoratorName | undefined {
    const named = this.#symbols.resolve(node);
    const { symbol } = this.#checker.getTypeAtLocation(node);
    return (named && this.#symbols.decoratorName(named)) ?? (symbol && this.#symbols.decoratorName(symbol));
  }

  /** Returns what a callee stands for: a decorator of this package, or a function and its scope. */
  #functionOf(
    callee: ts.Expression,
    scope: Scope,
    depth: number,
  ): { readonly name: DecoratorName } | { readonly node: FunctionNode; readonly scope: Scope } | undefined {
    if (depth > MAX_DEPTH) return undefined;
    const node = unwrap(callee);
    if (isFunction(node)) return { node, scope };
    if (ts.isCallExpression(node)) {
      const outer = this.#functionOf(node.expression, scope, depth + 1);
      if (!outer || "name" in outer) return undefined;
      const [returned] = returnedBy(outer.node);
      return returned && this.#functionOf(returned, outer.scope.within(outer.node, [...node.arguments]), depth + 1);
    }
    const name = this.#nameOf(node);
    if (name) return { name };
    const target = this.#targetOf(node, scope);
    if (!target) return undefined;
    return isFunction(target) ? { node: target, scope } : this.#functionOf(target, scope, depth + 1);
  }

  /** Returns what a name stands for: a function, or the value of a variable or property. */
  #targetOf(node: ts.Expression, scope: Scope): ts.Expression | FunctionNode | undefined {
    const symbol = this.#symbols.resolve(node);
    const known = scope.valueOf(symbol)?.expression;
    const declaration = symbol?.valueDeclaration;
    if (known || !declaration) return known;
    if (isFunction(declaration)) return declaration;
    if (ts.isShorthandPropertyAssignment(declaration)) return declaration.name;
    return ts.isVariableDeclaration(declaration) ||
      ts.isPropertyAssignment(declaration) ||
      ts.isPropertyDeclaration(declaration) ||
      ts.isParameter(declaration)
      ? declaration.initializer
      : undefined;
  }
}

function isFunction(node: ts.Node): node is FunctionNode {
  return (
    ts.isArrowFunction(node) ||
    ts.isFunctionExpression(node) ||
    ((ts.isFunctionDeclaration(node) || ts.isMethodDeclaration(node)) && node.body !== undefined)
  );
}

/** Returns the expressions that a function returns. */
function returnedBy({ body }: FunctionNode): ts.Expression[] {
  if (!body) return [];
  if (!ts.isBlock(body)) return [body];
  const found: ts.Expression[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node) || ts.isClassLike(node)) return;
    if (ts.isReturnStatement(node) && node.expression) found.push(node.expression);
    ts.forEachChild(node, visit);
  };
  ts.forEachChild(body, visit);
  return found;
}
