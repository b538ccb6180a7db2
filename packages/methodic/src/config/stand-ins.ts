import { isIntegerPattern } from "../json-schema/wording.ts";
import { acceptedTypes } from "../json-schema/navigate.ts";
import type { JsonSchema, JsonValue } from "../manifest/format.ts";

/** Texts in the formats that types have. */
const TEXTS: Readonly<Record<string, string>> = {
  "date-time": "1970-01-01T00:00:00Z",
  date: "1970-01-01",
  time: "00:00:00Z",
  uri: "http://localhost/",
  url: "http://localhost/",
  email: "user@example.com",
  hostname: "localhost",
  ipv4: "127.0.0.1",
  ipv6: "::1",
  uuid: "00000000-0000-4000-8000-000000000000",
  duration: "PT0S",
};

/** Returns a value that fits a type, for a variable that is not set. */
export function standInFor(schema: JsonSchema): JsonValue {
  const { default: given, const: only, enum: values, anyOf } = schema;
  const [first] = (values ?? []) as readonly JsonValue[];
  const known = given ?? only ?? first;
  if (known !== undefined) return known;
  const [alternative] = (anyOf ?? []) as readonly JsonSchema[];
  if (alternative) return standInFor(alternative);
  const types = acceptedTypes(schema, schema);
  if (types.has("string")) return textFor(schema);
  if (types.has("number") || types.has("integer")) return numberFor(schema);
  if (types.has("boolean")) return false;
  return types.has("array") ? listFor(schema) : null;
}

function textFor({ format, pattern, minLength = 0 }: JsonSchema): string {
  if (typeof format === "string" && Object.hasOwn(TEXTS, format)) return TEXTS[format] ?? "";
  if (typeof pattern === "string" && isIntegerPattern(pattern)) return "0";
  return "x".repeat(Math.min(Number(minLength), 1000));
}

function numberFor({ minimum, exclusiveMinimum, maximum }: JsonSchema): number {
  const least = minimum ?? (exclusiveMinimum === undefined ? undefined : Number(exclusiveMinimum) + 1);
  return Number(least ?? Math.min(0, Number(maximum ?? 0)));
}

function listFor({ items, minItems = 0 }: JsonSchema): JsonValue[] {
  return Array.from({ length: Math.min(Number(minItems), 100) }, () => standInFor((items ?? {}) as JsonSchema));
}
