import ts from "typescript";
import { isObject, type Json } from "./json-value.ts";

/** A value before it was written as JSON, which has nothing or null in place of `undefined`. */
export type Value = string | number | boolean | null | undefined | Value[] | { [name: string]: Value };

/**
 * Restores `undefined` where a type expects it and JSON cannot express it: for a missing required
 * property that may be undefined and, in a result, for the null in place of an undefined array
 * element.
 */
export class UndefinedValues {
  readonly #checker: ts.TypeChecker;
  readonly #elements: boolean;

  constructor(checker: ts.TypeChecker, direction: "input" | "output") {
    this.#checker = checker;
    this.#elements = direction === "output";
  }

  restore(value: Json, type: ts.Type): Value {
    if (Array.isArray(value)) return this.#restoreArray(value, type);
    return isObject(value) ? this.#restoreObject(value, type) : value;
  }

  #restoreArray(value: readonly Json[], type: ts.Type): Value[] {
    const all = membersOf(type).filter((member) => this.#checker.isArrayLikeType(member));
    const fitting = all.filter((array) => this.#mayBeArray(value, array));
    const arrays = fitting.length > 0 ? fitting : all;
    return value.map((item, index) => {
      const elements = arrays.flatMap((array) => this.#elementAt(array, index) ?? []);
      const mayBe = (flag: ts.TypeFlags): boolean =>
        elements.some((element) => membersOf(element).some(({ flags }) => flags & flag));
      if (
        item === null &&
        this.#elements &&
        mayBe(ts.TypeFlags.Undefined) &&
        !mayBe(ts.TypeFlags.Null | ts.TypeFlags.Unknown)
      )
        return undefined;
      const [element] = elements;
      return element ? this.restore(item, element) : item;
    });
  }

  #elementAt(array: ts.Type, index: number): ts.Type | undefined {
    const elements = this.#checker.getTypeArguments(array as ts.TypeReference);
    if (array.isIntersection()) {
      const fixed = array.getProperty(String(index));
      return fixed ? this.#checker.getTypeOfSymbol(fixed) : array.getNumberIndexType();
    }
    if (!this.#checker.isTupleType(array)) return elements[0];
    const { elementFlags } = (array as ts.TupleTypeReference).target;
    const rest = elementFlags.findIndex((flag) => flag & ts.ElementFlags.Rest);
    return elements[rest === -1 ? index : Math.min(index, rest)];
  }

  #restoreObject(value: { readonly [name: string]: Json }, type: ts.Type): Value {
    const candidates = membersOf(type).filter((candidate) => this.#mayBe(value, candidate));
    const known = (candidate: ts.Type): number =>
      this.#checker.getPropertiesOfType(candidate).filter(({ name }) => name in value).length;
    const required = (candidate: ts.Type): number =>
      this.#checker.getPropertiesOfType(candidate).filter(({ flags }) => !(flags & ts.SymbolFlags.Optional)).length;
    // Of several, the one that needs more: an undefined property fits the others.
    const [member] = candidates.sort((a, b) => known(b) - known(a) || required(b) - required(a));
    if (!member) return { ...value };
    const restored: { [name: string]: Value } = {};
    for (const property of this.#checker.getPropertiesOfType(member)) {
      const inner = this.#checker.getTypeOfSymbol(property);
      const own = value[property.name];
      if (own !== undefined) restored[property.name] = this.restore(own, inner);
      else if (!(property.flags & ts.SymbolFlags.Optional) && admitsUndefined(inner))
        restored[property.name] = undefined;
    }
    const index = this.#checker.getIndexInfosOfType(member)[0];
    for (const [name, item] of Object.entries(value))
      if (!(name in restored)) restored[name] = index ? this.restore(item, index.type) : item;
    return restored;
  }

  /** Checks whether every item may be an element of an array type. */
  #mayBeArray(value: readonly Json[], type: ts.Type): boolean {
    return value.every((item, index) => {
      const element = this.#elementAt(type, index);
      if (!element) return false;
      const isUndefined = item === null && this.#elements && admitsUndefined(element);
      return isUndefined || membersOf(element).some((member) => this.#mayHold(item, member));
    });
  }

  /** Checks whether a value has all required properties of a type, with values of their types. */
  #mayBe(value: { readonly [name: string]: Json }, type: ts.Type): boolean {
    if (!(type.flags & (ts.TypeFlags.Object | ts.TypeFlags.Intersection)) || this.#checker.isArrayLikeType(type))
      return false;
    const properties = this.#checker.getPropertiesOfType(type);
    const others = Object.entries(value).filter(([name]) => !properties.some((property) => property.name === name));
    if (!others.every(([name, item]) => this.#mayBeNamed(name, item, type))) return false;
    return properties.every((property) => {
      const inner = this.#checker.getTypeOfSymbol(property);
      const own = value[property.name];
      if (own === undefined) return Boolean(property.flags & ts.SymbolFlags.Optional) || admitsUndefined(inner);
      return membersOf(inner).some((member) => this.#mayHold(own, member));
    });
  }

  /** Checks whether a value fits the index signatures for its name. */
  #mayBeNamed(name: string, value: Json, type: ts.Type): boolean {
    const text = this.#checker.getStringLiteralType(name);
    const isFor = ({ keyType: { flags }, keyType }: ts.IndexInfo): boolean =>
      flags & ts.TypeFlags.Number ? String(Number(name)) === name : this.#checker.isTypeAssignableTo(text, keyType);
    return this.#checker
      .getIndexInfosOfType(type)
      .filter((info) => isFor(info))
      .every((info) => membersOf(info.type).some((member) => this.#mayHold(value, member)));
  }

  /** Checks whether a value may have a type. */
  #mayHold(value: Json, type: ts.Type): boolean {
    const { flags } = type;
    if (type.isIntersection() && type.types.some((member) => !(member.flags & ts.TypeFlags.Object)))
      return type.types.every((member) => this.#mayHold(value, member));
    if (flags & ts.TypeFlags.Unit) return this.#isValueOf(value, type);
    if (flags & (ts.TypeFlags.StringLike | ts.TypeFlags.NumberLike))
      return typeof value === (flags & ts.TypeFlags.StringLike ? "string" : "number");
    const isOpen = flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown | ts.TypeFlags.NonPrimitive);
    if (isOpen || this.#isEmptyObject(type)) return true;
    if (Array.isArray(value)) return this.#checker.isArrayLikeType(type) && this.#mayBeArray(value, type);
    return isObject(value) && this.#mayBe(value, type);
  }

  /** Checks for `{}` and for brands, which accept texts and numbers, too. */
  #isEmptyObject(type: ts.Type): boolean {
    return (
      (type.flags & ts.TypeFlags.Object) !== 0 &&
      !this.#checker.isArrayLikeType(type) &&
      this.#checker.getIndexInfosOfType(type).length === 0 &&
      this.#checker.getPropertiesOfType(type).every(({ name }) => name.startsWith("_"))
    );
  }

  #isValueOf(value: Json, unit: ts.Type): boolean {
    if (unit.isStringLiteral() || unit.isNumberLiteral()) return unit.value === value;
    return typeof value !== "object" || value === null ? this.#checker.typeToString(unit) === String(value) : false;
  }
}

function membersOf(type: ts.Type): readonly ts.Type[] {
  return type.isUnion() ? type.types : [type];
}

function admitsUndefined(type: ts.Type): boolean {
  return membersOf(type).some(({ flags }) => flags & (ts.TypeFlags.Undefined | ts.TypeFlags.Void));
}
