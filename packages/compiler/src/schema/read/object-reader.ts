import {
  NeverType,
  ObjectType,
  type ObjectProperty,
  UndefinedType,
  UnionType,
  type BaseType,
} from "ts-json-schema-generator";
import ts from "typescript";
import { problems } from "../../diagnostics/catalog.ts";
import { findDocumented, isDocumented } from "../../jsdoc/docs.ts";
import { isHidden } from "./annotations.ts";
import type { ArrayReader } from "./array-reader.ts";
import { TYPIA_TAG } from "./foreign-constraints.ts";
import { definedMembers, IndexReader } from "./index-signatures.ts";
import { isNeverUndefined, typeOfPlace } from "./intersections.ts";
import { declarationsOf, keyDeclaration } from "./mapped-properties.ts";
import { impossibleType, NamedProperty, oneOfTypes, PresentProperty } from "./object-formatter.ts";
import { OwnProperties } from "./own-properties.ts";
import type { TypeConverterDeps } from "./reader-deps.ts";
import { checkName, RefusedMembers, symbolName } from "./refused-members.ts";
import { ToJson } from "./to-json.ts";
import { VALUES } from "./values.ts";
import type { SeenType, WrittenTypes } from "./written-types.ts";
import { at, UnsupportedTypeError } from "./unsupported-type.ts";

/** The readers of the parts of objects. */
interface OtherReaders {
  readonly arrays: ArrayReader;
  readonly written: WrittenTypes;
  readonly convert: Convert;
}

/** Converts a type that was met at a node. */
type Convert = (type: ts.Type, site: ts.Node) => BaseType;

/**
 * Reads object types from the checker: properties in source order and index signatures. Rejects
 * what JSON cannot carry.
 */
export class ObjectReader {
  readonly #deps: TypeConverterDeps;
  readonly #convert: Convert;
  readonly #arrays: ArrayReader;
  readonly #written: WrittenTypes;
  readonly #indexes: IndexReader;
  readonly #own: OwnProperties;
  readonly #refused: RefusedMembers;
  readonly #toJson: ToJson;
  #count = 0;

  constructor(deps: TypeConverterDeps, { arrays, written, convert }: OtherReaders) {
    this.#deps = deps;
    this.#convert = convert;
    this.#arrays = arrays;
    this.#written = written;
    this.#indexes = new IndexReader(deps, written);
    this.#own = new OwnProperties(deps.checker, deps.library);
    this.#refused = new RefusedMembers(deps, this.#own);
    this.#toJson = new ToJson(deps.checker);
  }

  read(type: ts.Type, site: ts.Node): BaseType {
    this.#refuseFunctions(type, site);
    const json = this.#deps.direction === "output" ? this.#readToJson(type, site) : undefined;
    return json ?? this.#readOwn(type, site);
  }

  /** Reads the properties of an object, without a `toJSON`. */
  #readOwn(type: ts.Type, site: ts.Node): BaseType {
    const { checker } = this.#deps;
    if (checker.isArrayLikeType(type)) return this.#arrays.readArrayLike(type, site);
    this.#refused.refuseState(type, site);
    const ordered = this.#orderProperties(type, site);
    const method = this.#readRequiredMethod(type, ordered, site);
    // The other parts of an object with behavior, often a whole library, need not be read.
    if (method) return new ObjectType(`behavior${this.#count++}`, [], [method], false);
    this.#deps.definitions.count(ordered.length);
    const properties: ObjectProperty[] = [];
    for (const property of ordered) {
      const read = this.#readProperty(type, property, site);
      // A required property without values makes the whole object uninhabited.
      if (read?.getType() instanceof NeverType)
        throw new UnsupportedTypeError(problems.neverInType(checker.typeToString(type), property.name), site);
      if (read) properties.push(read);
    }
    // `{}` accepts any value that can have properties: everything but null.
    return this.#isEmpty(type)
      ? oneOfTypes("object", "array", "string", "number", "boolean")
      : this.#indexes.read({ type, properties, site });
  }

  /** Reads the first property that keeps JSON from carrying an object: a required function. */
  #readRequiredMethod(owner: ts.Type, properties: readonly ts.Symbol[], site: ts.Node): ObjectProperty | undefined {
    const { checker, direction, uncarried } = this.#deps;
    if (direction === "output") return undefined;
    const method = properties.find(
      (property) =>
        !(property.flags & ts.SymbolFlags.Optional) &&
        checker.getTypeOfSymbol(property).getCallSignatures().length > 0 &&
        !this.#own.isEverywhere(property),
    );
    const read = method && this.#readProperty(owner, method, site);
    return read && uncarried.includes(read.getType()) ? read : undefined;
  }

  /**
   * Reads a member of a union that has no values. TypeScript accepts its properties next to those
   * of the other members.
   */
  readImpossible(type: ts.Type, site: ts.Node): BaseType {
    const { uninhabited } = this.#deps;
    const properties = this.#orderProperties(type, site).flatMap((property): readonly ObjectProperty[] => {
      if (uninhabited?.hasRequired(type, property)) return [new NamedProperty(property.name, impossibleType(), true)];
      const read = this.#readProperty(type, property, site);
      return read ? [read] : [];
    });
    return this.#indexes.read({ type, properties, site });
  }

  #isEmpty(type: ts.Type): boolean {
    const { checker } = this.#deps;
    return checker.getPropertiesOfType(type).length === 0 && checker.getIndexInfosOfType(type).length === 0;
  }

  #refuseFunctions(type: ts.Type, site: ts.Node): void {
    const { checker } = this.#deps;
    const callable =
      checker.getSignaturesOfType(type, ts.SignatureKind.Call).length > 0 ||
      checker.getSignaturesOfType(type, ts.SignatureKind.Construct).length > 0;
    if (callable) throw new UnsupportedTypeError(problems.functionInType(checker.typeToString(type)), site);
  }

  /** `JSON.stringify` sends the result of `toJSON`. */
  #readToJson(type: ts.Type, site: ts.Node): BaseType | undefined {
    const returned = this.#toJson.returnType(type);
    if (!returned || returned === type) return undefined;
    // Standard classes declare `toJSON(): any` where it has the class's own properties.
    const isOwn = returned.flags & ts.TypeFlags.Any && type.symbol && this.#deps.library.declares(type.symbol);
    return isOwn ? undefined : this.#readReturned(returned, site);
  }

  /** Reads what a `toJSON` returns: the `toJSON` of that is not called. */
  #readReturned(type: ts.Type, site: ts.Node): BaseType {
    const { order, library } = this.#deps;
    const hasToJson = (member: ts.Type): boolean => {
      const toJson = member.getProperty("toJSON");
      return toJson !== undefined && this.#own.isUnseen(member, toJson) && !library.findStandard(member, VALUES);
    };
    const members = type.isUnion() ? type.types : [type];
    if (!members.some((member) => hasToJson(member))) return this.#convert(type, site);
    const read = order
      .sortTypes([...members], site)
      .map((member) => (hasToJson(member) ? this.#readOwn(member, site) : this.#convert(member, site)));
    return read.length === 1 && read[0] ? read[0] : new UnionType(read);
  }

  #readProperty(owner: ts.Type, property: ts.Symbol, site: ts.Node): ObjectProperty | undefined {
    const { direction } = this.#deps;
    const declaration = declarationOf(property);
    if ((declaration && isHidden(declaration)) || property.name === TYPIA_TAG) return undefined;
    const isUnsent = direction === "output" ? this.#own.isUnseen(owner, property) : this.#own.isEverywhere(property);
    if (isUnsent) return undefined;
    const optional = Boolean(property.flags & ts.SymbolFlags.Optional);
    this.#refused.refuseSymbol(owner, property, site);
    if (symbolName(property) !== undefined) return undefined;
    const name = checkName(property.name, site);
    return at(name, () => {
      const type = this.#typeOf(owner, property, site);
      const neverUndefined = isNeverUndefined(owner, property, this.#deps.checker);
      if (neverUndefined && isAbsent(type)) return new NamedProperty(name, new NeverType(), true);
      // A declared `x?: undefined` excludes the property from a member of a union. TypeScript adds
      // the same to the members of an inferred union, where it carries no information.
      if (isAbsent(type))
        return isInferred(declaration) ? undefined : new NamedProperty(name, new UndefinedType(), false);
      if (type.flags & ts.TypeFlags.Never) return new NamedProperty(name, new NeverType(), true);
      const read = this.readMember(owner, property, { type, site });
      if (neverUndefined) return new PresentProperty(name, read, true);
      const isCertain = direction === "input" || !this.#own.mayBeMissing(owner, property);
      return new NamedProperty(name, read, !optional && isCertain);
    });
  }

  #typeOf(owner: ts.Type, property: ts.Symbol, site: ts.Node): ts.Type {
    const { checker } = this.#deps;
    const typeIn = (member: ts.Type): ts.Type | undefined => {
      const own = member.getProperty(property.name);
      return own && checker.getTypeOfSymbol(own);
    };
    const type = typeOfPlace(owner, checker.getTypeOfSymbol(property), { checker, typeIn });
    if (type) return type;
    const hint = `Declare '${property.name}' once, or with one type.`;
    throw new UnsupportedTypeError(problems.unsupportedType(checker.typeToString(owner), hint), site);
  }

  /**
   * Reads a property from its declaration if that has the property's type: a type argument may have
   * replaced it.
   */
  readMember(owner: ts.Type, property: ts.Symbol, { type, site }: SeenType): BaseType {
    const seen = { type, site, isOptional: Boolean(property.flags & ts.SymbolFlags.Optional) };
    const declaration = declarationOf(property) ?? keyDeclaration(owner, property, this.#deps.checker);
    const node = declaration && declaredTypeNode(declaration);
    const asWritten = node && isWrittenAs(this.#deps.checker.getTypeFromTypeNode(node), type, property);
    const read = asWritten ? this.#deps.nodes.readNode(node) : this.#written.readPart(owner, node, seen);
    if (!declaration) return read;
    const isBorrowed = node !== undefined && !asWritten;
    // The first comment is the last to be applied, so that its text counts.
    return this.#documentedBy(owner, property, declaration).reduceRight(
      (part, documented) => this.#deps.annotator.annotate(part, documented, isBorrowed || documented !== declaration),
      read,
    );
  }

  /** Finds the declarations whose comments are about a property; those of packages count less. */
  #documentedBy(owner: ts.Type, property: ts.Symbol, declaration: ts.Declaration): readonly ts.Declaration[] {
    const { checker, descriptions } = this.#deps;
    const documented = owner.isUnion() ? [] : (property.declarations ?? []).filter((one) => isDocumented(one));
    const own = documented.filter((one) => !descriptions.isForeign(one));
    const [first, ...others] = own.length > 0 ? own : documented;
    if (!first) return [findDocumented(declaration, checker)];
    return owner.isIntersection() ? [first, ...others] : [first];
  }

  #orderProperties(type: ts.Type, site: ts.Node): readonly ts.Symbol[] {
    const { checker, order } = this.#deps;
    const properties = checker.getPropertiesOfType(type);
    const objectFlags = (type as ts.ObjectType).objectFlags ?? 0;
    if (type.isIntersection()) {
      return byNames(
        properties,
        type.types.flatMap((member) => this.#orderProperties(member, site)),
      );
    }
    if (type.isUnion() || objectFlags & ts.ObjectFlags.Mapped) return order.sortProperties(properties, site);
    const target = objectFlags & ts.ObjectFlags.Reference ? (type as ts.TypeReference).target : type;
    if (!target.isClassOrInterface()) return properties;
    // Inherited properties come first, as when reading from the top of the hierarchy.
    const inherited = checker.getBaseTypes(target).flatMap((base) => this.#orderProperties(base, site));
    return byNames(properties, inherited);
  }
}

/** Sorts properties by the order of names in `first`; the others follow in their own order. */
function byNames(properties: readonly ts.Symbol[], first: readonly ts.Symbol[]): ts.Symbol[] {
  const own = new Map(properties.map((property) => [property.escapedName, property]));
  const names = new Set([...first, ...properties].map((property) => property.escapedName));
  return [...names].flatMap((name) => own.get(name) ?? []);
}

function declarationOf(property: ts.Symbol): ts.Declaration | undefined {
  return property.valueDeclaration ?? declarationsOf(property)[0];
}

/** Returns the type node of a property, if it has one. */
function declaredTypeNode(declaration: ts.Declaration): ts.TypeNode | undefined {
  return ts.isPropertySignature(declaration) || ts.isPropertyDeclaration(declaration) || ts.isParameter(declaration)
    ? declaration.type
    : undefined;
}

/**
 * Checks whether a property's type is the declared one, apart from the `undefined` that an optional
 * property adds.
 */
function isWrittenAs(declared: ts.Type, actual: ts.Type, { flags }: ts.Symbol): boolean {
  if (declared === actual) return true;
  const own = definedMembers(declared);
  const other = definedMembers(actual);
  // `Required<{ a?: string | undefined }>` removes what the declaration says, and
  // `{ a?: string } & { a: string | undefined }` adds to it.
  const [before, after] = [mayBeUndefined(declared), mayBeUndefined(actual)];
  const hasOther = after ? !before && !(flags & ts.SymbolFlags.Optional) : before;
  return !hasOther && own.length === other.length && own.every((member) => other.includes(member));
}

function mayBeUndefined(type: ts.Type): boolean {
  return type.isUnion() && type.types.some(({ flags }) => flags & ts.TypeFlags.Undefined);
}

/** Checks for a property that can only be undefined, which is never present in JSON. */
function isAbsent(type: ts.Type): boolean {
  return (type.flags & ts.TypeFlags.Undefined) !== 0;
}

/** Checks whether a property was inferred: its declaration is part of an object literal. */
function isInferred(declaration: ts.Declaration | undefined): boolean {
  return declaration !== undefined && ts.isObjectLiteralElementLike(declaration);
}
