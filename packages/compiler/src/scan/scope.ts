import ts from "typescript";

/** A value that a name stands for; without an expression, it is undefined. */
interface Value {
  readonly expression: ts.Expression | undefined;
}

/**
 * Resolves the names in expressions that are read without running them: constants, and the
 * parameters of functions whose arguments are known.
 */
export class Scope {
  readonly checker: ts.TypeChecker;
  readonly #args: ReadonlyMap<ts.Declaration, ts.Expression | undefined>;

  constructor(checker: ts.TypeChecker, args: ReadonlyMap<ts.Declaration, ts.Expression | undefined> = new Map()) {
    this.checker = checker;
    this.#args = args;
  }

  /** Returns the scope of a function's body in a call with these arguments. */
  within({ parameters }: ts.SignatureDeclaration, args: readonly ts.Expression[]): Scope {
    const own = parameters
      .map((parameter, index) => [parameter, args[index] ?? parameter.initializer] as const)
      .filter(([{ dotDotDotToken }, value]) => !dotDotDotToken && !(value && ts.isSpreadElement(value)));
    return new Scope(this.checker, new Map([...this.#args, ...own]));
  }

  /** Returns the value of a constant or a parameter; undefined if it has to be computed. */
  valueOf(symbol: ts.Symbol | undefined): Value | undefined {
    const target = symbol && symbol.flags & ts.SymbolFlags.Alias ? this.checker.getAliasedSymbol(symbol) : symbol;
    const declaration = target?.valueDeclaration;
    if (!declaration) return undefined;
    if (this.#args.has(declaration)) return { expression: this.#args.get(declaration) };
    if (!ts.isVariableDeclaration(declaration) || !declaration.initializer) return undefined;
    const isConstant = (ts.getCombinedNodeFlags(declaration) & ts.NodeFlags.Const) !== 0;
    return isConstant ? { expression: declaration.initializer } : undefined;
  }

  /** Returns the value of an identifier, which may be a shorthand property: `{ title }`. */
  valueOfName(name: ts.Identifier): Value | undefined {
    const isShorthand = ts.isShorthandPropertyAssignment(name.parent) && name.parent.name === name;
    return this.valueOf(
      isShorthand
        ? this.checker.getShorthandAssignmentValueSymbol(name.parent)
        : this.checker.getSymbolAtLocation(name),
    );
  }
}
