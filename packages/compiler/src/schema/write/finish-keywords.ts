import { keepTypeName, withTypeName, type JsonValue } from "methodic/manifest";
import { problems } from "../../diagnostics/catalog.ts";
import { DATE_ONLY, INTEGER, MEMBER, REVIVED, TEMPLATE } from "../marks.ts";
import { findContradiction } from "../read/combine-keywords.ts";
import type { MutableSchema } from "./fold-branches.ts";
import { SchemaConversionError } from "./raw-schema.ts";

/** Keywords in the order of publication; all others follow. */
const KEYWORD_ORDER = [
  "$ref",
  "title",
  "description",
  "deprecated",
  "type",
  "const",
  "enum",
  "format",
  "pattern",
  "anyOf",
  "properties",
  "required",
  "patternProperties",
  "additionalProperties",
  "propertyNames",
  "prefixItems",
  "items",
];

/** Replaces marks, rejects contradictory keywords, and sorts the rest for publication. */
export function finishKeywords({
  [INTEGER]: integer,
  [DATE_ONLY]: dateOnly,
  [MEMBER]: member,
  ...marked
}: MutableSchema): MutableSchema {
  const schema = dateOnly ? withoutTime(marked) : marked;
  if (integer) schema["type"] = "integer";
  delete schema[TEMPLATE];
  const contradiction = findContradiction(schema);
  if (contradiction) throw new SchemaConversionError(problems.contradictoryConstraints(...contradiction));
  const known = KEYWORD_ORDER.filter((keyword) => keyword in schema);
  const others = Object.keys(schema).filter((keyword) => !KEYWORD_ORDER.includes(keyword));
  const sorted = [...known, ...others].map((keyword) => [keyword, schema[keyword] as JsonValue]);
  const finished = keepTypeName(Object.fromEntries(sorted) as MutableSchema, schema);
  return typeof member === "string" ? withTypeName(finished, member) : finished;
}

/**
 * Applies `@format date` to a type with a `Date`. Dates in results keep their time, which
 * `Date.toJSON` writes.
 */
function withoutTime(schema: MutableSchema): MutableSchema {
  const { anyOf, type, format, [REVIVED]: revived } = schema;
  const isText = revived === undefined && format === undefined && [type].flat().includes("string");
  if (revived === "date" || isText) return { ...schema, format: "date" };
  if (!Array.isArray(anyOf)) return schema;
  return { ...schema, anyOf: anyOf.map((branch) => withoutTime(branch as MutableSchema)) };
}
