import { ArrayType, UndefinedType, UnionType, type BaseType } from "ts-json-schema-generator";
import ts from "typescript";
import { isDocumented } from "../../jsdoc/docs.ts";
import { declaredName, siteKey } from "./definitions.ts";
import { symbolNamed } from "./documented-nodes.ts";
import { unionOf } from "./enum-values.ts";
import { definedMembers } from "./index-signatures.ts";
import { templateOf } from "./mapped-properties.ts";
import type { TypeConverterDeps } from "./reader-deps.ts";
import { at } from "./unsupported-type.ts";

/** A type as the checker sees it, at a node. */
export interface SeenType {
  readonly type: ts.Type;
  readonly site: ts.Node;
  /** True for the type of an optional property, to which the checker adds `undefined`. */
  readonly isOptional?: boolean;
}

/** Reads a property of an object type from its declaration. */
type ReadMember = (owner: ts.Type, property: ts.Symbol, seen: SeenType) => BaseType;

/** The two ways to read what no written type leads to. */
interface Readers {
  readonly convert: (type: ts.Type, site: ts.Node) => BaseType;
  readonly readMember: ReadMember;
}

/**
 * Reads types from the nodes where they are written, through type arguments and indexed access: the
 * JSDoc of an alias or a property is only there.
 */
export class WrittenTypes {
  readonly #deps: TypeConverterDeps;
  readonly #readers: Readers;

  constructor(deps: TypeConverterDeps, readers: Readers) {
    this.#deps = deps;
    this.#readers = readers;
  }

  /** Reads a type from the node that declares it inside a generic, as far as that is possible. */
  read(node: ts.TypeNode, seen: SeenType): BaseType {
    const { annotator, checker, documentedNodes, nodes, typeArguments } = this.#deps;
    const isWhole = !typeArguments.argumentOf(node) && isSame(checker.getTypeFromTypeNode(node), seen);
    if (isWhole) return nodes.readNode(node);
    const read = this.#readOpen(node, seen);
    const comment = documentedNodes.commentOf(node);
    if (comment) documentedNodes.markRead(comment);
    return comment ? annotator.annotate(read, comment) : read;
  }

  /** Reads a type that type arguments have changed. */
  #readOpen(node: ts.TypeNode, seen: SeenType): BaseType {
    const { checker, typeArguments } = this.#deps;
    if (ts.isParenthesizedTypeNode(node) || isReadonly(node)) return this.read(node.type as ts.TypeNode, seen);
    const argument = typeArguments.argumentOf(node);
    if (argument) return typeArguments.inside(argument, () => this.read(argument.node, seen));
    const { site } = seen;
    const type = definedType(seen);
    const members = ts.isIndexedAccessTypeNode(node) ? this.#membersOf(node) : [];
    if (ts.isIndexedAccessTypeNode(node) && members.length > 0)
      return this.#readMembers(members, typeArguments.resolve(node.objectType), seen);
    if (typeArguments.key === "") return this.#readers.convert(seen.type, site);
    if (ts.isArrayTypeNode(node) && checker.isArrayType(type)) {
      const [element] = checker.getTypeArguments(type as ts.TypeReference);
      if (element) return at("[]", () => new ArrayType(this.read(node.elementType, { type: element, site })));
    }
    if (ts.isTypeReferenceNode(node)) return this.readReference(node, { type, site });
    // The elements of a written tuple are read from its node.
    if (ts.isTupleTypeNode(node)) return this.#readers.convert(type, node);
    const union = ts.isUnionTypeNode(node) ? this.#readUnion(node, { type, site }) : undefined;
    if (!union && !ts.isTypeLiteralNode(node) && !ts.isMappedTypeNode(node)) typeArguments.reportLost(node);
    return union ?? this.#readers.convert(seen.type, site);
  }

  /** Reads a reference to a generic type with its type arguments. */
  readReference(node: ts.TypeReferenceNode, { type, site }: SeenType): BaseType {
    const { checker, typeArguments, annotator } = this.#deps;
    const symbol = symbolNamed(node.typeName, checker);
    if (!symbol) return this.#readers.convert(type, site);
    return typeArguments.enter(node, { symbol, type }, () => {
      const alias = symbol.declarations?.find((declaration) => ts.isTypeAliasDeclaration(declaration));
      const body = alias && (typeArguments.key !== "" || ts.isIndexedAccessTypeNode(alias.type)) && alias.type;
      if (!body || !isFollowed(body)) return this.#readers.convert(type, site);
      const read = this.read(body, { type, site });
      // Otherwise, the caller adds the alias's JSDoc.
      return type.aliasSymbol === symbol ? annotator.annotate(read, alias as ts.Node, true) : read;
    });
  }

  /**
   * Reads the type of a property or of the values of an index signature.
   * @param declared The node that declares it, unless its owner is a mapped type
   */
  readPart(owner: ts.Type, declared: ts.TypeNode | undefined, seen: SeenType): BaseType {
    const node = templateOf(owner) ?? declared;
    return node ? this.read(node, seen) : this.#readers.convert(seen.type, seen.site);
  }

  /** Reads an element of a written tuple. */
  readElement(node: ts.TypeNode | undefined, seen: SeenType): BaseType {
    if (!node) return this.#readers.convert(seen.type, seen.site);
    const read = this.read(node, seen);
    // In a result, an optional element may be there and undefined.
    const isAbsent = mayBeUndefined(seen.type) && !mayBeUndefined(this.#deps.checker.getTypeFromTypeNode(node));
    return isAbsent ? new UnionType([read, new UndefinedType()]) : read;
  }

  /** Reads the type argument of a standard type, such as the values of a map. */
  readArgument(standard: ts.Type, index: number, seen: SeenType): BaseType {
    const { typeArguments } = this.#deps;
    const argument = typeArguments.argumentAt(standard, index);
    return argument
      ? typeArguments.inside(argument, () => this.read(argument.node, seen))
      : this.#readers.convert(seen.type, seen.site);
  }

  /**
   * Reads `User["email"]` with the property's JSDoc, and `User["tags"][number]` with the element's.
   */
  readIndexed(node: ts.IndexedAccessTypeNode): BaseType {
    const { checker, typeArguments } = this.#deps;
    const seen = { type: checker.getTypeFromTypeNode(node), site: node };
    const element = this.#elementOf(node);
    if (element && isSame(checker.getTypeFromTypeNode(element), seen)) return this.#deps.nodes.readNode(element);
    const owner = checker.getTypeFromTypeNode(node.objectType);
    const members = this.#membersOf(node);
    const root = rootOf(node);
    const symbol = root && symbolNamed(root.typeName, checker);
    const read = (): BaseType =>
      element && typeArguments.key !== "" ? this.read(element, seen) : this.#readMembers(members, owner, seen);
    if (!root || !symbol) return read();
    return typeArguments.enter(root, { symbol, type: checker.getTypeFromTypeNode(root), isPart: true }, read);
  }

  #readMembers(members: readonly ts.Symbol[], owner: ts.Type, seen: SeenType): BaseType {
    const { checker } = this.#deps;
    const { site } = seen;
    const [only] = members;
    if (only && members.length === 1) return this.#readMember(owner, only, seen);
    const isOne = members.every((member) => !member.declarations?.some((declaration) => isDocumented(declaration)));
    if (isOne) return this.#readers.convert(seen.type, site);
    return new UnionType(
      members.map((member) => this.#readMember(owner, member, { type: checker.getTypeOfSymbol(member), site })),
    );
  }

  #readMember(owner: ts.Type, member: ts.Symbol, seen: SeenType): BaseType {
    const { checker, definitions, documentedNodes, typeArguments } = this.#deps;
    const [declaration] = member.declarations ?? [];
    if (declaration) documentedNodes.markRead(declaration);
    const read = (): BaseType => this.#readers.readMember(owner, member, seen);
    const name = declaredName(seen.type, checker) ?? member.name;
    const place = declaration ? `${declaration.getSourceFile().fileName}:${declaration.pos}` : member.name;
    const site = `${siteKey(seen.site)}${typeArguments.siteKey(seen.site)}\n${place}`;
    // A property's type may lead back to it.
    const type = isObject(seen.type) ? definitions.define({ subject: seen.type, site, name }, read) : read();
    const isOptional = mayBeUndefined(seen.type) && Boolean(member.flags & ts.SymbolFlags.Optional);
    return isOptional ? new UnionType([type, new UndefinedType()]) : type;
  }

  #membersOf(node: ts.IndexedAccessTypeNode): readonly ts.Symbol[] {
    const { typeArguments } = this.#deps;
    const owner = typeArguments.resolve(node.objectType);
    const { indexType } = node;
    const isKeyof = ts.isTypeOperatorNode(indexType) && indexType.operator === ts.SyntaxKind.KeyOfKeyword;
    // `T[keyof T]` of the type that a parameter stands for.
    if (isKeyof && indexType.type.getText() === node.objectType.getText() && typeArguments.stands(node.objectType))
      return owner.getProperties();
    const key = typeArguments.resolve(indexType);
    const keys = key.isUnion() ? this.#deps.order.sortTypes([...key.types], node) : [key];
    const members = keys.map((one) =>
      one.isStringLiteral() || one.isNumberLiteral() ? owner.getProperty(String(one.value)) : undefined,
    );
    return members.includes(undefined) ? [] : members.filter((member) => member !== undefined);
  }

  /** Returns the node of the elements that `X[number]` or `X[0]` names. */
  #elementOf({ objectType, indexType }: ts.IndexedAccessTypeNode): ts.TypeNode | undefined {
    const list = this.#listOf(objectType);
    const key = ts.isLiteralTypeNode(indexType) && ts.isNumericLiteral(indexType.literal) ? indexType.literal.text : "";
    if (list && ts.isTupleTypeNode(list)) {
      const element = list.elements[Number(key || Number.NaN)];
      return element && (ts.isNamedTupleMember(element) ? element.type : element);
    }
    const isAny = indexType.kind === ts.SyntaxKind.NumberKeyword || key !== "";
    return isAny && list && ts.isArrayTypeNode(list) ? list.elementType : undefined;
  }

  /** Returns the node of an array type that a node names. */
  #listOf(node: ts.TypeNode): ts.TypeNode | undefined {
    const { checker } = this.#deps;
    if (ts.isParenthesizedTypeNode(node) || isReadonly(node)) return this.#listOf(node.type as ts.TypeNode);
    if (ts.isIndexedAccessTypeNode(node)) {
      const [member, ...others] = this.#membersOf(node);
      const declaration = others.length === 0 ? member?.declarations?.[0] : undefined;
      const declared = declaration && (ts.isPropertySignature(declaration) || ts.isPropertyDeclaration(declaration));
      return declared && declaration.type ? this.#listOf(declaration.type) : undefined;
    }
    if (ts.isTypeReferenceNode(node) && !node.typeArguments) {
      const alias = symbolNamed(node.typeName, checker)?.declarations?.find((declaration) =>
        ts.isTypeAliasDeclaration(declaration),
      );
      return alias && this.#listOf(alias.type);
    }
    return ts.isArrayTypeNode(node) || ts.isTupleTypeNode(node) ? node : undefined;
  }

  /**
   * Reads the members of a union from their nodes. One member may depend on type arguments that the
   * node does not show: it has the rest of the type.
   */
  #readUnion({ types }: ts.UnionTypeNode, { type, site }: SeenType): BaseType | undefined {
    const { checker, typeArguments } = this.#deps;
    const all = membersOf(type);
    const typed = types.map((node) => {
      const known = typeArguments.typeOf(node);
      return { node, type: known && membersOf(known).every((member) => all.includes(member)) ? known : undefined };
    });
    const known = typed.flatMap((member) => (member.type ? membersOf(member.type) : []));
    const [rest, ...others] = all.filter((member) => !known.includes(member));
    const isNullable = known.every(({ flags }) => flags & (ts.TypeFlags.Null | ts.TypeFlags.Undefined));
    const restType = others.length > 0 && isNullable ? checker.getNonNullableType(type) : rest;
    const open = typed.filter((member) => !member.type);
    const isDetermined = restType ? open.length === 1 && (others.length === 0 || isNullable) : open.length === 0;
    if (!isDetermined) return undefined;
    return unionOf(
      typed.flatMap((member) => {
        const memberType = member.type ?? restType;
        return memberType ? [this.read(member.node, { type: memberType, site })] : [];
      }),
    );
  }
}

/** Returns the reference at the start of an indexed access: `Page<Email>["items"][number]`. */
function rootOf({ objectType }: ts.IndexedAccessTypeNode): ts.TypeReferenceNode | undefined {
  if (ts.isIndexedAccessTypeNode(objectType)) return rootOf(objectType);
  return ts.isTypeReferenceNode(objectType) ? objectType : undefined;
}

/** Checks for the body of a generic alias that is read with the alias's type arguments. */
function isFollowed(body: ts.TypeNode): boolean {
  return (
    ts.isTypeReferenceNode(body) ||
    ts.isUnionTypeNode(body) ||
    ts.isArrayTypeNode(body) ||
    ts.isTupleTypeNode(body) ||
    ts.isIndexedAccessTypeNode(body) ||
    isReadonly(body)
  );
}

function membersOf(type: ts.Type): readonly ts.Type[] {
  return type.isUnion() ? type.types : [type];
}

function isReadonly(node: ts.TypeNode): node is ts.TypeOperatorNode {
  return ts.isTypeOperatorNode(node) && node.operator === ts.SyntaxKind.ReadonlyKeyword;
}

/**
 * Checks whether a type is the written one, apart from the `undefined` of an optional property.
 */
function isSame(written: ts.Type, { type, isOptional = false }: SeenType): boolean {
  if (written === type) return true;
  if (!isOptional || mayBeUndefined(written)) return false;
  const own = definedMembers(written);
  const other = definedMembers(type);
  return own.length === other.length && own.every((member) => other.includes(member));
}

/** Returns a type without the `undefined` of an optional property, where one type is left. */
function definedType({ type, isOptional = false }: SeenType): ts.Type {
  const [only, ...others] = definedMembers(type);
  return isOptional && only && others.length === 0 ? only : type;
}

function mayBeUndefined(type: ts.Type): boolean {
  return type.isUnion() && type.types.some(({ flags }) => flags & ts.TypeFlags.Undefined);
}

function isObject(type: ts.Type): boolean {
  return definedMembers(type).some(({ flags }) => flags & (ts.TypeFlags.Object | ts.TypeFlags.Intersection));
}
