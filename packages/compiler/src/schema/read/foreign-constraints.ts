import type { Annotations } from "ts-json-schema-generator";
import ts from "typescript";
import { INTEGER } from "../marks.ts";
import { constraintSubject, expectedValue } from "./tag-rules.ts";

/** Property of the tags of typia: `{ "typia.tag"?: { kind: "minimum"; value: 1; … } }`. */
export const TYPIA_TAG = "typia.tag";

/** A constraint that another library declares, as keywords or as a name that is not understood. */
export type ForeignConstraint = { readonly keywords: Annotations } | { readonly unread: string };

/** Numbers of `tags.Type<…>`. */
const NUMBER_TYPES: ReadonlyMap<unknown, Annotations> = new Map([
  ...[8, 16, 32].flatMap((bits): (readonly [string, Annotations])[] => [
    [`int${bits}`, { [INTEGER]: true, minimum: -(2 ** (bits - 1)), maximum: 2 ** (bits - 1) - 1 }],
    [`uint${bits}`, { [INTEGER]: true, minimum: 0, maximum: 2 ** bits - 1 }],
  ]),
  ["int64", { [INTEGER]: true }],
  ["uint64", { [INTEGER]: true, minimum: 0 }],
  ["float", {}],
  ["double", {}],
]);

/** Reads a tag of typia; undefined for other types. */
export function readTypiaTag(type: ts.Type, checker: ts.TypeChecker): ForeignConstraint | undefined {
  const tag = type.flags & ts.TypeFlags.Object ? type.getProperty(TYPIA_TAG) : undefined;
  if (!tag) return undefined;
  const fields = checker.getNonNullableType(checker.getTypeOfSymbol(tag));
  const valueOf = (name: string): Literal => {
    const field = fields.getProperty(name);
    return field && literalValue(checker.getTypeOfSymbol(field));
  };
  const [kind, value] = [valueOf("kind"), valueOf("value")];
  const keywords = keywordsOf(kind, value);
  return keywords ? { keywords } : { unread: typeof kind === "string" ? kind : checker.typeToString(type) };
}

function keywordsOf(kind: Literal, value: Literal): Annotations | undefined {
  if (kind === "type") return NUMBER_TYPES.get(value);
  return isConstraint(kind, value) ? { [kind]: value } : undefined;
}

function isConstraint(keyword: unknown, value: unknown): keyword is string {
  return (
    typeof keyword === "string" &&
    (keyword === "format" || constraintSubject(keyword) !== undefined) &&
    expectedValue(keyword, value) === undefined
  );
}

/** Words for keywords that brands use: `number & { readonly __min: 1 }`. */
const KEYWORDS: ReadonlyMap<string, string> = new Map([
  ["min", "minimum"],
  ["max", "maximum"],
  ["regex", "pattern"],
]);

/**
 * Returns the names of a brand's properties that look like constraints: a keyword with a literal
 * value that the keyword may have.
 */
export function findBrandConstraints(brand: ts.Type, checker: ts.TypeChecker, isNested = false): string[] {
  if (!(brand.flags & ts.TypeFlags.Object)) return [];
  return checker.getPropertiesOfType(brand).flatMap((property) => {
    // The checker calls a property with a symbol as its key `__@KEY@204`.
    const name = property.name.replace(/^__@(.*)@\d+$/s, "$1");
    const word = name.replaceAll(/^[^a-z]+|[^a-z]+$/gi, "");
    const type = checker.getNonNullableType(checker.getTypeOfSymbol(property));
    if (isConstraint(KEYWORDS.get(word) ?? word, literalValue(type))) return [name];
    return isNested ? [] : findBrandConstraints(type, checker, true);
  });
}

/** A literal type's value. */
type Literal = string | number | boolean | undefined;

/** Returns the value of a literal type; undefined for other types, and for a `bigint`. */
export function literalValue(type: ts.Type): Literal {
  if (type.isStringLiteral() || type.isNumberLiteral()) return type.value;
  if (!(type.flags & ts.TypeFlags.BooleanLiteral)) return undefined;
  return (type as { readonly intrinsicName?: string }).intrinsicName === "true";
}
