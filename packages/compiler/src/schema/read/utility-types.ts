import {
  AnnotatedType,
  OptionalType,
  TupleType,
  UndefinedType,
  UnionType,
  type BaseType,
} from "ts-json-schema-generator";
import ts from "typescript";
import { isDocumented, readDocs } from "../../jsdoc/docs.ts";
import { textOf } from "./describe-type.ts";
import { symbolNamed } from "./documented-nodes.ts";
import { unionOf } from "./enum-values.ts";
import { findSignature, literalIndex } from "./function-types.ts";
import type { TypeConverterDeps } from "./reader-deps.ts";
import { at } from "./unsupported-type.ts";

/** Utility types that keep some members of a union. */
const FILTERS: ReadonlySet<string> = new Set(["NonNullable", "Exclude", "Extract"]);

/** Utility types with the parameters of a function. */
const PARAMETERS: ReadonlySet<string> = new Set(["Parameters", "ConstructorParameters"]);

/** A standard utility type with its first argument. */
interface Utility {
  readonly name: string;
  readonly argument: ts.TypeNode;
}

/**
 * Reads TypeScript's conditional utility types from the nodes that they select, whose comments the
 * checker forgets.
 */
export class UtilityTypes {
  readonly #deps: TypeConverterDeps;

  constructor(deps: TypeConverterDeps) {
    this.#deps = deps;
  }

  /** Reads a utility type; undefined for other types, and where the nodes do not determine it. */
  read(node: ts.TypeNode): BaseType | undefined {
    if (ts.isIndexedAccessTypeNode(node)) return this.#readParameter(node);
    const utility = this.#utilityOf(node);
    if (!utility) return undefined;
    const { name, argument } = utility;
    if (FILTERS.has(name)) return this.#readMembers(node, argument);
    if (PARAMETERS.has(name)) return this.#readParameters(node, argument);
    const written = this.#resultOf(node);
    const { checker, nodes } = this.#deps;
    return written && written !== node && checker.getTypeFromTypeNode(written) === checker.getTypeFromTypeNode(node)
      ? this.#describeResult(nodes.readNode(written), node)
      : undefined;
  }

  #utilityOf(node: ts.TypeNode): Utility | undefined {
    const argument = ts.isTypeReferenceNode(node) ? node.typeArguments?.[0] : undefined;
    const symbol = argument && symbolNamed((node as ts.TypeReferenceNode).typeName, this.#deps.checker);
    return symbol && this.#deps.library.declares(symbol) ? { name: symbol.name, argument } : undefined;
  }

  /** Reads the members of a union that `NonNullable`, `Exclude` or `Extract` keeps. */
  #readMembers(node: ts.TypeNode, argument: ts.TypeNode): BaseType | undefined {
    const kept = new Set(membersOf(this.#deps.checker.getTypeFromTypeNode(node)));
    const read = this.#readKept(argument, kept);
    return read && read.types.length > 0 && kept.size === read.members.size ? unionOf(read.types) : undefined;
  }

  /** Reads the parts of a node whose types are kept; undefined where a part is kept by halves. */
  #readKept(
    node: ts.TypeNode,
    kept: ReadonlySet<ts.Type>,
  ): { readonly types: readonly BaseType[]; readonly members: ReadonlySet<ts.Type> } | undefined {
    const { annotator, checker, nodes } = this.#deps;
    const members = membersOf(checker.getTypeFromTypeNode(node));
    const own = members.filter((member) => kept.has(member));
    if (own.length === 0) return { types: [], members: new Set() };
    if (own.length === members.length) return { types: [nodes.readNode(node)], members: new Set(own) };
    const { parts, declaration } = this.#partsOf(node);
    const read = parts.map((part) => this.#readKept(part, kept));
    const found = read.filter((part) => part !== undefined);
    if (found.length === 0 || found.length < read.length) return undefined;
    const types = found.flatMap((part) => part.types);
    const isDescribed = declaration && types.length > 0 && isDocumented(declaration);
    return {
      types: isDescribed ? [annotator.annotate(unionOf(types), declaration, true)] : types,
      members: new Set(found.flatMap((part) => [...part.members])),
    };
  }

  /** Returns the nodes that a type is written with, and the declaration that has them. */
  #partsOf(node: ts.TypeNode): { readonly parts: readonly ts.TypeNode[]; readonly declaration?: ts.Declaration } {
    const { checker, descriptions } = this.#deps;
    if (ts.isParenthesizedTypeNode(node)) return { parts: [node.type] };
    if (ts.isUnionTypeNode(node)) return { parts: node.types };
    const [declaration] = this.#symbolOf(node)?.declarations ?? [];
    if (!declaration || descriptions.isForeign(declaration)) return { parts: [] };
    const { type } = declaration as { readonly type?: ts.TypeNode };
    const isAlias = ts.isTypeAliasDeclaration(declaration) && !declaration.typeParameters;
    const isProperty = ts.isPropertySignature(declaration) || ts.isPropertyDeclaration(declaration);
    if (!type || !(isAlias || isProperty)) return { parts: [] };
    const members = membersOf(checker.getTypeFromTypeNode(node));
    const isWhole = membersOf(checker.getTypeFromTypeNode(type)).every((member) => members.includes(member));
    return isWhole ? { parts: [type], declaration } : { parts: [] };
  }

  #symbolOf(node: ts.TypeNode): ts.Symbol | undefined {
    const { checker } = this.#deps;
    if (ts.isTypeReferenceNode(node)) return node.typeArguments ? undefined : symbolNamed(node.typeName, checker);
    const isProperty = ts.isIndexedAccessTypeNode(node) && ts.isLiteralTypeNode(node.indexType);
    const key = isProperty ? (node.indexType as ts.LiteralTypeNode).literal : undefined;
    if (!isProperty || !key || !ts.isStringLiteral(key)) return undefined;
    return checker.getTypeFromTypeNode(node.objectType).getProperty(key.text);
  }

  /** Returns the node of what a function returns, without the promise that `Awaited` removes. */
  #resultOf(node: ts.TypeNode): ts.TypeNode | undefined {
    const utility = this.#utilityOf(node);
    if (utility?.name === "ReturnType") return findSignature(utility.argument, this.#deps)?.type;
    if (utility?.name !== "Awaited") return undefined;
    const result = this.#resultOf(utility.argument) ?? utility.argument;
    const promised = this.#utilityOf(result);
    return promised?.name === "Promise" ? promised.argument : result;
  }

  /** Adds the text of a function's `@returns`. */
  #describeResult(read: BaseType, node: ts.TypeNode): BaseType {
    const { checker, descriptions } = this.#deps;
    const utility = this.#utilityOf(node);
    if (utility?.name === "Awaited") return this.#describeResult(read, utility.argument);
    const signature = utility?.name === "ReturnType" ? findSignature(utility.argument, this.#deps) : undefined;
    const { returns } = signature ? readDocs(signature, checker) : {};
    return signature && returns
      ? new AnnotatedType(read, { description: descriptions.describe(returns, signature) }, false)
      : read;
  }

  /** Reads `Parameters<typeof f>[0]`. */
  #readParameter({ objectType, indexType }: ts.IndexedAccessTypeNode): BaseType | undefined {
    const utility = this.#utilityOf(objectType);
    const index = literalIndex(indexType);
    if (!utility || !PARAMETERS.has(utility.name) || index === undefined) return undefined;
    const parameter = findSignature(utility.argument, this.#deps)?.parameters[index];
    return parameter && this.#readDeclared(parameter);
  }

  /** Reads `Parameters<typeof f>` as a tuple. */
  #readParameters(node: ts.TypeNode, argument: ts.TypeNode): BaseType | undefined {
    const parameters = findSignature(argument, this.#deps)?.parameters ?? [];
    const { checker } = this.#deps;
    const type = checker.getTypeFromTypeNode(node);
    const { length } = checker.isTupleType(type) ? checker.getTypeArguments(type as ts.TypeReference) : [];
    if (length === 0 || length !== parameters.length) return undefined;
    const elements = parameters.map((parameter, index) => at(`[${index}]`, () => this.#readElement(parameter)));
    const found = elements.filter((element) => element !== undefined);
    return found.length === elements.length ? new TupleType(found) : undefined;
  }

  #readElement(parameter: ts.ParameterDeclaration): BaseType | undefined {
    const read = this.#readDeclared(parameter);
    const title = parameter.name.getText();
    const titled = read && !textOf(read, "title") ? new AnnotatedType(read, { title }, false) : read;
    return titled && this.#deps.checker.isOptionalParameter(parameter) ? new OptionalType(titled) : titled;
  }

  /** Reads a parameter with its comment and its `@param`. */
  #readDeclared(parameter: ts.ParameterDeclaration): BaseType | undefined {
    const { annotator, checker, descriptions, nodes } = this.#deps;
    const { type, parent } = parameter;
    if (!type || parameter.dotDotDotToken) return undefined;
    const documented = annotator.annotate(nodes.readNode(type), parameter);
    const param = readDocs(parent, checker).params.find(({ name }) => name === parameter.name.getText());
    const tagged = param ? annotator.annotateParam(documented, param.tags, parameter) : documented;
    const read = param?.text
      ? new AnnotatedType(tagged, { description: descriptions.describe(param.text, parameter) }, false)
      : tagged;
    return checker.isOptionalParameter(parameter) ? new UnionType([read, new UndefinedType()]) : read;
  }
}

function membersOf(type: ts.Type): readonly ts.Type[] {
  return type.isUnion() ? type.types : [type];
}
