import { AnnotatedType, ArrayType, LiteralType, ObjectType, StringType, type BaseType } from "ts-json-schema-generator";
import ts from "typescript";
import { problems } from "../../diagnostics/catalog.ts";
import { isAnyName } from "./index-signatures.ts";
import { REVIVED } from "../marks.ts";
import { enumMember } from "./enum-values.ts";
import type { StandardType } from "./library-types.ts";
import { NamedProperty } from "./object-formatter.ts";
import type { TypeReaderDeps } from "./reader-deps.ts";
import { templatePattern } from "./template-pattern.ts";
import { isDataProperty } from "./uninhabited-types.ts";
import type { WrittenTypes } from "./written-types.ts";
import { at, UnsupportedTypeError } from "./unsupported-type.ts";

/** The text of a `Date`. */
export class DateText extends StringType {}

const DATE = { format: "date-time" };
const URI = { format: "uri" };
const INTEGER_TEXT = { pattern: String.raw`^-?(?:0|[1-9]\d*)$` };
// The pattern is for validators that ignore contentEncoding; `emit/validators.ts` replaces it with
// an exact check. It does not check for groups of four: such an expression overflows the stack of
// regular expression engines at a few megabytes.
const BASE64 = { contentEncoding: "base64", pattern: "^[A-Za-z0-9+/]*={0,2}$" };

const TEXTS: ReadonlyMap<string, readonly [mark: string, keywords: Readonly<Record<string, string>>]> = new Map([
  ["Date", ["date", DATE]],
  ["URL", ["url", URI]],
  ["Uint8Array", ["bytes", BASE64]],
  ["Buffer", ["buffer", BASE64]],
]);

const SETS: ReadonlySet<string> = new Set(["Set", "ReadonlySet"]);
const MAPS: ReadonlySet<string> = new Set(["Map", "ReadonlyMap"]);

const KEY_HINT = "Use Map<string, V>, or an array of { key, value } objects.";

/** Names of the standard types with a JSON form. */
export const VALUES: ReadonlySet<string> = new Set([...TEXTS.keys(), ...SETS, ...MAPS]);

/** Reads the standard types that have a JSON form and that methods receive revived. */
export class ValueReader {
  readonly #deps: TypeReaderDeps;
  readonly #written: WrittenTypes;
  #count = 0;

  constructor(deps: TypeReaderDeps, written: WrittenTypes) {
    this.#deps = deps;
    this.#written = written;
  }

  /** Returns the JSON form of `bigint`, or of one of its literals. */
  readBigInt(type: ts.Type): BaseType {
    if (!(type.flags & ts.TypeFlags.BigIntLiteral)) return this.#mark(new StringType(), "bigint", INTEGER_TEXT);
    const { negative, base10Value } = (type as ts.BigIntLiteralType).value;
    return this.#mark(new LiteralType(`${negative ? "-" : ""}${base10Value}`), "bigint");
  }

  /** Finds the member of an intersection that has its own JSON form. */
  findIn(members: readonly ts.Type[]): ts.Type | undefined {
    return members.find((member) => this.#deps.library.findStandard(member, VALUES));
  }

  /** Returns the JSON form of a standard type, or of one that extends it, if there is one. */
  read(type: ts.Type, site: ts.Node): BaseType | undefined {
    const standard = this.#deps.library.findStandard(type, VALUES);
    if (!standard) return undefined;
    const { name } = standard;
    if (this.#deps.direction === "input") this.#refuseOwnMembers(standard, site);
    else if (this.#hasOwnForm(standard)) return undefined;
    const text = TEXTS.get(name);
    if (text) return this.#mark(name === "Date" ? new DateText() : new StringType(), text[0], text[1]);
    return SETS.has(name) ? this.#readSet(standard, site) : this.#readMap(standard, site);
  }

  /** Checks for a subclass whose own `toJSON` decides its JSON form. */
  #hasOwnForm({ type, name }: StandardType): boolean {
    const toJson = type.getProperty("toJSON");
    // Bytes and URLs are sent without it.
    const isCalled = name === "Date" || SETS.has(name) || MAPS.has(name);
    return isCalled && toJson !== undefined && !this.#deps.library.declares(toJson);
  }

  /** Refuses a subclass with members: a method receives the standard value, which lacks them. */
  #refuseOwnMembers({ type, standard, name }: StandardType, site: ts.Node): void {
    const { checker } = this.#deps;
    const own = checker
      .getPropertiesOfType(type)
      .find((property) => isDataProperty(property) && !standard.getProperty(property.name));
    if (own)
      throw new UnsupportedTypeError(
        problems.noJsonForm(
          checker.typeToString(type),
          `Use ${name}: a method receives a plain ${name}, without '${own.name}'.`,
        ),
        site,
      );
  }

  /**
   * Returns the type arguments of the standard type behind a type. Those of a subclass are only
   * known from the parameters of the function that `forEach` takes.
   */
  #typeArguments({ type, standard }: StandardType): readonly ts.Type[] {
    const { checker } = this.#deps;
    if (type === standard) return checker.getTypeArguments(type as ts.TypeReference);
    const parametersOf = (callable: ts.Type | undefined): readonly ts.Type[] =>
      callable?.getCallSignatures()[0]?.parameters.map((parameter) => checker.getTypeOfSymbol(parameter)) ?? [];
    const forEach = type.getProperty("forEach");
    const [value, key] = parametersOf(forEach && parametersOf(checker.getTypeOfSymbol(forEach))[0]);
    return [key, value].filter((argument) => argument !== undefined);
  }

  #readSet(set: StandardType, site: ts.Node): BaseType {
    const [element] = this.#typeArguments(set);
    if (!element)
      throw new UnsupportedTypeError(problems.openTypeParameter(this.#deps.checker.typeToString(set.type)), site);
    const elements = at("[]", () => this.#written.readArgument(set.standard, 0, { type: element, site }));
    return this.#mark(new ArrayType(elements), "set", { uniqueItems: true });
  }

  #readMap(map: StandardType, site: ts.Node): BaseType {
    const { annotator, checker } = this.#deps;
    const { type } = map;
    const [key, value] = this.#typeArguments(map);
    if (!key || !value) throw new UnsupportedTypeError(problems.openTypeParameter(checker.typeToString(type)), site);
    const id = `map${this.#count++}`;
    const values = at("[key]", () => this.#written.readArgument(map.standard, 1, { type: value, site }));
    const names = key.isUnion() ? this.#deps.order.sortTypes([...key.types], site) : [key];
    if (names.every((name) => isAnyName(name))) {
      for (const name of names) this.#deps.constraints.warnOfKey(name, site);
      return this.#mark(new ObjectType(id, [], [], values), "map");
    }
    if (names.every((name) => name.isStringLiteral())) {
      const properties = names.map((name) => {
        const member = enumMember(name);
        const documented = member ? annotator.annotate(values, member, true) : values;
        return new NamedProperty(name.value, documented, false);
      });
      return this.#mark(new ObjectType(id, [], properties, false), "map");
    }
    const pattern =
      key.flags & ts.TypeFlags.TemplateLiteral ? templatePattern(key as ts.TemplateLiteralType) : undefined;
    if (pattern === undefined)
      throw new UnsupportedTypeError(problems.noJsonForm(checker.typeToString(type), KEY_HINT), site);
    return this.#mark(new ObjectType(id, [], [], values), "map", { propertyNames: { pattern } });
  }

  /** Marks a type as revived. Results are not revived and get no mark. */
  #mark(type: BaseType, mark: string, keywords: Readonly<Record<string, unknown>> = {}): BaseType {
    const marked = this.#deps.direction === "input" ? { ...keywords, [REVIVED]: mark } : keywords;
    return Object.keys(marked).length > 0 ? new AnnotatedType(type, marked, false) : type;
  }
}
