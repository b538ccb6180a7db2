import type { ValidationError } from "../manifest/format.ts";
import { allowedValues } from "./explain-alternatives.ts";
import { describeFormat } from "./format-names.ts";

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
