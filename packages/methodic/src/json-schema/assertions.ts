import type { JsonSchema, JsonValue } from "../manifest/format.ts";
import { equal, findDuplicate, formats, ucs2length } from "../manifest/validation-runtime.ts";
import { memberOf } from "../manifest/schema-walk.ts";
import { isRecord } from "../util/record.ts";
import { jsonTypeOf } from "./navigate.ts";
import type { Check, ValidationRun } from "./validation-run.ts";

type Test = (value: unknown, run: ValidationRun) => boolean;

/** A keyword that holds no schemas. */
interface Assertion {
  /** The values that the keyword applies to; all others pass. */
  readonly on?: (value: unknown) => boolean;
  /** Creates the test for the keyword's value; undefined if it allows everything. */
  readonly test: (expected: JsonValue) => Test | undefined;
  /** The parameters of an error. Default: `limit`. */
  readonly params?: (expected: JsonValue) => { readonly [name: string]: unknown };
}

// JSON has no infinity, but `JSON.parse("1e400")` is one.
const isNumber = (value: unknown): value is number => Number.isFinite(value);
const isString = (value: unknown): value is string => typeof value === "string";

/** Creates a keyword that compares a measure of a value with a limit. */
function limit<T>(
  on: (value: unknown) => value is T,
  measure: (value: T, run: ValidationRun) => number,
  holds: (measured: number, limit: number) => boolean,
): Assertion {
  return { on, test: (expected) => (value, run) => holds(measure(value as T, run), expected as number) };
}

const atMost = (a: number, b: number): boolean => a <= b;
const atLeast = (a: number, b: number): boolean => a >= b;
const compared = (comparison: string, holds: (a: number, b: number) => boolean): Assertion => ({
  ...limit(isNumber, (value) => value, holds),
  params: (expected) => ({ comparison, limit: expected }),
});
const named =
  (name: string) =>
  (expected: JsonValue): { readonly [name: string]: unknown } => ({ [name]: expected });

/** Sizes that are checked first: a value that is too large is not looked into. */
export const MAXIMUM_SIZES: ReadonlyMap<string, Assertion> = new Map([
  ["maxLength", limit(isString, ucs2length, atMost)],
  ["maxItems", limit(isArray, (items) => items.length, atMost)],
  ["maxProperties", limit(isRecord, (object, run) => run.namesOf(object).length, atMost)],
]);

/** The keywords of JSON Schema 2020-12 that hold no schemas, in the order of their checks. */
export const ASSERTIONS: ReadonlyMap<string, Assertion> = new Map<string, Assertion>([
  ["type", { test: (expected) => testType([expected].flat() as string[]), params: named("type") }],
  ["const", { test: (expected) => (value) => equal(value, expected), params: named("allowedValue") }],
  ["enum", { test: (expected) => testEnum(expected as JsonValue[]), params: named("allowedValues") }],
  ["maximum", compared("<=", atMost)],
  ["minimum", compared(">=", atLeast)],
  ["exclusiveMaximum", compared("<", (a, b) => a < b)],
  ["exclusiveMinimum", compared(">", (a, b) => a > b)],
  ["multipleOf", { ...limit(isNumber, (value) => value, isMultiple), params: named("multipleOf") }],
  ["minLength", limit(isString, ucs2length, atLeast)],
  ["pattern", { on: isString, test: testPattern, params: named("pattern") }],
  ["format", { test: (expected) => testFormat(String(expected)), params: named("format") }],
  ["minItems", limit(isArray, (items) => items.length, atLeast)],
  ["minProperties", limit(isRecord, (object, run) => run.namesOf(object).length, atLeast)],
]);

/** Creates the check of a keyword; undefined if it allows everything. */
export function createAssertion(
  keyword: string,
  { on, test, params = named("limit") }: Assertion,
  schema: JsonSchema,
): Check | undefined {
  const expected = schema[keyword] as JsonValue;
  const holds = test(expected);
  return (
    holds && ((value, run) => (on && !on(value)) || holds(value, run) || run.fail(keyword, schema, params(expected)))
  );
}

/** Checks `uniqueItems`. */
export function checkUniqueItems(schema: JsonSchema): Check {
  return (value, run) => {
    const duplicate = isArray(value) ? findDuplicate(value) : undefined;
    return duplicate === undefined || run.fail("uniqueItems", schema, { ...duplicate });
  };
}

/** Creates the check of base64 text, for schemas whose `contentEncoding` is checked. */
export function checkBase64(schema: JsonSchema): Check {
  const test = testFormat("base64");
  return (value, run) => test?.(value, run) !== false || run.fail("format", schema, { format: "base64" });
}

function testType(types: readonly string[]): Test {
  const [type] = types;
  if (types.length === 1 && type === "number") return isNumber;
  if (types.length === 1 && (type === "string" || type === "boolean")) return (value) => typeof value === type;
  return (value) => {
    const actual = jsonTypeOf(value);
    if (actual !== "integer" && actual !== "number") return types.includes(actual);
    return isNumber(value) && (types.includes("number") || types.includes(actual));
  };
}

function testEnum(values: readonly JsonValue[]): Test {
  const scalars = new Set<unknown>(values.filter((value) => typeof value !== "object" || value === null));
  const others = values.filter((value) => !scalars.has(value));
  return (value) => scalars.has(value) || others.some((other) => equal(other, value));
}

/** Checks whether a number is a multiple, in spite of the rounding of 0.07 / 0.01. */
function isMultiple(value: number, factor: number): boolean {
  const quotient = value / factor;
  return Math.abs(Math.round(quotient) - quotient) <= 1e-8;
}

function testPattern(pattern: JsonValue): Test {
  const expression = new RegExp(pattern as string, "u");
  return (text) => expression.test(text as string);
}

/** Unknown formats are annotations (JSON Schema 2020-12, 7.2.3). */
function testFormat(name: string): Test | undefined {
  const format = Object.hasOwn(formats, name) ? formats[name] : undefined;
  const { type = "string", validate = format } = (isRecord(format) ? format : {}) as {
    readonly type?: string;
    readonly validate?: unknown;
  };
  if (validate instanceof RegExp) return (text) => typeof text !== type || validate.test(text as string);
  return typeof validate === "function" ? (value) => typeof value !== type || Boolean(validate(value)) : undefined;
}

function isArray(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

/** Combines checks: a value has to pass all of them. */
export function all(checks: readonly Check[]): Check {
  const [first, second] = checks;
  if (!first) return () => true;
  if (!second) return first;
  return (value, run) => {
    let isValid = true;
    for (const check of checks) {
      if (check(value, run)) continue;
      isValid = false;
      if (run.isDone) break;
    }
    return isValid;
  };
}

/** Creates the check of `required`. */
export function checkRequired(schema: JsonSchema): Check | undefined {
  const required = (schema["required"] ?? []) as readonly string[];
  return required.length === 0 ? undefined : checkPresent(schema, required);
}

/** Creates the check of `dependentRequired`. */
export function checkDependentRequired(schema: JsonSchema): Check | undefined {
  const checks = entriesOf(schema["dependentRequired"]).map(([property, names]): Check => {
    const check = checkPresent(schema, names as readonly string[], property);
    return (value, run) => !has(value, property) || check(value, run);
  });
  return checks.length === 0 ? undefined : all(checks);
}

/** Creates the check that an object has properties; with `property`, because it has that one. */
function checkPresent(schema: JsonSchema, names: readonly string[], property?: string): Check {
  return (value, run) => {
    if (!isRecord(value)) return true;
    let isValid = true;
    for (const name of names) {
      if (Object.hasOwn(value, name)) continue;
      const params = { missingProperty: name, ...(property !== undefined && { property }) };
      isValid = run.fail(property === undefined ? "required" : "dependentRequired", schema, params);
      if (run.isDone) break;
    }
    return isValid;
  };
}

/** Checks whether a value is an object with a property. */
export function has(value: unknown, name: string): boolean {
  return isRecord(value) && memberOf(value, name) !== undefined;
}

/** Lists the entries of an object. */
export function entriesOf(value: unknown): readonly (readonly [string, unknown])[] {
  return isRecord(value) ? Object.entries(value) : [];
}
