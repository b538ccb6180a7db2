import ts from "typescript";
import type { MethodicSymbols } from "./methodic-symbols.ts";

/** An entry of `services` or `providers`, as its type has it. */
export interface ServerEntry extends EntryPosition {
  readonly node: ts.Expression;
  /** The class or token, for messages. */
  readonly name: string;
  /** The type of the value; undefined if it is not known. */
  readonly provides: ts.Type | undefined;
  /** The parameters of its constructor or factory. */
  readonly parameters: readonly EntryParameter[];
  /** True if each call gets a separate value. */
  readonly isPerRequest: boolean;
  /** The value that an object form names, which has to fit what it provides. */
  readonly used?: UsedValue;
}

/** The property of an object form that has the value, such as `useClass`. */
export interface UsedValue {
  readonly name: (typeof USES)[number];
  /** The value, the instance, or what the function resolves with. */
  readonly type: ts.Type;
  readonly property: ts.Symbol;
}

const USES = ["useValue", "useClass", "useFactory"] as const;

/** A parameter of a constructor or factory. */
export interface EntryParameter {
  readonly name: string;
  readonly node: ts.Node | undefined;
  readonly type: ts.Type;
  readonly isOptional: boolean;
  /** True if its type is the Context of a call. */
  readonly isContext: boolean;
}

/** The list of an entry, and its position after spreads. */
interface EntryPosition {
  readonly list: "services" | "providers";
  readonly index: number;
}

/** Reads the entries of servers by their types. */
export class EntryReader {
  readonly #checker: ts.TypeChecker;
  readonly #symbols: MethodicSymbols;

  constructor(checker: ts.TypeChecker, symbols: MethodicSymbols) {
    this.#checker = checker;
    this.#symbols = symbols;
  }

  /** @param isResolved True if another container makes the instances of classes */
  read(
    node: ts.Expression,
    { isResolved, ...position }: EntryPosition & { readonly isResolved: boolean },
  ): ServerEntry {
    const type = this.#checker.getTypeAtLocation(node);
    const [constructor] = type.getConstructSignatures();
    const common = { ...position, node, isPerRequest: false };
    if (constructor) {
      const provides = constructor.getReturnType();
      const parameters = isResolved ? [] : this.#parametersOf(constructor, node);
      return { ...common, name: this.#checker.typeToString(provides), provides, parameters };
    }
    const key = ownProperty(type, "provide");
    if (!key) return { ...common, name: this.#checker.typeToString(type), provides: type, parameters: [] };
    const provides = this.#providedBy(this.#checker.getTypeOfSymbolAtLocation(key, node));
    const scope = this.#propertyOf(type, "scope", node);
    const isPerRequest = scope?.isStringLiteral() === true && scope.value === "request";
    const useClass = this.#propertyOf(type, "useClass", node)?.getConstructSignatures()[0];
    // The container makes one instance; those of calls are the server's.
    const isForeign = useClass !== undefined && isResolved && !isPerRequest;
    const maker = useClass ?? this.#propertyOf(type, "useFactory", node)?.getCallSignatures()[0];
    const used = this.#readUsed(type, node);
    return {
      ...common,
      name: provides ? this.#checker.typeToString(provides) : node.getText(),
      provides,
      parameters: maker && !isForeign ? this.#parametersOf(maker, node) : [],
      isPerRequest,
      ...(used && { used }),
    };
  }

  #readUsed(owner: ts.Type, node: ts.Node): UsedValue | undefined {
    for (const name of USES) {
      const property = ownProperty(owner, name);
      if (!property) continue;
      const type = this.#checker.getTypeOfSymbolAtLocation(property, node);
      if (name === "useValue") return { name, type, property };
      const signatures = name === "useClass" ? type.getConstructSignatures() : type.getCallSignatures();
      const made = signatures[0]?.getReturnType();
      return made && { name, type: this.#checker.getAwaitedType(made) ?? made, property };
    }
    return undefined;
  }

  /** Returns the type that a class or token stands for. */
  #providedBy(key: ts.Type): ts.Type | undefined {
    const [constructor] = key.getConstructSignatures();
    if (constructor) {
      // The prototype of a generic class without type arguments is a `Box<any>`.
      const prototype = constructor.typeParameters && key.getProperty("prototype");
      return prototype ? this.#checker.getTypeOfSymbol(prototype) : constructor.getReturnType();
    }
    const isToken = key.symbol?.name === "Token" && this.#symbols.declares(key.symbol);
    return isToken ? this.#checker.getTypeArguments(key as ts.TypeReference)[0] : undefined;
  }

  #propertyOf(owner: ts.Type, name: string, node: ts.Node): ts.Type | undefined {
    const property = ownProperty(owner, name);
    return property && this.#checker.getNonNullableType(this.#checker.getTypeOfSymbolAtLocation(property, node));
  }

  #parametersOf(signature: ts.Signature, node: ts.Node): EntryParameter[] {
    return signature.getParameters().flatMap((symbol) => {
      const declaration = symbol.valueDeclaration;
      const written = declaration && ts.isParameter(declaration) ? declaration : undefined;
      // A rest parameter gets nothing.
      if (written?.dotDotDotToken) return [];
      const whole = this.#checker.getTypeOfSymbolAtLocation(symbol, node);
      const type = this.#checker.getNonNullableType(whole);
      const isOptional =
        written?.questionToken !== undefined ||
        written?.initializer !== undefined ||
        (whole.isUnion() && whole.types.some(({ flags }) => flags & ts.TypeFlags.Undefined));
      // A problem in an installed package is located at the entry.
      const isOwn = written !== undefined && !written.getSourceFile().isDeclarationFile;
      const isContext = this.#symbols.isContext(type);
      return [{ name: symbol.name, node: isOwn ? written : undefined, type, isOptional, isContext }];
    });
  }
}

/**
 * Returns a property that objects of a type have themselves. The methods and accessors of classes
 * are inherited, and `createServer` does not read inherited properties.
 */
function ownProperty(owner: ts.Type, name: string): ts.Symbol | undefined {
  const property = owner.getProperty(name);
  const declaration = property?.valueDeclaration;
  const isInherited =
    declaration !== undefined && isMethodOrAccessor(declaration) && ts.isClassLike(declaration.parent);
  return isInherited ? undefined : property;
}

function isMethodOrAccessor(node: ts.Node): boolean {
  return ts.isMethodDeclaration(node) || ts.isAccessor(node);
}
