import type { JsonSchema } from "../manifest/format.ts";
import { didYouMean } from "../util/did-you-mean.ts";

type Report = (at: string, problem: string) => void;
/** Says what is wrong with a keyword's value, or nothing. */
type Rule = (value: unknown) => string | undefined;

const TYPES = ["array", "boolean", "integer", "null", "number", "object", "string"];
const DIALECT = /^https?:\/\/json-schema\.org\/draft\/2020-12\/schema#?$/;

const isNumber: Rule = (value) => (typeof value === "number" ? undefined : "must be a number");
const isCount: Rule = (value) => (Number.isInteger(value) && Number(value) >= 0 ? undefined : "must be 0, 1, 2 …");
const isFlag: Rule = (value) => (typeof value === "boolean" ? undefined : "must be true or false");
const isText: Rule = (value) => (typeof value === "string" ? undefined : "must be a string");
const isList: Rule = (value) => (Array.isArray(value) ? undefined : "must be an array");
const isPositive: Rule = (value) => (typeof value === "number" && value > 0 ? undefined : "must be a number above 0");
const areNames: Rule = (value) =>
  Array.isArray(value) && value.every((name) => typeof name === "string") ? undefined : "must be an array of strings";

const isType: Rule = (value) => {
  const wrong = [value].flat().find((name) => !TYPES.includes(name as string));
  if (wrong === undefined) return [value].flat().length > 0 ? undefined : "must name a type";
  return `must be of ${TYPES.join(", ")}, and is ${JSON.stringify(wrong)}.${typeof wrong === "string" ? didYouMean(wrong, TYPES) : ""}`;
};

const isPattern: Rule = (value) => {
  if (typeof value !== "string") return "must be a string";
  try {
    // oxlint-disable-next-line no-new
    new RegExp(value, "u");
    return undefined;
  } catch {
    return `is no regular expression (with the flag u): ${value}`;
  }
};

const isDialect: Rule = (value) =>
  typeof value === "string" && DIALECT.test(value)
    ? undefined
    : `says ${JSON.stringify(value)}, and MCP wants 2020-12 here. Leave $schema out once the schema is one of 2020-12`;

const unsupported =
  (fix: string): Rule =>
  () =>
    `is not supported. ${fix}`;

/** Keywords with a value that is no schema. Unknown keywords are annotations. */
const RULES: { readonly [keyword: string]: Rule } = {
  $schema: isDialect,
  $dynamicRef: unsupported("Write a $ref"),
  $recursiveRef: unsupported("Write a $ref"),
  type: isType,
  required: areNames,
  enum: isList,
  format: isText,
  title: isText,
  description: isText,
  pattern: isPattern,
  minimum: isNumber,
  maximum: isNumber,
  exclusiveMinimum: isNumber,
  exclusiveMaximum: isNumber,
  multipleOf: isPositive,
  minLength: isCount,
  maxLength: isCount,
  minItems: isCount,
  maxItems: isCount,
  minContains: isCount,
  maxContains: isCount,
  minProperties: isCount,
  maxProperties: isCount,
  uniqueItems: isFlag,
  additionalItems: unsupported("In 2020-12 it is items, beside prefixItems"),
  dependencies: unsupported("In 2020-12 it is dependentRequired or dependentSchemas"),
};
const ONE_SCHEMA: ReadonlySet<string> = new Set(
  "items contains additionalProperties propertyNames unevaluatedItems unevaluatedProperties not if then else".split(
    " ",
  ),
);
const SCHEMA_LISTS: ReadonlySet<string> = new Set(["allOf", "anyOf", "oneOf", "prefixItems"]);
const SCHEMA_MAPS: ReadonlySet<string> = new Set(
  "$defs definitions properties patternProperties dependentSchemas".split(" "),
);

/**
 * Finds what keeps a value from being a JSON Schema (2020-12) that can be published and checked: as much as is cheap to see.
 * @returns problems, each beginning with the place: `properties/limit/type: must be …`
 */
export function findSchemaProblems(schema: JsonSchema): readonly string[] {
  const problems: string[] = [];
  const report: Report = (at, problem) => void problems.push(`${at || "its root"}: ${problem}`);
  visit(schema, "", { root: schema, report });
  return problems;
}

interface Visit {
  readonly root: JsonSchema;
  readonly report: Report;
}

function visit(schema: unknown, at: string, visiting: Visit): void {
  if (typeof schema === "boolean") return;
  if (typeof schema !== "object" || schema === null || Array.isArray(schema))
    return visiting.report(
      at,
      `must be a schema, and is ${Array.isArray(schema) ? "an array" : JSON.stringify(schema)}`,
    );
  for (const [keyword, value] of Object.entries(schema)) {
    visitKeyword(keyword, value, { ...visiting, at: at === "" ? keyword : `${at}/${keyword}`, isRoot: at === "" });
  }
}

function visitKeyword(
  keyword: string,
  value: unknown,
  visiting: Visit & { readonly at: string; readonly isRoot: boolean },
): void {
  const { at, report, root, isRoot } = visiting;
  if (ONE_SCHEMA.has(keyword)) {
    if (Array.isArray(value)) report(at, "must be one schema. In 2020-12 the schemas of a tuple stand in prefixItems");
    else visit(value, at, visiting);
  } else if (SCHEMA_LISTS.has(keyword)) {
    if (!Array.isArray(value) || value.length === 0) report(at, "must be an array of schemas");
    else for (const [i, one] of value.entries()) visit(one, `${at}/${i}`, visiting);
  } else if (SCHEMA_MAPS.has(keyword)) {
    visitMap(keyword, value, visiting);
  } else if (keyword === "$ref") {
    if (!isLocal(value, root)) report(at, `${JSON.stringify(value)} leads nowhere in this schema. Use "#/$defs/…"`);
  } else if (keyword === "$id" && !isRoot) {
    report(at, "is not supported below the root. Use $defs and $ref");
  } else {
    const problem = Object.hasOwn(RULES, keyword) ? RULES[keyword]?.(value) : undefined;
    if (problem !== undefined) report(at, problem);
  }
}

function visitMap(keyword: string, value: unknown, visiting: Visit & { readonly at: string }): void {
  const { at, report } = visiting;
  if (typeof value !== "object" || value === null || Array.isArray(value))
    return report(at, "must be an object of schemas");
  for (const [name, one] of Object.entries(value)) {
    const problem = keyword === "patternProperties" ? isPattern(name) : undefined;
    if (problem !== undefined) report(`${at}/${name}`, problem);
    visit(one, `${at}/${name}`, visiting);
  }
}

/** Whether a reference leads to a schema of the same document: nothing is fetched, ever. */
function isLocal(ref: unknown, root: JsonSchema): boolean {
  if (typeof ref !== "string" || !/^#(?:\/|$)/.test(ref)) return false;
  let target: unknown = root;
  for (const token of ref.split("/").slice(1)) {
    const key = decodePointer(token);
    if (key === undefined || typeof target !== "object" || target === null || !Object.hasOwn(target, key)) return false;
    target = (target as { readonly [key: string]: unknown })[key];
  }
  return typeof target === "boolean" || (typeof target === "object" && target !== null);
}

function decodePointer(token: string): string | undefined {
  try {
    return decodeURIComponent(token).replaceAll("~1", "/").replaceAll("~0", "~");
  } catch {
    return undefined;
  }
}
