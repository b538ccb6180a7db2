import type { MemberKind } from "methodic/manifest";
import ts from "typescript";
import type { MethodicSymbols } from "./methodic-symbols.ts";

const OPTIONAL = ["annotations", "_meta"];
const LINK_OPTIONAL = ["title", "description", "mimeType", "size", "icons", ...OPTIONAL];

/** The properties of each kind of content block: those it must have, and those it may have. */
const BLOCKS: Readonly<Record<string, readonly [required: readonly string[], optional: readonly string[]]>> = {
  text: [["text"], OPTIONAL],
  image: [["data", "mimeType"], OPTIONAL],
  audio: [["data", "mimeType"], OPTIONAL],
  resource: [["resource"], OPTIONAL],
  resource_link: [["uri", "name"], LINK_OPTIONAL],
};

/** The properties of a resource's contents, which are text or a blob. */
const CONTENTS = ["uri", "mimeType", "text", "blob", "_meta"];

/** The properties of results as handlers of the official SDK return them. */
const ENVELOPES = {
  tool: { content: "content", others: ["isError", "structuredContent", "_meta"] },
  resource: { content: "contents", others: ["_meta", "ttlMs", "cacheScope"] },
} as const;

/**
 * The form of MCP content that a type has: `named` if Methodic declares the type, `form` if any
 * other type has its properties, `envelope` for the object around content that the official SDK
 * wants, `unclear` for such an object whose items may be anything.
 */
export type ContentForm = "named" | "form" | "envelope" | "unclear";

/**
 * Recognizes types of MCP content. At run time data could have the same form, so only the type can
 * tell the two apart.
 */
export class ContentTypes {
  readonly #checker: ts.TypeChecker;
  readonly #symbols: MethodicSymbols;

  constructor(checker: ts.TypeChecker, symbols: MethodicSymbols) {
    this.#checker = checker;
    this.#symbols = symbols;
  }

  /** Finds the form of content in the result of a component; undefined for other data. */
  formOf(type: ts.Type, kind: MemberKind): ContentForm | undefined {
    if (this.#isNamed(type)) return "named";
    const items = this.#itemsOf(type);
    if (items) return this.#formOfItems(items, kind);
    return this.#formOfEnvelope(type, kind) ?? (this.#hasForm(type, kind) ? "form" : undefined);
  }

  #formOfItems(items: readonly ts.Type[], kind: MemberKind): ContentForm | undefined {
    const others = items.filter((item) => !isTextType(item));
    if (others.length === 0) return undefined;
    if (others.every((item) => this.#isNamed(item))) return "named";
    return others.every((item) => this.#isNamed(item) || this.#hasForm(item, kind)) ? "form" : undefined;
  }

  #formOfEnvelope(type: ts.Type, kind: MemberKind): ContentForm | undefined {
    if (kind === "prompt") return undefined;
    const { content, others } = ENVELOPES[kind];
    const inside = this.#typeOf(type, content);
    const items = inside && this.#itemsOf(inside);
    if (!items) return undefined;
    const isComplete = this.#hasOnly(type, [content, ...others]);
    // The items of `content: []` have the type never.
    const isBlock = (item: ts.Type): boolean =>
      (item.flags & ts.TypeFlags.Never) !== 0 || this.#isNamed(item) || this.#hasForm(item, kind);
    if (isComplete && items.every((item) => isBlock(item))) return "envelope";
    // With `isError`, items of any type and other properties are likely to be the SDK's, too.
    const hasFlag = this.#typeOf(type, "isError") !== undefined;
    const mayBe = (item: ts.Type): boolean =>
      isBlock(item) || this.#mayBeBlock(item) || (hasFlag && (item.flags & ts.TypeFlags.Unknown) !== 0);
    const isUnclear = (hasFlag || isComplete) && items.every((item) => mayBe(item));
    return kind === "tool" && isUnclear ? "unclear" : undefined;
  }

  #isNamed(type: ts.Type): boolean {
    return this.#symbols.contentTypeName(type) !== undefined;
  }

  /** Checks for the properties of a block or, in a resource, of contents. */
  #hasForm(type: ts.Type, kind: MemberKind): boolean {
    if (kind === "resource" && this.#isContents(type)) return true;
    const name = this.#literalOf(type, "type") ?? "";
    const [required, optional] = (Object.hasOwn(BLOCKS, name) && BLOCKS[name]) || [];
    if (!required || !optional || !this.#hasOnly(type, ["type", ...required, ...optional])) return false;
    if (name !== "resource") return required.every((key) => this.#isText(type, key));
    const resource = this.#typeOf(type, "resource");
    return resource !== undefined && membersOf(resource).every((member) => this.#isContents(member));
  }

  #isContents(type: ts.Type): boolean {
    const hasBody = this.#isText(type, "text") || this.#isText(type, "blob");
    return hasBody && this.#isText(type, "uri") && this.#hasOnly(type, CONTENTS);
  }

  /** Checks for a block whose `type` is any text, or for `any`. */
  #mayBeBlock(type: ts.Type): boolean {
    if (type.flags & ts.TypeFlags.Any) return true;
    return this.#isText(type, "type") && Object.values(BLOCKS).some(([[key = ""]]) => this.#typeOf(type, key));
  }

  /**
   * Checks that a type has no other properties. Those that are only `undefined` come from the other
   * literals of a union.
   */
  #hasOnly(type: ts.Type, names: readonly string[]): boolean {
    return this.#checker
      .getPropertiesOfType(type)
      .every(({ name }) => names.includes(name) || this.#typeOf(type, name)?.flags === ts.TypeFlags.Never);
  }

  /** Returns the types of the items of an array, a tuple, or a union of these. */
  #itemsOf(type: ts.Type): readonly ts.Type[] | undefined {
    const lists = membersOf(type);
    if (!lists.every((list) => this.#checker.isArrayType(list) || this.#checker.isTupleType(list))) return undefined;
    return lists.flatMap((list) => this.#checker.getTypeArguments(list as ts.TypeReference).flatMap(membersOf));
  }

  #typeOf(type: ts.Type, name: string): ts.Type | undefined {
    const property = this.#checker.getPropertyOfType(type, name);
    return property && this.#checker.getNonNullableType(this.#checker.getTypeOfSymbol(property));
  }

  #isText(type: ts.Type, name: string): boolean {
    const found = this.#typeOf(type, name);
    return found !== undefined && isTextType(found);
  }

  /**
   * Returns the text of a property's literal type. In an object literal without `as const`,
   * TypeScript widens the type to string, but the declaration still holds the text.
   */
  #literalOf(type: ts.Type, name: string): string | undefined {
    const found = this.#typeOf(type, name);
    if (found?.isStringLiteral()) return found.value;
    const declaration = this.#checker.getPropertyOfType(type, name)?.valueDeclaration;
    const value = declaration && ts.isPropertyAssignment(declaration) ? declaration.initializer : undefined;
    return value && ts.isStringLiteralLike(value) ? value.text : undefined;
  }
}

function membersOf(type: ts.Type): readonly ts.Type[] {
  return type.isUnion() ? type.types : [type];
}

/** Checks for a type of text: `string`, its literals, and branded strings. */
export function isTextType(type: ts.Type): boolean {
  if (type.flags & ts.TypeFlags.StringLike) return true;
  return type.isIntersection() && type.types.some((member) => member.flags & ts.TypeFlags.StringLike);
}
