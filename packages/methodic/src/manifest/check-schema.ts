import { withRootType } from "./discriminated-union.ts";
import type { JsonSchema } from "./format.ts";
import { findHeaderProblems, HEADER_KEYWORD } from "./header-parameters.ts";
import { isSchema, resolvePointer, schemaKeyword, walkSchema } from "./schema-walk.ts";
import { didYouMean } from "../util/did-you-mean.ts";

/** Checks a keyword's value; returns the problem, if there is one. */
type ValueCheck = (value: unknown) => string | undefined;

/** A problem with a keyword's value, or with one of the schemas in it. */
interface KeywordProblem {
  /** The name or index of the schema inside the value. */
  readonly name?: string;
  readonly problem: string;
}

const TYPES = ["array", "boolean", "integer", "null", "number", "object", "string"];
const DIALECT = /^https?:\/\/json-schema\.org\/draft\/2020-12\/schema#?$/;

const checkNumber: ValueCheck = (value) => (typeof value === "number" ? undefined : "must be a number");
const checkNonNegativeInteger: ValueCheck = (value) =>
  Number.isInteger(value) && Number(value) >= 0 ? undefined : "must be an integer, 0 or more";
const checkBoolean: ValueCheck = (value) => (typeof value === "boolean" ? undefined : "must be true or false");
const checkString: ValueCheck = (value) => (typeof value === "string" ? undefined : "must be a string");
const checkArray: ValueCheck = (value) => (Array.isArray(value) ? undefined : "must be an array");
const checkPositive: ValueCheck = (value) =>
  typeof value === "number" && value > 0 ? undefined : "must be a number above 0";
const checkNames: ValueCheck = (value) =>
  Array.isArray(value) && value.every((name) => typeof name === "string") ? undefined : "must be an array of strings";

const checkType: ValueCheck = (value) => {
  const wrong = [value].flat().find((name) => !TYPES.includes(name as string));
  if (wrong === undefined) return [value].flat().length > 0 ? undefined : "must name a type";
  const suggestion = typeof wrong === "string" ? didYouMean(wrong, TYPES) : "";
  return `must not be ${JSON.stringify(wrong)}.${suggestion} The types are ${TYPES.join(", ")}`;
};

const checkPattern: ValueCheck = (value) => {
  if (typeof value !== "string") return "must be a string";
  try {
    // oxlint-disable-next-line no-new
    new RegExp(value, "u");
    return undefined;
  } catch {
    return `is not a regular expression (with the u flag): ${value}`;
  }
};

const checkDialect: ValueCheck = (value) =>
  typeof value === "string" && DIALECT.test(value)
    ? undefined
    : `is ${JSON.stringify(value)}, and MCP requires 2020-12. Remove $schema once the schema follows 2020-12`;

const refuseKeyword =
  (fix: string): ValueCheck =>
  () =>
    `is not supported. ${fix}`;

/** Keywords that hold no schemas. Unknown keywords are annotations. */
const VALUE_CHECKS: { readonly [keyword: string]: ValueCheck } = {
  $schema: checkDialect,
  $dynamicRef: refuseKeyword("Write a $ref"),
  $recursiveRef: refuseKeyword("Write a $ref"),
  type: checkType,
  required: checkNames,
  enum: checkArray,
  format: checkString,
  title: checkString,
  description: checkString,
  pattern: checkPattern,
  minimum: checkNumber,
  maximum: checkNumber,
  exclusiveMinimum: checkNumber,
  exclusiveMaximum: checkNumber,
  multipleOf: checkPositive,
  minLength: checkNonNegativeInteger,
  maxLength: checkNonNegativeInteger,
  minItems: checkNonNegativeInteger,
  maxItems: checkNonNegativeInteger,
  minContains: checkNonNegativeInteger,
  maxContains: checkNonNegativeInteger,
  minProperties: checkNonNegativeInteger,
  maxProperties: checkNonNegativeInteger,
  uniqueItems: checkBoolean,
  additionalItems: refuseKeyword("In 2020-12 it is items, after prefixItems"),
  dependencies: refuseKeyword("In 2020-12 it is dependentRequired or dependentSchemas"),
};

/**
 * Finds problems that keep a schema in a decorator from being published: those of any schema, and
 * for an input those of its root and its headers.
 */
export function findDecoratorSchemaProblems(root: JsonSchema, side: "input" | "output"): readonly string[] {
  if (side === "output") return findSchemaProblems(root);
  const { type, anyOf = root["oneOf"] } = withRootType(root);
  const advice =
    anyOf === undefined ? "" : ". Give the alternatives a required property with a different constant in each";
  const rootProblems =
    type === "object"
      ? []
      : [`type: must be "object" at the root, as MCP requires, not ${JSON.stringify(type)}${advice}`];
  // A misspelled type of the root is one mistake, and the nearest type may be another one.
  const problems = findSchemaProblems(root).filter((problem) => !(rootProblems[0] && problem.startsWith("type: ")));
  return [
    ...rootProblems,
    ...problems,
    ...findHeaderProblems(root).map(({ path, problem }) => `${[...path, HEADER_KEYWORD].join("/")}: ${problem}`),
  ];
}

/**
 * Finds problems that keep a schema from being published and used as a JSON Schema (2020-12). Only
 * cheap checks are made.
 * @returns problems, each with its place: `properties/limit/type: must be …`
 */
export function findSchemaProblems(root: JsonSchema): readonly string[] {
  const problems: string[] = [];
  walkSchema(root, (schema, path) => {
    for (const [keyword, value] of Object.entries(schema)) {
      for (const { name, problem } of findKeywordProblems(keyword, value, { root, isRoot: path.length === 0 }))
        problems.push(`${[...path, keyword, ...(name === undefined ? [] : [name])].join("/")}: ${problem}`);
    }
  });
  return problems;
}

function findKeywordProblems(
  keyword: string,
  value: unknown,
  { root, isRoot }: { readonly root: JsonSchema; readonly isRoot: boolean },
): readonly KeywordProblem[] {
  if (Object.hasOwn(VALUE_CHECKS, keyword)) return problemsOf(VALUE_CHECKS[keyword]?.(value));
  switch (schemaKeyword(keyword)?.form) {
    case "schema":
      return problemsOf(Array.isArray(value) ? TUPLE : checkSchema(value));
    case "list":
      if (!Array.isArray(value) || value.length === 0) return problemsOf("must be an array of schemas");
      return Object.entries(value).flatMap(([name, item]) => problemsOf(checkSchema(item), name));
    case "map":
      if (!isSchema(value)) return problemsOf("must be an object of schemas");
      return Object.entries(value).flatMap(([name, item]) => [
        ...(keyword === "patternProperties" ? problemsOf(checkPattern(name), name) : []),
        ...problemsOf(checkSchema(item), name),
      ]);
  }
  // References to other documents are refused: nothing is ever fetched.
  if (keyword === "$ref" && !leadsToSchema(value, root))
    return problemsOf(`${JSON.stringify(value)} leads nowhere in this schema. Use "#/$defs/…"`);
  return keyword === "$id" && !isRoot ? problemsOf("is not supported below the root. Use $defs and $ref") : [];
}

function problemsOf(problem: string | undefined, name?: string): readonly KeywordProblem[] {
  return problem === undefined ? [] : [{ problem, ...(name !== undefined && { name }) }];
}

const TUPLE = "must be one schema. In 2020-12 the schemas of a tuple belong in prefixItems";

function checkSchema(value: unknown): string | undefined {
  if (typeof value === "boolean" || isSchema(value)) return undefined;
  return `must be a schema, not ${Array.isArray(value) ? "an array" : JSON.stringify(value)}`;
}

function leadsToSchema(reference: unknown, root: JsonSchema): boolean {
  const target = typeof reference === "string" ? resolvePointer(root, reference) : undefined;
  return typeof target === "boolean" || isSchema(target);
}
