import { BooleanType, UnionType, type BaseType } from "ts-json-schema-generator";
import ts from "typescript";
import { enumOf, enumPart, enumValues, ownerOf, wholeEnums } from "./enum-values.ts";
import type { ObjectReader } from "./object-reader.ts";
import type { TypeConverterDeps } from "./reader-deps.ts";
import { isNever, isPrimitive } from "./uninhabited-types.ts";

/** Reads unions from the checker, whose order of members is not that of the source. */
export class UnionReader {
  readonly #deps: TypeConverterDeps;
  readonly #objects: ObjectReader;
  readonly #convert: (type: ts.Type, site: ts.Node) => BaseType;

  constructor(deps: TypeConverterDeps, objects: ObjectReader, convert: (type: ts.Type, site: ts.Node) => BaseType) {
    this.#deps = deps;
    this.#objects = objects;
    this.#convert = convert;
  }

  /** Reads a union, with its members in source order. */
  read(type: ts.UnionType, site: ts.Node): BaseType {
    const { checker } = this.#deps;
    const members = [...this.#inhabitedMembers(type)];
    const converted: BaseType[] = [];
    if (members.filter((member) => member.flags & ts.TypeFlags.BooleanLiteral).length === 2) {
      const boolean = members.findIndex((member) => member.flags & ts.TypeFlags.BooleanLiteral);
      members.splice(boolean, 2, checker.getBooleanType());
    }
    for (const enumType of wholeEnums(members, checker)) {
      members.splice(0, members.length, ...members.filter((member) => ownerOf(member, checker) !== enumType), enumType);
    }
    const sorted = this.#deps.order.sortTypes(members, site);
    for (const member of sorted) {
      const part = enumPart(member, sorted, this.#deps);
      if (part) converted.push(...part);
      else if (member.flags & ts.TypeFlags.Boolean) converted.push(new BooleanType());
      else
        converted.push(
          member === type
            ? enumOf(checker.typeToString(type), enumValues(type.types), this.#deps.annotator)
            : this.#convert(member, site),
        );
    }
    for (const member of this.#impossibleObjects(type)) converted.push(this.#objects.readImpossible(member, site));
    return converted.length === 1 && converted[0] ? converted[0] : new UnionType(converted);
  }

  /** Returns the members of a union that JSON values can have; the others add nothing. */
  #inhabitedMembers(type: ts.UnionType): readonly ts.Type[] {
    const { uninhabited, direction } = this.#deps;
    // `keyof` lists the symbols of a type's members, such as `Symbol.iterator`.
    const possible = type.types.filter((member) =>
      member.flags & ts.TypeFlags.UniqueESSymbol ? direction === "output" : !uninhabited?.has(member),
    );
    return possible.length > 0 ? possible : type.types;
  }

  /** Returns the object types in a union of inputs that have properties but no values. */
  #impossibleObjects(type: ts.UnionType): readonly ts.Type[] {
    const { checker, uninhabited, direction } = this.#deps;
    if (!uninhabited || direction === "output" || type.types.every((member) => uninhabited.has(member))) return [];
    return type.types.filter(
      (member) =>
        uninhabited.has(member) &&
        !isNever(member, checker) &&
        !checker.isArrayLikeType(member) &&
        !(member.isIntersection() ? member.types : [member]).some((part) => isPrimitive(part)),
    );
  }
}
