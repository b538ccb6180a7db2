import ts from "typescript";

/** Finds the type that `JSON.stringify` sends of an object with a `toJSON` method. */
export class ToJson {
  readonly #checker: ts.TypeChecker;

  constructor(checker: ts.TypeChecker) {
    this.#checker = checker;
  }

  /**
   * Returns the type that `toJSON` has for `JSON.stringify`: that of the first signature which fits
   * a call with the name of a property.
   */
  returnType(owner: ts.Type): ts.Type | undefined {
    const toJson = owner.getProperty("toJSON");
    const signatures = toJson ? this.#checker.getTypeOfSymbol(toJson).getCallSignatures() : [];
    const signature = signatures.find((candidate) => this.#takesName(candidate) && this.#fits(candidate, owner));
    return signature && this.#returnOf(signature, owner);
  }

  #takesName({ parameters }: ts.Signature): boolean {
    const [first, second] = parameters.filter(({ valueDeclaration: declaration }) => {
      if (!declaration || !ts.isParameter(declaration)) return true;
      return !declaration.dotDotDotToken && !this.#checker.isOptionalParameter(declaration);
    });
    if (second || !first) return !second;
    return this.#checker.isTypeAssignableTo(this.#checker.getStringType(), this.#checker.getTypeOfSymbol(first));
  }

  /** Checks whether a signature's `this` parameter, if it has one, may be an object. */
  #fits(signature: ts.Signature, owner: ts.Type): boolean {
    const self = this.#thisTypeOf(signature);
    return !self || this.#checker.getPropertiesOfType(self).every((property) => this.#typeIn(owner, property));
  }

  /** Returns a signature's result, with type arguments as TypeScript infers them for the call. */
  #returnOf(signature: ts.Signature, owner: ts.Type): ts.Type {
    const { typeParameters: parameters } = signature;
    if (!parameters) return this.#checker.getReturnTypeOfSignature(signature);
    const inferred = new Map<ts.Type, ts.Type>();
    const self = this.#thisTypeOf(signature);
    if (self) this.#infer(owner, self, inferred);
    const types = parameters.map(
      (parameter) =>
        inferred.get(parameter) ??
        parameter.getDefault() ??
        parameter.getConstraint() ??
        this.#checker.getUnknownType(),
    );
    return this.#checker.getReturnTypeOfSignature(instantiate(signature, parameters, types));
  }

  /**
   * Finds the types that type parameters stand for in the properties of an object.
   * @param inferred The types met so far, each with what stands in its place
   */
  #infer(source: ts.Type, target: ts.Type, inferred: Map<ts.Type, ts.Type>): void {
    // The second time, a recursive type has nothing new.
    if (inferred.has(target)) return;
    inferred.set(target, source);
    if (target.isTypeParameter()) return;
    for (const property of this.#checker.getPropertiesOfType(target)) {
      const [own, wanted] = [this.#typeIn(source, property), this.#typeIn(target, property)];
      if (own && wanted) this.#infer(own, wanted, inferred);
    }
  }

  #typeIn(owner: ts.Type, { escapedName }: ts.Symbol): ts.Type | undefined {
    const property = this.#checker
      .getPropertiesOfType(owner)
      .find((candidate) => candidate.escapedName === escapedName);
    const type = property && this.#checker.getTypeOfSymbol(property);
    return type?.isUnion() ? this.#checker.getNonNullableType(type) : type;
  }

  #thisTypeOf(signature: ts.Signature): ts.Type | undefined {
    const { thisParameter } = signature as { readonly thisParameter?: ts.Symbol };
    return thisParameter && this.#checker.getTypeOfSymbol(thisParameter);
  }
}

/** An instantiated signature, which the checker makes wherever it infers type arguments. */
interface InstantiatedSignature extends ts.Signature {
  readonly target: ts.Signature;
  readonly mapper: { readonly kind: 1; readonly sources: readonly ts.Type[]; readonly targets: readonly ts.Type[] };
  readonly resolvedReturnType: undefined;
}

/** Fills in type parameters. The checker has no function for this, but reads what it gets. */
function instantiate(
  signature: ts.Signature,
  sources: readonly ts.Type[],
  targets: readonly ts.Type[],
): InstantiatedSignature {
  return Object.assign(Object.create(signature) as ts.Signature, {
    target: signature,
    mapper: { kind: 1, sources, targets } as const,
    resolvedReturnType: undefined,
  });
}
