import {
  AnnotatedType,
  AnyType,
  ArrayType,
  OptionalType,
  RestType,
  TupleType,
  UnionType,
  type BaseType,
} from "ts-json-schema-generator";
import ts from "typescript";
import { problems } from "../../diagnostics/catalog.ts";
import { narrowestOf, typeOfPlace } from "./intersections.ts";
import { textOf } from "./describe-type.ts";
import type { TypeConverterDeps } from "./reader-deps.ts";
import { isBranded, isIndexedArray } from "./uninhabited-types.ts";
import type { WrittenTypes } from "./written-types.ts";
import { at, UnsupportedTypeError } from "./unsupported-type.ts";

/** An element of a tuple or, with the rest flag, all following ones. */
interface Element {
  readonly type: ts.Type;
  readonly flag: ts.ElementFlags;
  readonly label?: string | undefined;
  /** The node of the type, where the tuple is written out. */
  readonly node?: ts.TypeNode | undefined;
  /** The labeled declaration, which may have a comment. */
  readonly declaration?: ts.Node | undefined;
}

/** Returns the type that a tuple's element is written with; undefined for a rest. */
function elementNode(node: ts.TypeNode | undefined): ts.TypeNode | undefined {
  if (!node || ts.isRestTypeNode(node) || (ts.isNamedTupleMember(node) && node.dotDotDotToken)) return undefined;
  return ts.isOptionalTypeNode(node) || ts.isNamedTupleMember(node) ? node.type : node;
}

/** Limits a list to some lengths; an empty list of them limits nothing. */
function withLengths(list: BaseType, lengths: readonly number[]): BaseType {
  const limited = lengths.map((n) => new AnnotatedType(list, { minItems: n, maxItems: n }, false));
  return limited.length > 1 ? new UnionType(limited) : (limited[0] ?? list);
}

/** Reads arrays, tuples, and their intersections. */
export class ArrayReader {
  readonly #deps: TypeConverterDeps;
  readonly #written: WrittenTypes;
  readonly #convert: (type: ts.Type, site: ts.Node) => BaseType;

  constructor(deps: TypeConverterDeps, written: WrittenTypes, convert: (type: ts.Type, site: ts.Node) => BaseType) {
    this.#deps = deps;
    this.#written = written;
    this.#convert = convert;
  }

  readArray(type: ts.Type, site: ts.Node): BaseType {
    const [element] = this.#deps.checker.getTypeArguments(type as ts.TypeReference);
    if (!element) return new ArrayType(new AnyType());
    return at("[]", () => new ArrayType(this.#written.readArgument(type, 0, { type: element, site })));
  }

  readTuple(type: ts.TupleTypeReference, site: ts.Node): BaseType {
    const elements = this.#elementsOf(type, site);
    const rest = elements.findIndex(({ flag }) => flag & ts.ElementFlags.Variable);
    const last = rest === -1 ? elements.length : rest + 1;
    // Elements after the rest can only be counted, and only if they have its type.
    if (elements.slice(last).some((element) => element.type !== elements[rest]?.type))
      throw new UnsupportedTypeError(problems.restInMiddle(this.#print(type)), site);
    const tuple = this.#tupleOf(elements.slice(0, last), site);
    const minItems = elements.filter(({ flag }) => flag & ts.ElementFlags.Required).length;
    return last < elements.length ? new AnnotatedType(tuple, { minItems }, false) : tuple;
  }

  /** Reads an interface that extends an array, or a copy. JSON has none of the members it adds. */
  readArrayLike(type: ts.Type, site: ts.Node): BaseType {
    const element = this.#deps.checker.getIndexTypeOfType(type, ts.IndexKind.Number);
    const isPlain = this.#deps.direction === "output" || this.#addsNothing(type);
    const fixed = this.#fixedElements(type);
    const lengths = this.#literalLengths(type);
    const isKnown = element !== undefined || (fixed.length > 0 && lengths.every((length) => length === fixed.length));
    if (!isKnown || !isPlain) throw this.#refuse(type, site);
    if (element && fixed.length === 0) return withLengths(this.#arrayOf(element, site), lengths);
    const rest = element ? [{ type: element, flag: ts.ElementFlags.Rest }] : [];
    return withLengths(this.#tupleOf([...fixed, ...rest], site), lengths);
  }

  /** Reads an intersection with an array: of several arrays, or with a brand or a length. */
  readIntersection(type: ts.IntersectionType, members: readonly ts.Type[], site: ts.Node): BaseType {
    const { checker } = this.#deps;
    if (isIndexedArray(type, checker)) throw new UnsupportedTypeError(problems.neverInType(this.#print(type)), site);
    const others = members.filter((member) => !checker.isArrayLikeType(member));
    const isPlain = (member: ts.Type): boolean => isBranded([member], checker) || this.#addsNothing(member, type);
    if (this.#deps.direction === "input" && !others.every((member) => isPlain(member))) throw this.#refuse(type, site);
    const [only, ...more] = members.filter((member) => checker.getIndexTypeOfType(member, ts.IndexKind.Number));
    const isAlone = more.length === 0 && others.every((member) => this.#fixedElements(member).length === 0);
    const list = only && isAlone ? this.#convert(only, site) : this.#intersect(type, site);
    const lengths = others.some((member) => member.getProperty("length")) ? this.#literalLengths(type) : [];
    return withLengths(list, lengths);
  }

  /** Merges arrays and tuples element by element. */
  #intersect(type: ts.IntersectionType, site: ts.Node): BaseType {
    const { checker } = this.#deps;
    const elementIn = (list: ts.Type): ts.Type | undefined => checker.getIndexTypeOfType(list, ts.IndexKind.Number);
    const reduced = elementIn(type);
    const tuples = type.types.flatMap((member) => {
      if (checker.isTupleType(member)) return [this.#elementsOf(member as ts.TupleTypeReference)];
      const fixed = checker.isArrayLikeType(member) ? [] : this.#fixedElements(member);
      return fixed.length > 0 && reduced ? [[...fixed, { type: reduced, flag: ts.ElementFlags.Rest }]] : [];
    });
    // Of arrays alone, the checker merges the elements.
    const element = reduced && typeOfPlace(type, reduced, { checker, typeIn: elementIn });
    if (tuples.length === 0 && element) return this.#arrayOf(element, site);
    if (tuples.some((elements) => elements.slice(0, -1).some(({ flag }) => flag & ts.ElementFlags.Rest)))
      throw this.#refuse(type, site);
    const ofAll = type.types.flatMap((member) => (checker.isTupleType(member) ? [] : (elementIn(member) ?? [])));
    const merged: Element[] = [];
    for (let index = 0; ; index++) {
      const own = tuples.map((elements) => elements[index] ?? elements.find(({ flag }) => flag & ts.ElementFlags.Rest));
      const found = own.filter((one) => one !== undefined);
      // The shortest tuple ends all others.
      if (found.length < own.length) break;
      const flag = Math.min(...found.map((one) => one.flag)) as ts.ElementFlags;
      const typeIn = (list: ts.Type): ts.Type | undefined => {
        const property = list.getProperty(String(index));
        return property && checker.getTypeOfSymbol(property);
      };
      const reducedAt = typeIn(type);
      const fixed = reducedAt && typeOfPlace(type, reducedAt, { checker, typeIn });
      const rests = found.flatMap((one) => (one.flag & ts.ElementFlags.Rest ? [one.type] : []));
      const places = [...(fixed ? [fixed] : []), ...rests, ...ofAll];
      const narrowest = narrowestOf(places, checker);
      if (!narrowest) throw this.#refuse(type, site);
      merged.push({ type: narrowest, flag, label: found.find(({ label }) => label !== undefined)?.label });
      if (flag & ts.ElementFlags.Rest) break;
    }
    return this.#tupleOf(merged, site);
  }

  #elementsOf(type: ts.TupleTypeReference, site?: ts.Node): Element[] {
    const { elementFlags, labeledElementDeclarations } = type.target;
    const isWritten = site && ts.isTupleTypeNode(site) && site.elements.length === elementFlags.length;
    return this.#deps.checker.getTypeArguments(type).map((element, index) => {
      const declaration = labeledElementDeclarations?.[index];
      const name = declaration?.name;
      const label = name && ts.isIdentifier(name) ? name.text : undefined;
      const node = isWritten ? elementNode(site.elements[index]) : undefined;
      return { type: element, flag: elementFlags[index] ?? ts.ElementFlags.Required, label, node, declaration };
    });
  }

  #tupleOf(elements: readonly Element[], site: ts.Node): TupleType {
    return new TupleType(
      elements.map(({ type, flag, label, node, declaration }, index) =>
        at(`[${index}]`, () => {
          const isOptional = Boolean(flag & ts.ElementFlags.Optional);
          const read = this.#written.readElement(node, { type, site, isOptional });
          if (flag & ts.ElementFlags.Rest) return new RestType(new ArrayType(read));
          const titled =
            label === undefined || textOf(read, "title") ? read : new AnnotatedType(read, { title: label }, false);
          const documented = declaration ? this.#deps.annotator.annotate(titled, declaration) : titled;
          return isOptional ? new OptionalType(documented) : documented;
        }),
      ),
    );
  }

  #arrayOf(element: ts.Type, site: ts.Node): BaseType {
    return at("[]", () => new ArrayType(this.#convert(element, site)));
  }

  /** Returns the elements that an object type lists as properties: `{ 0: string; 1: number }`. */
  #fixedElements(type: ts.Type): Element[] {
    const elements: Element[] = [];
    for (let index = 0; ; index++) {
      const property = type.getProperty(String(index));
      if (!property || property.flags & ts.SymbolFlags.Optional) return elements;
      elements.push({ type: this.#deps.checker.getTypeOfSymbol(property), flag: ts.ElementFlags.Required });
    }
  }

  /**
   * Checks for an object type with no other members than those that every array has.
   * @param list The array, if its own members count as well, however the object type declares them
   */
  #addsNothing(type: ts.Type, list?: ts.IntersectionType): boolean {
    const { checker, library } = this.#deps;
    const isNumber = (property: ts.Symbol): boolean =>
      (checker.getTypeOfSymbol(property).flags & ts.TypeFlags.Number) !== 0 || this.#literalLengths(type).length > 0;
    const arrays = list?.types.filter((member) => checker.isArrayLikeType(member)) ?? [];
    const shared = arrays.flatMap((array) => checker.getPropertiesOfType(array)).filter((own) => library.declares(own));
    const isOfArrays = (property: ts.Symbol): boolean => {
      const needed = checker.getTypeOfSymbol(property);
      const isNeeded = (own: ts.Symbol): boolean => checker.isTypeAssignableTo(checker.getTypeOfSymbol(own), needed);
      return shared.some((own) => own.escapedName === property.escapedName && isNeeded(own));
    };
    const fixed = this.#fixedElements(type).length;
    return checker.getPropertiesOfType(type).every((property) => {
      if (property.name === "length") return isNumber(property);
      return Number(property.name) < fixed || library.declares(property) || isOfArrays(property);
    });
  }

  /** Returns the lengths that a type allows if it lists them. */
  #literalLengths(type: ts.Type): readonly number[] {
    const property = type.getProperty("length");
    const length = property && this.#deps.checker.getTypeOfSymbol(property);
    if (!length) return [];
    const members = length.isUnion() ? length.types : [length];
    const literals = members.filter((member) => member.isNumberLiteral());
    return literals.length === members.length ? literals.map(({ value }) => value) : [];
  }

  #refuse(type: ts.Type, site: ts.Node): UnsupportedTypeError {
    return new UnsupportedTypeError(problems.unsupportedType(this.#print(type), "Use a plain array: T[]."), site);
  }

  #print(type: ts.Type): string {
    return this.#deps.checker.typeToString(type);
  }
}
