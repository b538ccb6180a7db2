import { isAnnotation, isSchema, type JsonSchema } from "methodic/manifest";
import type ts from "typescript";
import { problems, type Problem } from "../diagnostics/catalog.ts";
import type { LocatedProblem } from "../diagnostics/locate.ts";
import { dropInvalidDefaults } from "../schema/finished-schema.ts";
import { NAMES } from "../schema/marks.ts";
import { formatTypePath } from "../schema/read/unsupported-type.ts";
import type { SiteCompilation, SiteDeps } from "./compile-sites.ts";
import { PropertyPlaces } from "./property-places.ts";

/**
 * Compiles a call of `Context.elicit`: the form of its type, a flat object schema (MCP 2025-11-25,
 * "Requested Schema").
 */
export function compileForm(type: ts.TypeNode, { schemas, project }: SiteDeps): SiteCompilation {
  const made = schemas.createWholeInput({ kind: "node", node: type });
  if (!made.ok) return { problems: made.problems };
  const places = new PropertyPlaces(type, project);
  const found: LocatedProblem[] = [...made.warnings];
  const report = (problem: Problem, path: readonly string[]): void => void found.push(places.locate(problem, path));
  const schema = dropInvalidDefaults(made.schema, (path, value) =>
    report(problems.rejectedDefault(formatTypePath(path), JSON.stringify(value), "used"), path),
  );
  const { properties, required, additionalProperties, patternProperties } = schema;
  if (!isSchema(properties) || isSchema(additionalProperties) || patternProperties || schema["anyOf"])
    return { problems: [{ problem: problems.formNotObject(type.getText()), node: type }] };
  const revived = made.revival?.steps[0]?.object;
  const fields: Record<string, JsonSchema> = {};
  for (const [name, property] of Object.entries(properties as Record<string, JsonSchema>)) {
    const isRevived =
      revived !== undefined && "properties" in revived && typeof revived.properties?.[name] === "number";
    const field = isRevived
      ? undefined
      : toField(property, (keyword) => report(problems.formKeyword(name, keyword), [name]));
    if (field) fields[name] = field;
    else if (isNullable(property)) report(problems.nullableField(name), [name]);
    else report(problems.notFormField(name, places.typeAt([name])), [name]);
  }
  const data: JsonSchema = { type: "object", properties: fields, ...(required !== undefined && { required }) };
  return { data, problems: found };
}

/** The keywords that fields of one type have. */
const KEYWORDS: Readonly<Record<string, readonly string[]>> = {
  string: ["minLength", "maxLength", "format"],
  number: ["minimum", "maximum"],
  integer: ["minimum", "maximum"],
  boolean: [],
  array: ["items", "minItems", "maxItems"],
};

const FORMATS: readonly unknown[] = ["email", "uri", "date", "date-time"];

/** Converts the schema of a property to a field. Undefined if forms have no such field. */
function toField(schema: JsonSchema, report: (keyword: string) => void): JsonSchema | undefined {
  const choice = toChoice(schema, "oneOf");
  if (choice) return { ...textsOf(schema), ...choice };
  const { type, items, format } = schema;
  const allowed = typeof type === "string" ? KEYWORDS[type] : undefined;
  if (typeof type !== "string" || !allowed || "const" in schema || "enum" in schema) return undefined;
  const list = type === "array" && isSchema(items) ? toChoice(items, "anyOf") : undefined;
  if (type === "array" && !list) return undefined;
  const kept: Record<string, JsonSchema[string]> = {};
  for (const [keyword, value] of Object.entries(schema)) {
    if (allowed.includes(keyword)) kept[keyword] = value;
    else if (keyword !== "type" && !isAnnotation(keyword)) report(keyword);
  }
  if (format !== undefined && !FORMATS.includes(format)) report(`format ${String(format)}`);
  return { type, ...textsOf(schema), ...kept, ...(list && { items: list }) };
}

function isNullable({ type, anyOf, enum: values }: JsonSchema): boolean {
  const branches = Array.isArray(anyOf) ? anyOf.filter((branch) => isSchema(branch)) : [];
  return (
    (Array.isArray(type) && type.includes("null")) ||
    (Array.isArray(values) && values.includes(null)) ||
    branches.some((branch) => branch["type"] === "null")
  );
}

/** Keeps the annotations that fields have. */
function textsOf({ title, description, default: value }: JsonSchema): JsonSchema {
  return {
    ...(title !== undefined && { title }),
    ...(description !== undefined && { description }),
    ...(value !== undefined && { default: value }),
  };
}

/** Converts an enum of texts. The comments of its members become their titles. */
function toChoice(schema: JsonSchema, titled: "oneOf" | "anyOf"): JsonSchema | undefined {
  const { const: only, enum: values = only === undefined ? undefined : [only], [NAMES]: names } = schema;
  if (!Array.isArray(values) || !values.every((value) => typeof value === "string")) return undefined;
  const titles = titlesOf(names);
  if (titles.size === 0) return { type: "string", enum: values };
  const options = values.map((value) => ({ const: value, title: titles.get(value) ?? value }));
  return titled === "oneOf" ? { type: "string", oneOf: options } : { anyOf: options };
}

/** Reads the lines `"a": Title` of the mark of an enum's members. */
function titlesOf(names: unknown): ReadonlyMap<string, string> {
  const lines = typeof names === "string" ? names.split("\n") : [];
  const entries = lines.flatMap((line): (readonly [string, string])[] => {
    const [, value, title] = /^("(?:[^"\\]|\\.)*"): (.*)$/.exec(line) ?? [];
    return value !== undefined && title !== undefined ? [[JSON.parse(value) as string, title]] : [];
  });
  return new Map(entries);
}
