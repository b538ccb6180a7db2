import { formats, type JsonSchema, type JsonValue } from "methodic/manifest";
import type { CodeScope } from "./code-scope.ts";

/** Joins expressions: true if any of them is, and empty if none can be. */
export function any(expressions: readonly string[]): string {
  return expressions.filter((expression) => expression !== "").join("||");
}

/** Joins expressions: true if all of them are, and empty if one cannot be. */
export function every(expressions: readonly string[]): string {
  if (expressions.includes("")) return "";
  return expressions.length === 1 ? (expressions[0] as string) : expressions.map((one) => `(${one})`).join("&&");
}

/** Writes the test for a property. Its name may be one that all objects inherit. */
export function has(value: string, name: string): string {
  const isDefined = `${member(value, name)}!==undefined`;
  return name in Object.prototype ? `Object.hasOwn(${value},${JSON.stringify(name)})&&${isDefined}` : isDefined;
}

/** Writes the test for a property that is missing. */
export function lacks(value: string, name: string): string {
  return name in Object.prototype ? `!(${has(value, name)})` : `${member(value, name)}===undefined`;
}

/** Writes the access to a property. */
export function member(value: string, name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? `${value}.${name}` : `${value}[${JSON.stringify(name)}]`;
}

/**
 * Writes the keywords that hold no schemas, except `required`, as one expression that is true for
 * values that violate them: `typeof v!=="string"||v.length>5`. Empty if every value fits.
 */
export function writeViolation(keywords: JsonSchema, value: string, scope: CodeScope): string {
  const { type, enum: values, const: constant, format } = keywords;
  const types = type === undefined ? undefined : ([type].flat() as string[]);
  const groups = GROUPS.map(({ implied, guard, tests }) => {
    const found = Object.entries(tests).flatMap(([keyword, write]) =>
      keywords[keyword] === undefined ? [] : [write(keywords[keyword], value, scope)],
    );
    const isImplied = types !== undefined && types.every((name) => implied.includes(name));
    return isImplied || found.length === 0 ? any(found) : every([guard(value), any(found)]);
  });
  return any([
    types === undefined ? "" : every(types.map((name) => writeTypeTest(name, value))),
    constant === undefined ? "" : notAmong([constant], value, scope),
    values === undefined ? "" : notAmong(values as readonly JsonValue[], value, scope),
    ...groups,
    format === undefined ? "" : ofFormat(String(format), value, scope),
  ]);
}

function writeTypeTest(type: string, value: string): string {
  switch (type) {
    case "array":
      return `!Array.isArray(${value})`;
    case "object":
      return `!isObject(${value})`;
    case "null":
      return `${value}!==null`;
    // JSON has no infinity, but `JSON.parse("1e400")` is one.
    case "number":
      return `!Number.isFinite(${value})`;
    case "integer":
      return `!Number.isInteger(${value})`;
    case "string":
    case "boolean":
      return `typeof ${value}!=="${type}"`;
    default:
      throw new Error(`type must not be ${JSON.stringify(type)}`);
  }
}

// Beyond this, a set is faster than comparisons. Large enums would take as many for each item of a
// long array.
const MAX_COMPARED = 16;

function notAmong(values: readonly JsonValue[], value: string, scope: CodeScope): string {
  const objects = values.filter((one) => typeof one === "object" && one !== null);
  const scalars = values.filter((one) => typeof one !== "object" || one === null);
  const compared = scalars.map((one) => `${value}!==${JSON.stringify(one)}`);
  return (
    [
      ...(scalars.length > MAX_COMPARED ? [`!${scope.set(scalars)}.has(${value})`] : compared),
      ...objects.map((one) => {
        // Not a literal: `__proto__` in one would set the prototype.
        const constant = scope.constant(`JSON.parse(${JSON.stringify(JSON.stringify(one))})`);
        return `!${scope.helper("equal")}(${value},${constant})`;
      }),
    ].join("&&") || "true"
  );
}

type Write = (expected: JsonValue, value: string, scope: CodeScope) => string;

/** Keywords that apply to values of one type: the types that imply it, its test, the violations. */
const GROUPS: readonly {
  readonly implied: readonly string[];
  readonly guard: (value: string) => string;
  readonly tests: Readonly<Record<string, Write>>;
}[] = [
  {
    implied: ["number", "integer"],
    guard: (value) => `Number.isFinite(${value})`,
    tests: {
      maximum: (limit, value) => `${value}>${writeNumber(limit)}`,
      minimum: (limit, value) => `${value}<${writeNumber(limit)}`,
      exclusiveMaximum: (limit, value) => `${value}>=${writeNumber(limit)}`,
      exclusiveMinimum: (limit, value) => `${value}<=${writeNumber(limit)}`,
      // 0.07 is a multiple of 0.01, in spite of rounding.
      multipleOf: (factor, value) => {
        const quotient = `${value}/${writeNumber(factor)}`;
        return `Math.abs(Math.round(${quotient})-${quotient})>1e-8`;
      },
    },
  },
  {
    implied: ["string"],
    guard: (value) => `typeof ${value}==="string"`,
    tests: {
      maxLength: (limit, value, scope) => `${scope.helper("ucs2length")}(${value})>${writeNumber(limit)}`,
      minLength: (limit, value, scope) => `${scope.helper("ucs2length")}(${value})<${writeNumber(limit)}`,
      pattern: (pattern, value, scope) => `!${scope.pattern(pattern as string)}.test(${value})`,
    },
  },
  {
    implied: ["array"],
    guard: (value) => `Array.isArray(${value})`,
    tests: {
      maxItems: (limit, value) => `${value}.length>${writeNumber(limit)}`,
      minItems: (limit, value) => `${value}.length<${writeNumber(limit)}`,
    },
  },
  {
    implied: ["object"],
    guard: (value) => `isObject(${value})`,
    tests: {
      maxProperties: (limit, value) => `Object.keys(${value}).length>${writeNumber(limit)}`,
      minProperties: (limit, value) => `Object.keys(${value}).length<${writeNumber(limit)}`,
    },
  },
];

/** The keywords that {@link writeViolation} writes. */
export const SCALAR_KEYWORDS: ReadonlySet<string> = new Set([
  "type",
  "const",
  "enum",
  "format",
  ...GROUPS.flatMap(({ tests }) => Object.keys(tests)),
]);

/** The keywords that restrict values, as far as types are written with them. */
export const CHECKED_KEYWORDS: ReadonlySet<string> = new Set([
  ...SCALAR_KEYWORDS,
  ..."$ref allOf anyOf oneOf not if then else".split(" "),
  ..."items prefixItems contains minContains maxContains uniqueItems".split(" "),
  ..."properties patternProperties additionalProperties propertyNames".split(" "),
  ..."required dependentRequired dependentSchemas".split(" "),
]);

function writeNumber(limit: JsonValue): string {
  if (typeof limit !== "number") throw new Error(`a limit must be a number, not ${JSON.stringify(limit)}`);
  return limit < 0 ? `(${limit})` : String(limit);
}

/** Unknown formats are annotations (JSON Schema 2020-12, 7.2.3). */
function ofFormat(name: string, value: string, scope: CodeScope): string {
  const format = Object.hasOwn(formats, name) ? (formats[name] as Format) : true;
  const isPlain = typeof format === "function" || format instanceof RegExp;
  const { type = "string", validate } = isPlain || format === true ? { validate: format } : format;
  if (validate === true || validate === undefined) return "";
  const member = scope.constant(`${scope.helper("formats")}[${JSON.stringify(name)}]${isPlain ? "" : ".validate"}`);
  const test = validate instanceof RegExp ? `${member}.test` : member;
  return every([`typeof ${value}==="${type}"`, `!${test}(${value})`]);
}

/** A format of ajv-formats: its test, or the test with the type of the values it applies to. */
type FormatTest = RegExp | true | ((value: never) => boolean);
type Format = FormatTest | { readonly type?: string; readonly validate: FormatTest };
