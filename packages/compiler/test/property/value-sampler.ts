import ts from "typescript";
import type { Choices } from "./choices.ts";
import { isObject, type Json } from "./json-value.ts";

const SCALARS: readonly Json[] = ["", "x", "a", 0, 1, -1, 1.5, true, false, null];
const KEYS = ["zz", "a", "x-1", "kind"];

/**
 * Creates JSON values that a type probably accepts, and values that it probably rejects. "Probably"
 * is enough: the TypeScript compiler judges.
 */
export class ValueSampler {
  readonly #checker: ts.TypeChecker;
  readonly #choices: Choices;
  /**
   * Names of properties and literals found in types: mutations with these reveal more than others.
   */
  readonly #names = new Set<string>(KEYS);
  readonly #literals = new Set<Json>(SCALARS);
  readonly #objects: { [name: string]: Json }[] = [];

  constructor(checker: ts.TypeChecker, choices: Choices) {
    this.#checker = checker;
    this.#choices = choices;
  }

  /** Returns different values for one type, half of them mutated. */
  sample(type: ts.Type, count: number): Json[] {
    const values = new Map<string, Json>();
    for (let attempt = 0; attempt < count * 2 && values.size < count; attempt++) {
      let value = this.#value(type, 4) ?? null;
      for (let mutations = attempt % 3; mutations > 0; mutations--) value = this.#mutate(value);
      const text = JSON.stringify(value);
      if (text.length < 400) values.set(text, value);
    }
    return [...values.values()];
  }

  /** Returns a value of the type; undefined for `undefined`. */
  #value(type: ts.Type, depth: number): Json | undefined {
    const { flags } = type;
    if (type.isUnion()) return this.#value(this.#choices.pick(type.types), depth);
    if (type.isStringLiteral() || type.isNumberLiteral()) return this.#note(type.value);
    if (flags & ts.TypeFlags.BooleanLiteral) return this.#checker.typeToString(type) === "true";
    if (flags & ts.TypeFlags.String) return this.#choices.pick(["", "x", "a", "hello", "1"]);
    if (flags & ts.TypeFlags.Number) return this.#choices.pick([0, 1, -1, 1.5, 1e21]);
    if (flags & ts.TypeFlags.Null) return null;
    if (flags & (ts.TypeFlags.Undefined | ts.TypeFlags.Void)) return undefined;
    if (flags & ts.TypeFlags.TemplateLiteral) return this.#note(this.#template(type as ts.TemplateLiteralType, depth));
    if (flags & ts.TypeFlags.NonPrimitive) return this.#choices.pick<Json>([{}, [], { a: 1 }]);
    if (type.isIntersection()) {
      const primitive = type.types.find((member) => !(member.flags & ts.TypeFlags.Object));
      if (primitive) return this.#value(primitive, depth);
      const arrays = type.types.filter((member) => this.#checker.isArrayLikeType(member));
      if (arrays.length > 0) return this.#value(this.#choices.pick(arrays), depth);
    }
    if (flags & (ts.TypeFlags.Object | ts.TypeFlags.Intersection)) return this.#structure(type, depth);
    return this.#choices.pick<Json>(["x", 1, null, {}, []]);
  }

  #structure(type: ts.Type, depth: number): Json {
    if (this.#checker.isTupleType(type)) return this.#tuple(type as ts.TupleTypeReference, depth);
    if (this.#checker.isArrayType(type)) {
      const [element] = this.#checker.getTypeArguments(type as ts.TypeReference);
      const length = depth > 0 && element ? this.#choices.below(3) : 0;
      return Array.from({ length }, () => (element && this.#value(element, depth - 1)) ?? null);
    }
    const properties = this.#checker.getPropertiesOfType(type);
    const indexes = this.#checker.getIndexInfosOfType(type);
    const index = indexes.length > 0 ? this.#choices.pick(indexes) : undefined;
    // `{}` accepts everything but null and undefined.
    if (properties.length === 0 && !index) return this.#choices.pick<Json>([{}, "x", 1, [], {}, { a: 1 }]);
    const object: Record<string, Json> = {};
    for (const property of properties) {
      this.#names.add(property.name);
      const optional = (property.flags & ts.SymbolFlags.Optional) !== 0;
      if (optional && (depth <= 0 || this.#choices.chance(50))) continue;
      const value = depth < -4 ? null : this.#value(this.#checker.getTypeOfSymbol(property), depth - 1);
      if (value !== undefined) object[property.name] = value;
    }
    const more = index && depth > 0 ? Array.from({ length: this.#choices.below(3) }, () => index) : [];
    for (const { keyType, type: item } of more) {
      const value = this.#value(item, depth - 1);
      if (value !== undefined) object[String(this.#value(keyType, depth))] ??= value;
    }
    this.#objects.push(object);
    return object;
  }

  #tuple(type: ts.TupleTypeReference, depth: number): Json[] {
    const elements = this.#checker.getTypeArguments(type);
    const items: Json[] = [];
    for (const [position, flag] of type.target.elementFlags.entries()) {
      if (flag & ts.ElementFlags.Optional && (depth <= 0 || this.#choices.chance(40))) break;
      for (let repeat = flag & ts.ElementFlags.Rest ? this.#choices.below(3) : 1; repeat > 0; repeat--) {
        const element = elements[position];
        items.push((element && depth >= -4 ? this.#value(element, depth - 1) : null) ?? null);
      }
    }
    return items;
  }

  #template(type: ts.TemplateLiteralType, depth: number): string {
    const parts = type.types.map((part) => String(this.#value(part, depth)));
    return type.texts.map((text, position) => text + (parts[position] ?? "")).join("");
  }

  #note(value: string | number): string | number {
    this.#literals.add(value);
    return value;
  }

  #mutate(value: Json): Json {
    const inside = Array.isArray(value) ? value.length > 0 : isObject(value) && Object.keys(value).length > 0;
    if (inside && this.#choices.chance(55)) return this.#mutateInside(value);
    if (isObject(value) && this.#choices.chance(75)) return this.#mutateObject(value);
    if (Array.isArray(value) && this.#choices.chance(75)) return this.#mutateArray(value);
    return this.#choices.chance(15)
      ? this.#choices.pick<Json>([[value], { a: value }])
      : this.#choices.pick([...this.#literals, {}, []]);
  }

  #mutateInside(value: Json): Json {
    if (Array.isArray(value)) {
      const place = this.#choices.below(value.length);
      return value.map((item, position) => (position === place ? this.#mutate(item) : item));
    }
    if (!isObject(value)) return value;
    const name = this.#choices.pick(Object.keys(value));
    return { ...value, [name]: this.#mutate(value[name] ?? null) };
  }

  #mutateObject(value: { [name: string]: Json }): Json {
    // Combines two members of a union.
    if (this.#objects.length > 1 && this.#choices.chance(30)) return { ...value, ...this.#choices.pick(this.#objects) };
    const names = Object.keys(value);
    const added = this.#choices.pick([...this.#names]);
    if (names.length === 0 || this.#choices.chance(40)) {
      return { ...value, [added]: this.#choices.pick([...this.#literals, ...Object.values(value)]) };
    }
    const removed = this.#choices.pick(names);
    const { [removed]: moved = null, ...rest } = value;
    return this.#choices.chance(60) ? rest : { ...rest, [added]: moved };
  }

  #mutateArray(value: readonly Json[]): Json {
    if (value.length > 0 && this.#choices.chance(40)) return value.slice(0, -1);
    return [...value, this.#choices.pick([...this.#literals, ...value])];
  }
}
