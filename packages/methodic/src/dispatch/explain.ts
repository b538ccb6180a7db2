import type { JsonSchema, ValidationError } from "../manifest/format.ts";
import { didYouMean } from "../registry/nearest.ts";
import { allowedValues, chooseAlternatives } from "./explain-alternatives.ts";
import { describeFormat } from "./format-names.ts";
import { acceptedTypes, jsonTypeOf, parsePointer, schemasAt, valueAt } from "./schema-walk.ts";

/** What was checked, and against what. */
export interface CheckedValue {
  readonly value: unknown;
  readonly schema: JsonSchema;
}

// A long array of wrong items has an error each; these are enough to find the lines worth showing.
const MAX_ERRORS = 1000;
// Enough for a model to mend its call; more would only crowd its context.
const MAX_PROBLEMS = 20;
// Of an enum with thousands of values the nearest is what helps.
const MAX_WORDS = 100;
// Names and paths come from the client, and may be as long as a document.
const MAX_KEY = 128;
const MAX_PATH = 500;

/**
 * Words validation errors for a model that is to make a better call: one line a problem, with the path, what was expected, what was
 * received, the nearest allowed value, the allowed names for an unknown field, and the description of a missing one.
 */
export function explainErrors(errors: readonly ValidationError[], checked: CheckedValue): readonly string[] {
  const lines = [...new Set(chooseAlternatives(errors.slice(0, MAX_ERRORS)).map((error) => explain(error, checked)))];
  const rest = lines.length - MAX_PROBLEMS;
  return rest > 0 ? [...lines.slice(0, MAX_PROBLEMS), `… and ${rest} more`] : lines;
}

function explain(error: ValidationError, checked: CheckedValue): string {
  const path = parsePointer(error.instancePath);
  const { params } = error;
  switch (error.keyword) {
    case "required":
      return explainMissing([...path, String(params["missingProperty"])], checked);
    case "additionalProperties":
      return explainUnknown(path, String(params["additionalProperty"]), checked);
    case "unevaluatedProperties":
      return explainUnknown(path, String(params["unevaluatedProperty"]), checked);
    default:
      return `${formatPath(path, checked.value)}: ${explainValue(error, valueAt(checked.value, path))}`;
  }
}

function explainMissing(path: readonly string[], { value, schema }: CheckedValue): string {
  const schemas = schemasAt(schema, path);
  const types = schemas[0] ? [...acceptedTypes(schemas[0], schema)] : [];
  const type = types.length > 0 && types.length < 7 ? ` (${types.join(" or ")})` : "";
  const description = schemas.map((one) => one["description"]).find((text) => typeof text === "string");
  return `${formatPath(path, value)}: missing, and required${type}.${description === undefined ? "" : ` ${oneLine(description)}`}`;
}

function explainUnknown(path: readonly string[], name: string, { value, schema }: CheckedValue): string {
  const allowed = [
    ...new Set(
      schemasAt(schema, path).flatMap(({ properties }) => Object.keys((properties as object | undefined) ?? {})),
    ),
  ];
  const list = allowed.length === 0 ? "Nothing is allowed here." : `Allowed: ${listOf(allowed)}.`;
  return `${formatPath([...path, name], value)}: unknown name.${didYouMean(name, allowed)} ${list}`;
}

function explainValue(error: ValidationError, value: unknown): string {
  const expected = expectation(error);
  if (expected === undefined)
    return `${error.message ?? `does not satisfy '${error.keyword}'`}; received ${formatValue(value)}`;
  const hint =
    typeof value === "string" && isValueList(error)
      ? didYouMean(
          value,
          allowedValues(error).filter((one) => typeof one === "string"),
        )
      : "";
  return `expected ${expected}, received ${formatValue(value)}.${hint}`;
}

function isValueList({ keyword }: ValidationError): boolean {
  return keyword === "enum" || keyword === "const";
}

/** What a keyword asks for, in words; nothing for the rarer keywords, whose own message has to do. */
function expectation(error: ValidationError): string | undefined {
  const { keyword, params } = error;
  const limit = String(params["limit"]);
  switch (keyword) {
    case "type":
      return [params["type"]].flat().join(" or ").replaceAll(",", " or ");
    case "enum":
    case "const":
      return (
        (allowedValues(error).length > 1 ? "one of " : "") +
        listOf(allowedValues(error).map((one) => JSON.stringify(one)))
      );
    case "minimum":
    case "maximum":
    case "exclusiveMinimum":
    case "exclusiveMaximum":
      return `a number ${String(params["comparison"])} ${limit}`;
    case "multipleOf":
      return `a multiple of ${String(params["multipleOf"])}`;
    case "minLength":
      return `at least ${count(limit, "character")}`;
    case "maxLength":
      return `at most ${count(limit, "character")}`;
    case "minItems":
      return `at least ${count(limit, "item")}`;
    case "maxItems":
      return `at most ${count(limit, "item")}`;
    case "minProperties":
      return `at least ${count(limit, "property", "properties")}`;
    case "maxProperties":
      return `at most ${count(limit, "property", "properties")}`;
    case "pattern":
      return `text that matches the pattern ${String(params["pattern"])}`;
    case "format":
      return describeFormat(String(params["format"]));
    case "uniqueItems":
      return `items that differ (items ${String(params["j"])} and ${String(params["i"])} are equal)`;
    case "alternatives":
      return String(params["expected"]);
    default:
      return undefined;
  }
}

function listOf(words: readonly string[]): string {
  const rest = words.length - MAX_WORDS;
  return [...words.slice(0, MAX_WORDS), ...(rest > 0 ? [`… and ${rest} more`] : [])].join(", ");
}

function count(limit: string, one: string, many: string = `${one}s`): string {
  return `${limit} ${limit === "1" ? one : many}`;
}

/** `filters.tags[2]`; the root of a tool's input is called `arguments`. */
export function formatPath(path: readonly string[], root: unknown): string {
  let text = "";
  let container: unknown = root;
  for (const key of path) {
    const shown = key.length > MAX_KEY ? `${key.slice(0, MAX_KEY - 1)}…` : key;
    if (Array.isArray(container)) text += `[${key}]`;
    else if (/^[\p{L}_$][\p{L}\p{N}_$-]*$/u.test(shown)) text += text === "" ? shown : `.${shown}`;
    else text += `[${JSON.stringify(shown)}]`;
    container = valueAt(container, [key]);
  }
  // The end says where it is; the beginning of a path this long says nothing.
  if (text.length > MAX_PATH) return `…${text.slice(-MAX_PATH)}`;
  return text === "" ? "arguments" : text;
}

/** A value as a model can recognize it, short. */
function formatValue(value: unknown): string {
  if (value === undefined) return "nothing";
  const type = jsonTypeOf(value);
  if (type === "null") return "null";
  const text = JSON.stringify(value);
  const shown = text.length > 80 ? `${text.slice(0, 77)}…` : text;
  return `${type === "integer" ? "number" : type} ${shown}`;
}

function oneLine(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length > 200 ? `${line.slice(0, 199)}…` : line;
}
