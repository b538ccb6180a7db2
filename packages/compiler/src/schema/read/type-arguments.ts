import ts from "typescript";
import { siteKey } from "./definitions.ts";
import { symbolNamed, type DocumentedNodes } from "./documented-nodes.ts";

/** The written arguments of type parameters while a type is read. */
interface Bindings {
  /** Distinguishes bindings in the keys of definitions. */
  readonly key: string;
  readonly depth: number;
  readonly byParameter: ReadonlyMap<ts.Symbol, TypeArgument>;
  /** The type that they belong to; they do not concern other instances of its generic. */
  readonly type?: ts.Type;
  /** All written arguments, also those without JSDoc. They are part of the type. */
  readonly written?: ReadonlyMap<ts.Symbol, ts.TypeNode>;
}

/** A written type argument, and the bindings at its place. */
export interface TypeArgument {
  readonly node: ts.TypeNode;
  readonly bindings: Bindings;
  readonly key: string;
}

const NONE: Bindings = { key: "", depth: 0, byParameter: new Map() };

/** Maximum nesting of bindings: a recursive generic may bind a new argument at each level. */
const MAX_DEPTH = 6;

/** The name of a type, with its type arguments. */
interface TypeUse {
  readonly name: ts.Node;
  readonly typeArguments: ts.NodeArray<ts.TypeNode> | undefined;
}

/** The type that a reference names. */
interface EnteredType {
  readonly symbol: ts.Symbol;
  readonly type: ts.Type;
  /** True if only a part of it is read, which need not use all type arguments. */
  readonly isPart?: boolean;
}

/**
 * Follows written type arguments through the declarations of generic types. The checker replaces an
 * alias of a primitive type by the type before it fills in a type parameter, and `User["email"]` by
 * the property's type, so their JSDoc is only at the node. Arguments without such JSDoc are left to
 * the checker.
 */
export class TypeArguments {
  readonly #checker: ts.TypeChecker;
  readonly #documented: DocumentedNodes;
  #current: Bindings = NONE;
  /** The generics whose bases are being bound. */
  readonly #binding: ts.Symbol[] = [];
  readonly #siteKeys = new WeakMap<ts.Node, string>();
  readonly #heritage = new WeakMap<ts.Symbol, Bindings>();

  constructor(checker: ts.TypeChecker, documented: DocumentedNodes) {
    this.#checker = checker;
    this.#documented = documented;
  }

  /** Distinguishes what is read now from the same type with other written type arguments. */
  get key(): string {
    return this.#current.key;
  }

  /** Returns what a node stands for, if it is a type parameter. */
  argumentOf(node: ts.TypeNode): TypeArgument | undefined {
    if (this.#current.byParameter.size === 0 || !ts.isTypeReferenceNode(node) || node.typeArguments) return undefined;
    const symbol = this.#checker.getSymbolAtLocation(node.typeName);
    return symbol && this.#current.byParameter.get(symbol);
  }

  /** Returns what the type parameter of a standard type stands for: the `V` of `Map<K, V>`. */
  argumentAt({ symbol }: ts.Type, index: number): TypeArgument | undefined {
    if (this.#current.byParameter.size === 0) return undefined;
    return this.#parametersOf(symbol)
      .map((parameters) => parameters[index])
      .flatMap((parameter) => (parameter && this.#current.byParameter.get(symbolOf(parameter))) ?? [])[0];
  }

  /** Returns the type of a node, unless it depends on type parameters. */
  typeOf(node: ts.TypeNode): ts.Type | undefined {
    const argument = this.argumentOf(node);
    if (argument) return argument.bindings === NONE ? this.#checker.getTypeFromTypeNode(argument.node) : undefined;
    return this.#usedIn(node, this.#current).length > 0 ? undefined : this.#checker.getTypeFromTypeNode(node);
  }

  /** Returns the type of a node, or of the written argument that it stands for. */
  resolve(node: ts.TypeNode): ts.Type {
    return this.#checker.getTypeFromTypeNode(this.#writtenFor(node) ?? node);
  }

  /** Checks whether a node stands for a written argument. */
  stands(node: ts.TypeNode): boolean {
    return this.#writtenFor(node) !== undefined;
  }

  #writtenFor(node: ts.TypeNode): ts.TypeNode | undefined {
    if (!this.#current.written || !ts.isTypeReferenceNode(node) || node.typeArguments) return undefined;
    const symbol = this.#checker.getSymbolAtLocation(node.typeName);
    return symbol && this.#current.written.get(symbol);
  }

  /** Reports the JSDoc of type arguments that a node uses in a way that is not followed. */
  reportLost(node: ts.TypeNode): void {
    for (const argument of this.#usedIn(node, this.#current))
      this.#documented.reportLost(node, this.#documented.findIn(argument.node));
  }

  /** Runs a step with the bindings at the place of an argument. */
  inside<T>({ bindings }: TypeArgument, step: () => T): T {
    return this.#within(bindings, step);
  }

  /** Runs a step outside the generic that is being read. */
  outside<T>(step: () => T): T {
    return this.#within(NONE, step);
  }

  /** Runs the step that reads a reference to a type, with its type arguments. */
  enter<T>(node: ts.TypeReferenceNode, { symbol, type, isPart = false }: EnteredType, step: () => T): T {
    const written = node.typeArguments && this.#writtenArguments(symbol, node.typeArguments);
    const bindings = { ...this.#bind(symbol, node.typeArguments ?? []), type, ...(written && { written }) };
    const documented = isPart
      ? []
      : (node.typeArguments ?? []).flatMap((argument) => this.#documented.findIn(argument));
    return this.#documented.watch(node, documented, () => this.#within(bindings, step));
  }

  /** Runs the step that reads an intersection, with the type arguments of its members. */
  enterMembers<T>({ types }: ts.IntersectionTypeNode, type: ts.Type, step: () => T): T {
    const byParameter = new Map(this.#current.byParameter);
    for (const member of types) {
      const symbol = ts.isTypeReferenceNode(member) && symbolNamed(member.typeName, this.#checker);
      const bound = symbol ? this.#bind(symbol, member.typeArguments ?? []).byParameter : [];
      for (const [parameter, argument] of bound) {
        // `Box<A> & Box<B>` has the properties of both.
        const isOther = byParameter.has(parameter) && byParameter.get(parameter)?.key !== argument.key;
        if (isOther) byParameter.delete(parameter);
        else byParameter.set(parameter, argument);
      }
    }
    return this.#within({ ...bindingsOf(byParameter), type }, step);
  }

  /**
   * Runs the step that reads a type which no node names: the current type arguments are not its
   * own.
   */
  enterType<T>(type: ts.Type, step: () => T): T {
    if (this.#current.type === type || !isNamed(type)) return step();
    const bindings = this.#heritageOf(type.symbol);
    return bindings.key === "" && this.key === "" ? step() : this.#within({ ...bindings, type }, step);
  }

  /** Distinguishes sites with the same text whose names mean different declarations. */
  siteKey(site: ts.Node): string {
    let key = this.#siteKeys.get(site);
    if (key === undefined) {
      key = ts.isTypeNode(site) ? this.#documented.keyOf(site) : "";
      this.#siteKeys.set(site, key);
    }
    return `${key}\n${this.key}`;
  }

  /** Binds the type parameters of a symbol, of its type arguments, and of what it extends. */
  #bind(symbol: ts.Symbol, written: readonly ts.TypeNode[], at: Bindings = this.#current): Bindings {
    const byParameter = new Map<ts.Symbol, TypeArgument>();
    for (const parameters of this.#parametersOf(symbol)) {
      for (const [index, parameter] of parameters.entries()) {
        const node = written[index];
        const argument = this.#argument(node ?? parameter.default, node ? at : bindingsOf(byParameter));
        if (argument) byParameter.set(symbolOf(parameter), argument);
      }
    }
    const add = (bindings: Bindings): void => {
      for (const [parameter, argument] of bindings.byParameter)
        if (!byParameter.has(parameter)) byParameter.set(parameter, argument);
    };
    // `Partial<Box<Email>>` has the properties of `Box<Email>`.
    for (const node of written) {
      const isGeneric = ts.isTypeReferenceNode(node) && node.typeArguments && this.#argument(node, at);
      const nested = isGeneric && symbolNamed(node.typeName, this.#checker);
      if (nested) add(this.#bind(nested, node.typeArguments, at));
      // `Partial<{ a: T }>` has the parts of `{ a: T }`.
      if (this.#usedIn(node, at).length > 0) add(at);
    }
    for (const base of this.#basesOf(symbol, bindingsOf(byParameter))) add(base);
    const all = bindingsOf(byParameter);
    return all.byParameter.size === 0 || all.depth > MAX_DEPTH ? NONE : all;
  }

  /** Binds the type parameters of what a symbol extends. The bases may use the symbol itself. */
  #basesOf(symbol: ts.Symbol, own: Bindings): Bindings[] {
    if (own.depth > MAX_DEPTH || this.#binding.includes(symbol)) return [];
    this.#binding.push(symbol);
    const bound = heritageOf(symbol).flatMap(({ name, typeArguments = [] }) => {
      const base = symbolNamed(name, this.#checker);
      const isBound = typeArguments.some((argument) => this.#argument(argument, own));
      return base && (isBound || this.#documented.isOwn(base)) ? [this.#bind(base, typeArguments, own)] : [];
    });
    this.#binding.pop();
    return bound;
  }

  #heritageOf(symbol: ts.Symbol | undefined): Bindings {
    if (!symbol) return NONE;
    let known = this.#heritage.get(symbol);
    if (!known) {
      known = this.#bind(symbol, [], NONE);
      this.#heritage.set(symbol, known);
    }
    return known;
  }

  #argument(node: ts.TypeNode | undefined, at: Bindings): TypeArgument | undefined {
    if (!node) return undefined;
    const symbol =
      ts.isTypeReferenceNode(node) && !node.typeArguments ? symbolNamed(node.typeName, this.#checker) : undefined;
    const known = symbol && at.byParameter.get(symbol);
    if (known) return known;
    const isOpen = this.#usedIn(node, at).length > 0;
    const declarations = this.#documented.keyOf(node);
    if (!isOpen && declarations === "") return undefined;
    const bindings = isOpen ? at : NONE;
    return { node, bindings, key: `${siteKey(node)} ${declarations}{${bindings.key}}` };
  }

  /** Finds the type arguments that a node uses. */
  #usedIn(node: ts.Node, { byParameter }: Bindings): TypeArgument[] {
    const found: TypeArgument[] = [];
    const visit = (part: ts.Node): void => {
      const symbol = ts.isIdentifier(part) ? this.#checker.getSymbolAtLocation(part) : undefined;
      const argument = symbol && byParameter.get(symbol);
      if (argument) found.push(argument);
      ts.forEachChild(part, visit);
    };
    if (byParameter.size > 0) visit(node);
    return found;
  }

  #writtenArguments(symbol: ts.Symbol, written: readonly ts.TypeNode[]): ReadonlyMap<ts.Symbol, ts.TypeNode> {
    return new Map(
      this.#parametersOf(symbol).flatMap((parameters) =>
        parameters.flatMap((parameter, index): [ts.Symbol, ts.TypeNode][] => {
          const node = written[index];
          return node ? [[symbolOf(parameter), node]] : [];
        }),
      ),
    );
  }

  #parametersOf(symbol: ts.Symbol): readonly ts.TypeParameterDeclaration[][] {
    return (symbol.declarations ?? []).flatMap((declaration) =>
      (ts.isTypeAliasDeclaration(declaration) ||
        ts.isInterfaceDeclaration(declaration) ||
        ts.isClassLike(declaration)) &&
      declaration.typeParameters
        ? [[...declaration.typeParameters]]
        : [],
    );
  }

  #within<T>(bindings: Bindings, step: () => T): T {
    const outer = this.#current;
    this.#current = bindings;
    try {
      return step();
    } finally {
      this.#current = outer;
    }
  }
}

function bindingsOf(byParameter: ReadonlyMap<ts.Symbol, TypeArgument>): Bindings {
  const parts = [...byParameter].map(([parameter, { key }]) => `${parameter.name}=${key}`);
  const depths = [...byParameter.values()].map(({ bindings }) => bindings.depth + 1);
  return { key: parts.join("\n"), depth: Math.max(0, ...depths), byParameter };
}

/** Returns the types whose properties a declaration has: bases, and members of an intersection. */
function heritageOf({ declarations = [] }: ts.Symbol): readonly TypeUse[] {
  return declarations.flatMap((declaration): readonly TypeUse[] => {
    if (ts.isInterfaceDeclaration(declaration) || ts.isClassLike(declaration))
      return (declaration.heritageClauses ?? []).flatMap(({ types }) =>
        types.map(({ expression, typeArguments }) => ({ name: expression, typeArguments })),
      );
    const body = ts.isTypeAliasDeclaration(declaration) ? declaration.type : undefined;
    const members = body && ts.isIntersectionTypeNode(body) ? body.types : [];
    return members.flatMap((member) =>
      ts.isTypeReferenceNode(member) ? [{ name: member.typeName, typeArguments: member.typeArguments }] : [],
    );
  });
}

/**
 * Checks for a type that a generic or its declaration gives a name, as opposed to part of its body.
 */
function isNamed(type: ts.Type): boolean {
  if (type.aliasTypeArguments) return true;
  const { objectFlags = 0, symbol } = type as ts.ObjectType;
  return (
    symbol !== undefined &&
    Boolean(symbol.flags & (ts.SymbolFlags.Class | ts.SymbolFlags.Interface)) &&
    Boolean(objectFlags & (ts.ObjectFlags.Reference | ts.ObjectFlags.ClassOrInterface))
  );
}

function symbolOf(parameter: ts.TypeParameterDeclaration): ts.Symbol {
  return (parameter as ts.TypeParameterDeclaration & { readonly symbol: ts.Symbol }).symbol;
}
