import { NeverType, ObjectType, type BaseType, type ObjectProperty } from "ts-json-schema-generator";
import ts from "typescript";
import { problems } from "../../diagnostics/catalog.ts";
import type { Annotator } from "./annotations.ts";
import type { ConstraintTypes } from "./constraint-types.ts";
import { typeOfPlace } from "./intersections.ts";
import { PatternObjectType } from "./object-formatter.ts";
import type { TypeReaderDeps } from "./reader-deps.ts";
import type { WrittenTypes } from "./written-types.ts";
import { at, UnsupportedTypeError } from "./unsupported-type.ts";
import { NUMBER_NAME, templatePattern } from "./template-pattern.ts";

/** An object type being read. */
export interface ReadObject {
  readonly type: ts.Type;
  readonly properties: readonly ObjectProperty[];
  readonly site: ts.Node;
}

type IndexType = Pick<ts.IndexInfo, "declaration" | "keyType" | "type">;

/** Reads the index signatures of object types, in addition to their declared properties. */
export class IndexReader {
  readonly #checker: ts.TypeChecker;
  readonly #annotator: Annotator;
  readonly #constraints: ConstraintTypes;
  readonly #written: WrittenTypes;
  #count = 0;

  constructor({ checker, annotator, constraints }: TypeReaderDeps, written: WrittenTypes) {
    this.#checker = checker;
    this.#annotator = annotator;
    this.#constraints = constraints;
    this.#written = written;
  }

  /** Returns the whole object type; without index signatures, it is closed. */
  read({ type, properties, site }: ReadObject): ObjectType {
    const infos = this.#checker
      .getIndexInfosOfType(type)
      .filter((info) => !isSymbol(info.keyType))
      .map((info) => ({ ...declared(info), keyType: info.keyType, type: this.#typeOf(info, type, site) }));
    const general = infos.find((info) => isAnyName(info.keyType));
    if (general) this.#constraints.warnOfKey(general.keyType, site);
    if (general && type.isIntersection()) this.#refuseContradiction(type, general, site);
    const narrower = infos.filter((info) => info !== general && info.type !== general?.type);
    const patterns = narrower.map((info): [string, BaseType] => [
      this.#patternOf(type, info, site),
      this.#readValue(type, info, site),
    ]);
    const rest = general ? this.#readValue(type, general, site) : false;
    const object = new ObjectType(`object${this.#count++}`, [], properties, rest);
    return patterns.length > 0 ? new PatternObjectType(object, new Map(patterns)) : object;
  }

  #typeOf({ keyType, type: reduced }: ts.IndexInfo, owner: ts.Type, site: ts.Node): ts.Type {
    const checker = this.#checker;
    const typeIn = (member: ts.Type): ts.Type | undefined =>
      checker.getIndexInfosOfType(member).find((info) => info.keyType === keyType)?.type;
    const type = typeOfPlace(owner, reduced, { checker, typeIn });
    if (type) return type;
    const hint = "Use one index signature.";
    throw new UnsupportedTypeError(problems.unsupportedType(checker.typeToString(owner), hint), site);
  }

  #readValue(owner: ts.Type, { type, declaration }: IndexType, site: ts.Node): BaseType {
    if (type.flags & ts.TypeFlags.Never) return new NeverType();
    const read = at("[key]", () => this.#written.readPart(owner, declaration?.type, { type, site }));
    return declaration ? this.#annotator.annotate(read, declaration) : read;
  }

  #patternOf(type: ts.Type, { keyType }: IndexType, site: ts.Node): string {
    if (keyType.flags & ts.TypeFlags.Number) return NUMBER_NAME;
    const pattern =
      keyType.flags & ts.TypeFlags.TemplateLiteral ? templatePattern(keyType as ts.TemplateLiteralType) : undefined;
    if (pattern !== undefined) return pattern;
    const hint = "Use an index signature with string keys.";
    throw new UnsupportedTypeError(problems.unsupportedType(this.#checker.typeToString(type), hint), site);
  }

  /**
   * Rejects an intersection whose index signature contradicts its properties:
   * `additionalProperties` does not apply to declared properties. Outside intersections, the
   * checker prevents the contradiction.
   */
  #refuseContradiction(type: ts.Type, general: IndexType, site: ts.Node): void {
    if (isAnyJson(general.type, this.#checker)) return;
    const contradicted = this.#checker
      .getPropertiesOfType(type)
      .flatMap((property) => definedMembers(this.#checker.getTypeOfSymbol(property)))
      .some((member) => !this.#checker.isTypeAssignableTo(member, general.type));
    const hint = "Use one index signature, with a type that all properties have.";
    if (contradicted)
      throw new UnsupportedTypeError(problems.unsupportedType(this.#checker.typeToString(type), hint), site);
  }
}

/** Returns the declaration of an index signature, unless a mapped type implies it. */
function declared({ declaration }: ts.IndexInfo): Pick<ts.IndexInfo, "declaration"> {
  return declaration && ts.isIndexSignatureDeclaration(declaration) ? { declaration } : {};
}

/**
 * Checks for a type of all JSON values, such as a `JsonValue`. TypeScript assigns no interface to
 * it, as another file may add to the interface, but every JSON value fits.
 */
function isAnyJson(type: ts.Type | undefined, checker: ts.TypeChecker, seen = new Set<ts.Type>()): boolean {
  if (!type) return false;
  if (seen.has(type) || type.flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown)) return true;
  seen.add(type);
  const members = type.isUnion() ? type.types : [type];
  const scalars = [ts.TypeFlags.String, ts.TypeFlags.Number, ts.TypeFlags.Null];
  const booleans = members.filter(({ flags }) => flags & ts.TypeFlags.BooleanLiteral);
  return (
    scalars.every((flag) => members.some(({ flags }) => flags & flag)) &&
    booleans.length === 2 &&
    members.some((member) => checker.isArrayType(member) && isAnyJson(member.getNumberIndexType(), checker, seen)) &&
    members.some(
      (member) => member.getProperties().length === 0 && isAnyJson(member.getStringIndexType(), checker, seen),
    )
  );
}

/**
 * Checks for a key type of all strings: `string`, or a branded string, which is an ordinary string
 * in JSON.
 */
export function isAnyName(key: ts.Type): boolean {
  return key.isIntersection() ? key.types.some((member) => isAnyName(member)) : (key.flags & ts.TypeFlags.String) !== 0;
}

/** Checks for a symbol as the key type, which JSON objects do not have. */
function isSymbol(key: ts.Type): boolean {
  return key.isIntersection()
    ? key.types.some((member) => isSymbol(member))
    : (key.flags & ts.TypeFlags.ESSymbolLike) !== 0;
}

/** Returns the members of a type without the `undefined` that an optional property adds. */
export function definedMembers(type: ts.Type): readonly ts.Type[] {
  return type.isUnion() ? type.types.filter((member) => !(member.flags & ts.TypeFlags.Undefined)) : [type];
}
