import type { ValidationError } from "../manifest/format.ts";
import { allowedValues } from "./alternatives.ts";
import { jsonTypeOf, valueAt } from "./navigate.ts";

// Of an enum with thousands of values the nearest is what helps.
const MAX_WORDS = 100;

/** What a keyword asks for, in words; nothing for the rarer keywords, whose own message has to do. */
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
  const atMost = maxContains === undefined ? "" : `at most ${String(maxContains)}`;
  const atLeast = minContains === 0 ? "" : `at least ${String(minContains)}`;
  const many = [atLeast, atMost].filter(Boolean).join(" and ");
  return `${many} of the items to be of the demanded kind`;
}

/** Whether a pattern takes integers and nothing else, as that of big integers sent as text does. */
export function isIntegerPattern(pattern: string): boolean {
  try {
    const regex = new RegExp(pattern, "u");
    return INTEGERS.every((text) => regex.test(text)) && !NO_INTEGERS.some((text) => regex.test(text));
  } catch {
    return false;
  }
}

const INTEGERS = ["1", "12345678901234567890"];
const NO_INTEGERS = ["", "a", "1a", "a1", "1.5", " 1", "1 ", "-", "1-1", "1e3", "0x1", "1n", "1_000", "1,000"];

/** Joins words, of which there may be thousands. */
export function listOf(words: readonly string[]): string {
  const rest = words.length - MAX_WORDS;
  return [...words.slice(0, MAX_WORDS), ...(rest > 0 ? [`… and ${rest} more`] : [])].join(", ");
}

function count(limit: string, one: string, many: string = `${one}s`): string {
  return `${limit} ${limit === "1" ? one : many}`;
}

/** Formats in words, with an example where that says more than a name. */
const FORMATS: ReadonlyMap<string, string> = new Map([
  ["date", "a date such as 2026-01-31"],
  ["time", "a time with its zone such as 09:30:00Z"],
  ["date-time", "a date and time with its zone such as 2026-01-31T09:30:00Z"],
  ["iso-time", "a time such as 09:30:00"],
  ["iso-date-time", "a date and time such as 2026-01-31T09:30:00"],
  ["duration", "a duration such as P1DT12H"],
  ["uri", "a URL such as https://example.com/path"],
  ["url", "a URL such as https://example.com/path"],
  ["email", "an e-mail address such as ada@example.com"],
  ["hostname", "a host name such as example.com"],
  ["ipv4", "an IPv4 address such as 192.0.2.1"],
  ["ipv6", "an IPv6 address such as 2001:db8::1"],
  ["uuid", "a UUID such as 123e4567-e89b-42d3-a456-426614174000"],
  ["regex", "a regular expression"],
  ["json-pointer", "a JSON pointer such as /name/0"],
  ["base64", "base64 text"],
  ["byte", "base64 text"],
]);

/** What a format asks for, for a model to write it. */
function describeFormat(name: string): string {
  return FORMATS.get(name) ?? `text in the format ${name}`;
}

// Names, paths and values come from the client, and may be as long as a document.
const MAX_KEY = 128;
const MAX_PATH = 500;
const MAX_VALUE = 80;
const MAX_LINE = 200;

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
export function formatValue(value: unknown): string {
  if (value === undefined) return "nothing";
  const type = jsonTypeOf(value);
  if (type === "null") return "null";
  const text = previewJson(value, MAX_VALUE + 1);
  const shown = text.length > MAX_VALUE ? `${text.slice(0, MAX_VALUE - 3)}…` : text;
  return `${type === "integer" ? "number" : type} ${shown}`;
}

/** The beginning of a value's JSON text: a long document is not written out for a few of its characters. */
function previewJson(value: unknown, room: number): string {
  if (typeof value === "string") return JSON.stringify(value.slice(0, room));
  if (typeof value !== "object" || value === null) return String(JSON.stringify(value));
  const [open, close] = Array.isArray(value) ? ["[", "]"] : ["{", "}"];
  let text = open;
  for (const key in value) {
    if (!Object.hasOwn(value, key)) continue;
    if (text.length > room) return text;
    if (text.length > 1) text += ",";
    if (open === "{") text += `${JSON.stringify(key.slice(0, room))}:`;
    text += previewJson((value as { readonly [key: string]: unknown })[key], room - text.length);
  }
  return text + close;
}

/** A description fits into a line of a message. */
export function oneLine(text: string): string {
  const line = text
    .slice(0, 10 * MAX_LINE)
    .replace(/\s+/g, " ")
    .trim();
  return line.length > MAX_LINE ? `${line.slice(0, MAX_LINE - 1)}…` : line;
}
