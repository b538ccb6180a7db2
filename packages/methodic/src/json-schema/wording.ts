import { shorten } from "../util/text.ts";
import { allowedValues } from "./alternatives.ts";
import { jsonTypeOf, valueAt } from "./navigate.ts";
import type { ValidationError } from "./validation-run.ts";

// Of an enum with thousands of values, the suggested nearest value helps more than the list.
const MAX_WORDS = 100;

/**
 * Describes the value that a keyword expects. Undefined for rare keywords, whose own message is
 * used.
 */
export function expectation(error: ValidationError): string | undefined {
  const { keyword, params } = error;
  const limit = String(params["limit"]);
  switch (keyword) {
    case "type":
      return [params["type"]].flat().join(" or ").replaceAll(",", " or ");
    case "enum":
    case "const":
      return (
        (allowedValues(error).length > 1 ? "one of " : "") +
        joinWords(allowedValues(error).map((value) => JSON.stringify(value)))
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
    case "items":
    case "maxItems":
      return limit === "0" ? "an empty array" : `at most ${count(limit, "item")}`;
    case "minProperties":
      return `at least ${count(limit, "property", "properties")}`;
    case "maxProperties":
      return `at most ${count(limit, "property", "properties")}`;
    case "pattern":
      return isIntegerPattern(String(params["pattern"]))
        ? 'an integer written as text, for example "12345"'
        : `text that matches the pattern ${String(params["pattern"])}`;
    case "format":
      return describeFormat(String(params["format"]));
    case "uniqueItems":
      return `items that differ${params["i"] === undefined ? "" : ` (items ${String(params["j"])} and ${String(params["i"])} are equal)`}`;
    case "contains":
      return expectContained(params);
    case "not":
      return "a value that this schema does not exclude";
    case "false schema":
      return "nothing here";
    case "alternatives":
      return String(params["expected"]);
    default:
      return undefined;
  }
}

function expectContained({ minContains, maxContains }: ValidationError["params"]): string {
  const limits = [
    ...(minContains === 0 ? [] : [`at least ${count(String(minContains), "item")}`]),
    ...(maxContains === undefined ? [] : [`at most ${count(String(maxContains), "item")}`]),
  ];
  return `${limits.join(" and ")} of the required kind`;
}

/**
 * Checks whether a pattern matches integers and nothing else, like the pattern of big integers.
 */
export function isIntegerPattern(pattern: string): boolean {
  try {
    const regex = new RegExp(pattern, "u");
    return INTEGERS.every((text) => regex.test(text)) && !NON_INTEGERS.some((text) => regex.test(text));
  } catch {
    return false;
  }
}

const INTEGERS = ["1", "12345678901234567890"];
const NON_INTEGERS = ["", "a", "1a", "a1", "1.5", " 1", "1 ", "-", "1-1", "1e3", "0x1", "1n", "1_000", "1,000"];

/** Joins words with commas. A long list is cut. */
export function joinWords(words: readonly string[]): string {
  const rest = words.length - MAX_WORDS;
  return [...words.slice(0, MAX_WORDS), ...(rest > 0 ? [`… and ${rest} more`] : [])].join(", ");
}

function count(limit: string, one: string, many: string = `${one}s`): string {
  return `${limit} ${limit === "1" ? one : many}`;
}

/** Descriptions of formats, with an example where the name alone is not clear. */
const FORMATS: ReadonlyMap<string, string> = new Map([
  ["date", "a date such as 2026-01-31"],
  ["time", "a time with its zone such as 09:30:00Z"],
  ["date-time", "a date and time with its zone such as 2026-01-31T09:30:00Z"],
  ["iso-time", "a time such as 09:30:00"],
  ["iso-date-time", "a date and time such as 2026-01-31T09:30:00"],
  ["duration", "a duration such as P1DT12H"],
  ["uri", "a URL such as https://example.com/path"],
  ["url", "a URL such as https://example.com/path"],
  ["email", "an email address such as ada@example.com"],
  ["hostname", "a host name such as example.com"],
  ["ipv4", "an IPv4 address such as 192.0.2.1"],
  ["ipv6", "an IPv6 address such as 2001:db8::1"],
  ["uuid", "a UUID such as 123e4567-e89b-42d3-a456-426614174000"],
  ["regex", "a regular expression"],
  ["json-pointer", "a JSON pointer such as /name/0"],
  ["base64", "base64 text"],
  ["byte", "base64 text"],
]);

/** Describes the text that a format expects. */
function describeFormat(name: string): string {
  return FORMATS.get(name) ?? `text in the format ${name}`;
}

// Names, paths and values come from the client and may be very long.
const MAX_KEY = 128;
const MAX_PATH = 500;
const MAX_VALUE = 80;
const MAX_LINE = 200;

/** Formats a path: `filters.tags[2]`. The root of a tool's input is called `arguments`. */
export function formatValuePath(path: readonly string[], root: unknown): string {
  let text = "";
  let container: unknown = root;
  for (const key of path) {
    const shown = shorten(key, MAX_KEY);
    if (Array.isArray(container)) text += `[${key}]`;
    else if (/^[\p{L}_$][\p{L}\p{N}_$-]*$/u.test(shown)) text += text === "" ? shown : `.${shown}`;
    else text += `[${JSON.stringify(shown)}]`;
    container = valueAt(container, [key]);
  }
  // The end is the useful part: it names the value.
  if (text.length > MAX_PATH) return `…${text.slice(-MAX_PATH)}`;
  return text === "" ? "arguments" : text;
}

/** Formats a value so that a model can recognize it, in short form. */
export function formatValue(value: unknown): string {
  if (value === undefined) return "nothing";
  const type = jsonTypeOf(value);
  if (type === "null") return "null";
  const text = previewJson(value, MAX_VALUE + 1);
  const shown = text.length > MAX_VALUE ? `${text.slice(0, MAX_VALUE - 3)}…` : text;
  return `${type === "integer" ? "number" : type} ${shown}`;
}

/**
 * Writes the beginning of a value's JSON text, without serializing a long document for a few
 * characters.
 */
function previewJson(value: unknown, room: number): string {
  if (typeof value === "string") return JSON.stringify(value.slice(0, room));
  // JSON has no infinity, but `JSON.parse("1e400")` is one.
  if (typeof value === "number") return String(value);
  if (typeof value !== "object" || value === null) return String(JSON.stringify(value));
  return Array.isArray(value) ? previewItems(value, room) : previewProperties(value, room);
}

// Not as properties: a loop over those first lists all of them, a million items too.
function previewItems(items: readonly unknown[], room: number): string {
  let text = "[";
  for (const item of items) {
    if (text.length > room) return text;
    text += `${text.length > 1 ? "," : ""}${previewJson(item, room - text.length)}`;
  }
  return `${text}]`;
}

function previewProperties(object: object, room: number): string {
  let text = "{";
  for (const key in object) {
    if (!Object.hasOwn(object, key)) continue;
    if (text.length > room) return text;
    if (text.length > 1) text += ",";
    text += `${JSON.stringify(key.slice(0, room))}:`;
    text += previewJson((object as { readonly [key: string]: unknown })[key], room - text.length);
  }
  return `${text}}`;
}

/** Shortens a description to one line. */
export function oneLine(text: string): string {
  const line = text
    .slice(0, 10 * MAX_LINE)
    .replace(/\s+/g, " ")
    .trim();
  return shorten(line, MAX_LINE);
}
