import { StringType, type BaseType } from "ts-json-schema-generator";
import ts from "typescript";
import { problems } from "../../diagnostics/catalog.ts";
import type { ArrayReader } from "./array-reader.ts";
import type { ObjectReader } from "./object-reader.ts";
import type { TypeConverterDeps } from "./reader-deps.ts";
import { isBranded, isPrimitive } from "./uninhabited-types.ts";
import { UnsupportedTypeError } from "./unsupported-type.ts";
import type { ValueReader } from "./values.ts";

/** The readers of what an intersection may be. */
interface OtherReaders {
  readonly arrays: ArrayReader;
  readonly objects: ObjectReader;
  readonly values: ValueReader;
  readonly convert: (type: ts.Type, site: ts.Node) => BaseType;
}

/** Reads intersections: of a type with constraints or brands, of arrays, and of objects. */
export class IntersectionReader {
  readonly #deps: TypeConverterDeps;
  readonly #readers: OtherReaders;

  constructor(deps: TypeConverterDeps, readers: OtherReaders) {
    this.#deps = deps;
    this.#readers = readers;
  }

  /**
   * Reads an intersection: `string & { __brand: … }` is a string, and object types are merged.
   */
  read(type: ts.IntersectionType, site: ts.Node): BaseType {
    const { constraints: constraintTypes } = this.#deps;
    const constraints = type.types.filter((member) => constraintTypes.isConstraint(member));
    const members = type.types.filter((member) => !constraints.includes(member));
    const [only] = members;
    if (!only) throw new UnsupportedTypeError(problems.constraintAlone(this.#print(type)), site);
    const base = members.length === 1 ? this.#readers.convert(only, site) : this.#mergeMembers(type, members, site);
    return constraintTypes.constrain(base, type, site);
  }

  #mergeMembers(type: ts.IntersectionType, members: readonly ts.Type[], site: ts.Node): BaseType {
    const { checker } = this.#deps;
    if (members.some((member) => isPrimitive(member))) return this.#readBrand(type, members, site);
    if (members.some((member) => checker.isArrayLikeType(member)))
      return this.#readers.arrays.readIntersection(type, members, site);
    // `Date & { __brand: … }` is a date.
    const value = this.#readers.values.findIn(members);
    if (!value) return this.#readers.objects.read(type, site);
    const brands = members.filter((member) => member !== value);
    if (isBranded(brands, checker)) return this.#readers.convert(value, site);
    throw new UnsupportedTypeError(problems.neverInType(this.#print(type)), site);
  }

  #readBrand(type: ts.IntersectionType, members: readonly ts.Type[], site: ts.Node): BaseType {
    const { checker } = this.#deps;
    const [primitive, ...others] = members.filter((member) => isPrimitive(member));
    if (!primitive || !isBranded(members, checker))
      throw new UnsupportedTypeError(problems.neverInType(this.#print(type)), site);
    if (others.length > 0)
      throw new UnsupportedTypeError(problems.unsupportedType(this.#print(type), "Use one primitive type."), site);
    const empty = members.every((member) => member === primitive || checker.getPropertiesOfType(member).length === 0);
    // Authors write suggestions as `"a" | (string & {})`; the literals must not be absorbed.
    return empty && primitive.flags & ts.TypeFlags.String
      ? new StringType(true)
      : this.#readers.convert(primitive, site);
  }

  #print(type: ts.Type): string {
    return this.#deps.checker.typeToString(type);
  }
}
