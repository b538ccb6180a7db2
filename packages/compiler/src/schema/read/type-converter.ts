import {
  AnnotatedType,
  AnyType,
  LiteralType,
  NullType,
  NumberType,
  StringType,
  UndefinedType,
  UnknownType,
  type BaseType,
} from "ts-json-schema-generator";
import ts from "typescript";
import { type Problem, problems } from "../../diagnostics/catalog.ts";
import { TEMPLATE } from "../marks.ts";
import { ArrayReader } from "./array-reader.ts";
import { oneOfTypes } from "./object-formatter.ts";
import { declaredName, siteKey } from "./definitions.ts";
import { literalOf } from "./enum-values.ts";
import { IntersectionReader } from "./intersection-reader.ts";
import { DATA_CLASSES, ERRORS, libraryHint } from "./library-types.ts";
import { unresolved } from "./missing-modules.ts";
import { ObjectReader } from "./object-reader.ts";
import type { TypeConverterDeps } from "./reader-deps.ts";
import { isNever } from "./uninhabited-types.ts";
import { UnionReader } from "./union-reader.ts";
import { UnsupportedTypeError } from "./unsupported-type.ts";
import { templatePattern } from "./template-pattern.ts";
import { type SeenType, WrittenTypes } from "./written-types.ts";
import { ValueReader } from "./values.ts";

/**
 * Converts types as the checker resolves them (generics, mapped and conditional types, inferred
 * types) to the types of ts-json-schema-generator. Everything read from a `ts.Type` goes through
 * here, so that it can move to another checker.
 */
export class TypeConverter {
  readonly #deps: TypeConverterDeps;
  readonly #arrays: ArrayReader;
  readonly #objects: ObjectReader;
  readonly #values: ValueReader;
  readonly #unions: UnionReader;
  readonly #intersections: IntersectionReader;
  readonly #written: WrittenTypes;

  constructor(deps: TypeConverterDeps) {
    this.#deps = deps;
    const convert = (type: ts.Type, site: ts.Node): BaseType => this.convert(type, site);
    this.#written = new WrittenTypes(deps, {
      convert,
      readMember: (owner, property, seen) => this.#objects.readMember(owner, property, seen),
    });
    this.#arrays = new ArrayReader(deps, this.#written, convert);
    this.#objects = new ObjectReader(deps, { arrays: this.#arrays, written: this.#written, convert });
    this.#values = new ValueReader(deps, this.#written);
    this.#unions = new UnionReader(deps, this.#objects, convert);
    this.#intersections = new IntersectionReader(deps, {
      arrays: this.#arrays,
      objects: this.#objects,
      values: this.#values,
      convert,
    });
  }

  /**
   * Converts a type that was met at a node.
   * @param site The node, for the position of errors and the order of members
   */
  convert(type: ts.Type, site: ts.Node): BaseType {
    return this.#deps.typeArguments.enterType(type, () => this.#convert(type, site));
  }

  /** Reads a reference to a type that its declaration alone does not determine. */
  readReference(node: ts.TypeReferenceNode, type: ts.Type): BaseType {
    return this.#written.readReference(node, { type, site: node });
  }

  /** Reads an indexed access: `User["email"]`. */
  readIndexed(node: ts.IndexedAccessTypeNode): BaseType {
    return this.#written.readIndexed(node);
  }

  /** Reads a type from the node that declares it inside a generic. */
  readWritten(node: ts.TypeNode, seen: SeenType): BaseType {
    return this.#written.read(node, seen);
  }

  #convert(type: ts.Type, site: ts.Node): BaseType {
    if (this.#deps.refused.has(site)) return new AnyType();
    const plain = this.#readFromNodes(type, site);
    if (plain) return plain;
    const name = declaredName(type, this.#deps.checker);
    const expand = (): BaseType =>
      this.#deps.uncarried.read(
        () => this.#labelOf(type),
        () => this.#expand(type, site),
      );
    if (name === undefined || isElementary(type)) return expand();
    if (this.#deps.definitions.tooDeep) throw new UnsupportedTypeError(problems.endlessType(this.#print(type)), site);
    const place = siteKey(site) + this.#deps.typeArguments.siteKey(site);
    const written = (): ts.Node | undefined => findWritten(type, site, this.#deps.checker);
    return this.#deps.definitions.define({ subject: type, site: place, name, written }, () =>
      this.#annotateNamed(type, expand()),
    );
  }

  /**
   * Reads a type from its declaration, which keeps order and JSDoc, if the declaration says exactly
   * what the type is.
   */
  #readFromNodes(type: ts.Type, site: ts.Node): BaseType | undefined {
    const symbol =
      type.aliasSymbol ?? (type.flags & (ts.TypeFlags.Object | ts.TypeFlags.EnumLike) ? type.symbol : undefined);
    if (!symbol || type.aliasTypeArguments) return undefined;
    const declaration = this.#deps.nodes.findDeclaration(symbol);
    if (!declaration || this.#deps.checker.getDeclaredTypeOfSymbol(symbol) !== type) return undefined;
    // Within the alias itself, this is the body that the node parser has just handed over.
    if (ts.isTypeAliasDeclaration(declaration) && isWithin(site, declaration.type)) return undefined;
    return this.#deps.nodes.readDeclaration(declaration);
  }

  #annotateNamed(type: ts.Type, converted: BaseType): BaseType {
    const symbol = type.aliasSymbol ?? type.symbol;
    const declaration = symbol?.declarations?.find(
      (node) =>
        ts.isTypeAliasDeclaration(node) ||
        ts.isInterfaceDeclaration(node) ||
        ts.isClassLike(node) ||
        ts.isEnumDeclaration(node),
    );
    const { constraints, library, annotator } = this.#deps;
    const isForeign = symbol !== undefined && (library.declares(symbol) || constraints.isHelper(symbol));
    if (declaration && !isForeign) annotator.checkComments(declaration);
    return declaration && !isForeign && !isUtility(declaration)
      ? annotator.annotate(converted, declaration)
      : converted;
  }

  #expand(type: ts.Type, site: ts.Node): BaseType {
    const { flags } = type;
    if (flags & ts.TypeFlags.Any) return this.#expandAny(type, site);
    if (flags & ts.TypeFlags.Unknown) return new UnknownType();
    if (type.isNumberLiteral() && !Number.isFinite(type.value))
      throw new UnsupportedTypeError(problems.noJsonForm(this.#print(type), "Use a finite number."), site);
    if (type.isStringLiteral() || type.isNumberLiteral()) return literalOf(type, this.#deps.annotator);
    if (flags & ts.TypeFlags.BooleanLiteral)
      return new LiteralType((type as { readonly intrinsicName?: string }).intrinsicName === "true");
    if (flags & ts.TypeFlags.Enum && !type.isUnion())
      throw new UnsupportedTypeError(problems.computedEnum(this.#print(type)), site);
    if (flags & ts.TypeFlags.String) return new StringType();
    if (flags & ts.TypeFlags.Number) return new NumberType();
    if (flags & ts.TypeFlags.BigIntLike) return this.#values.readBigInt(type);
    if (flags & ts.TypeFlags.Null) return new NullType();
    if (flags & (ts.TypeFlags.Undefined | ts.TypeFlags.Void)) return new UndefinedType();
    if (flags & ts.TypeFlags.NonPrimitive) return oneOfTypes("object", "array");
    if (flags & ts.TypeFlags.TemplateLiteral) return this.#expandTemplate(type as ts.TemplateLiteralType, site);
    if (type.isUnion()) return this.#unions.read(type, site);
    if (type.isIntersection()) return this.#expandIntersection(type, site);
    if (flags & ts.TypeFlags.Object) return this.#expandObject(type, site);
    const self = isThisType(type) ? this.#deps.checker.getBaseConstraintOfType(type) : undefined;
    if (self) return this.convert(self, site);
    throw new UnsupportedTypeError(this.#problemOf(type, site), site);
  }

  #problemOf(type: ts.Type, site: ts.Node): Problem {
    const text = this.#print(type);
    if (type.flags & ts.TypeFlags.ESSymbolLike) return problems.noJsonForm(text, "Use a string.");
    if (type.flags & ts.TypeFlags.Never) return problems.neverInType(this.#printWritten(type, site));
    if (type.flags & ts.TypeFlags.StringMapping)
      return problems.unsupportedType(text, "Use string with /** @pattern … */.");
    return isThisType(type)
      ? problems.unsupportedType(text, "Write the type's name.")
      : problems.openTypeParameter(text);
  }

  #expandAny(type: ts.Type, site: ts.Node): BaseType {
    if ((type as { readonly intrinsicName?: string }).intrinsicName === "any") return new AnyType();
    throw new UnsupportedTypeError(unresolved(this.#print(type, site), site, this.#deps.checker), site);
  }

  #expandTemplate(type: ts.TemplateLiteralType, site: ts.Node): BaseType {
    const pattern = templatePattern(type);
    if (pattern === undefined)
      throw new UnsupportedTypeError(
        problems.unsupportedType(this.#print(type), "Use string with /** @pattern … */."),
        site,
      );
    return new AnnotatedType(new StringType(), { pattern, [TEMPLATE]: true }, false);
  }

  #expandIntersection(type: ts.IntersectionType, site: ts.Node): BaseType {
    if (isNever(type, this.#deps.checker))
      throw new UnsupportedTypeError(problems.neverInType(this.#printWritten(type, site)), site);
    this.#refuseErrors(type, type.types, site);
    return this.#intersections.read(type, site);
  }

  #expandObject(type: ts.Type, site: ts.Node): BaseType {
    const { checker, library } = this.#deps;
    if (checker.isTupleType(type)) return this.#arrays.readTuple(type as ts.TupleTypeReference, site);
    if (checker.isArrayType(type)) return this.#arrays.readArray(type, site);
    const { symbol } = type;
    if (this.#deps.constraints.isConstraint(type))
      throw new UnsupportedTypeError(problems.constraintAlone(this.#print(type, site)), site);
    this.#refuseErrors(type, [type], site);
    const value = this.#values.read(type, site);
    if (value) return value;
    if (isThenable(type, checker)) throw new UnsupportedTypeError(problems.promiseInType(this.#print(type)), site);
    if (symbol && library.declares(symbol)) {
      if (this.#isOpaque(type, symbol))
        throw new UnsupportedTypeError(problems.noJsonForm(this.#print(type), libraryHint(symbol.name)), site);
    }
    return this.#objects.read(type, site);
  }

  /**
   * The properties of an error are not enumerable, so its JSON form is empty, unless its class has
   * a `toJSON`.
   */
  #refuseErrors(type: ts.Type, members: readonly ts.Type[], site: ts.Node): void {
    const { direction, library } = this.#deps;
    const toJson = direction === "output" ? type.getProperty("toJSON") : undefined;
    if (toJson && !library.declares(toJson)) return;
    if (members.some((member) => this.#deps.library.findStandard(member, ERRORS)))
      throw new UnsupportedTypeError(problems.noJsonForm(this.#print(type), libraryHint("Error")), site);
  }

  /**
   * Checks for a standard type with behavior. A standard interface of plain data, such as an
   * options bag, is read like an author's.
   */
  #isOpaque(type: ts.Type, symbol: ts.Symbol): boolean {
    if (!(symbol.flags & (ts.SymbolFlags.Class | ts.SymbolFlags.Interface))) return false;
    const { checker, direction } = this.#deps;
    const isPlain = DATA_CLASSES.has(symbol.name) || checker.isArrayLikeType(type) || type.getProperty("toJSON");
    if (direction === "output" && isPlain) return false;
    return (
      Boolean(symbol.flags & ts.SymbolFlags.Value) ||
      checker.getPropertiesOfType(type).some((property) => property.flags & ts.SymbolFlags.Method) ||
      checker.getSignaturesOfType(type, ts.SignatureKind.Call).length > 0
    );
  }

  /** Prints a type as it is written at a site: the checker prints a contradiction as `never`. */
  #printWritten(type: ts.Type, site: ts.Node): string {
    const isWritten = ts.isTypeNode(site) && this.#deps.checker.getTypeFromTypeNode(site) === type;
    return this.#print(type, isWritten ? site : undefined);
  }

  /** Names a type in a list. The text of a larger type is long and not stable. */
  #labelOf(type: ts.Type): string {
    const { name } = type.aliasSymbol ?? type.symbol ?? {};
    return name === undefined || name.startsWith("__") ? this.#print(type) : name;
  }

  #print(type: ts.Type, site?: ts.Node): string {
    return site && ts.isTypeNode(site) ? site.getText() : this.#deps.checker.typeToString(type);
  }
}

/** Checks for types that are too small for a separate definition. */
function isElementary(type: ts.Type): boolean {
  return (type.flags & (ts.TypeFlags.Object | ts.TypeFlags.UnionOrIntersection | ts.TypeFlags.TemplateLiteral)) === 0;
}

/** Checks for `this` as a type: the class or interface around it, or one that extends it. */
function isThisType(type: ts.Type): boolean {
  return (type as { readonly isThisType?: boolean }).isThisType === true;
}

/**
 * Checks for a generic alias of a package (`PartialDeep<T>`), whose JSDoc describes the helper and
 * not the value.
 */
export function isUtility(declaration: ts.Node): boolean {
  return (
    ts.isTypeAliasDeclaration(declaration) &&
    declaration.typeParameters !== undefined &&
    declaration.getSourceFile().fileName.includes("/node_modules/")
  );
}

/** Checks for a promise, or an object that JavaScript takes for one. */
function isThenable(type: ts.Type, checker: ts.TypeChecker): boolean {
  const then = type.getProperty("then");
  return then !== undefined && checker.getTypeOfSymbol(then).getCallSignatures().length > 0;
}

/** Finds the reference within a node that names a type, else the name in the type's declaration. */
function findWritten(type: ts.Type, site: ts.Node, checker: ts.TypeChecker): ts.Node | undefined {
  const find = (node: ts.Node): ts.Node | undefined =>
    ts.isTypeReferenceNode(node) && checker.getTypeFromTypeNode(node) === type ? node : ts.forEachChild(node, find);
  const [declaration] = (type.aliasSymbol ?? type.symbol)?.declarations ?? [];
  return find(site) ?? (declaration && ts.getNameOfDeclaration(declaration));
}

function isWithin(node: ts.Node, ancestor: ts.Node): boolean {
  return node.getSourceFile() === ancestor.getSourceFile() && node.pos >= ancestor.pos && node.end <= ancestor.end;
}
