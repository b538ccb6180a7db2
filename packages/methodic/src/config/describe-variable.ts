import { acceptedTypes } from "../json-schema/navigate.ts";
import type { ValidationError } from "../json-schema/validation-run.ts";
import { expectation, oneLine } from "../json-schema/wording.ts";
import type { JsonSchema } from "../manifest/format.ts";
import { quote } from "../util/text.ts";

/** A variable whose value does not fit its property. */
interface BadText {
  readonly name: string;
  readonly text: string;
  /** True if the author marks the property as secret. */
  readonly isSecret: boolean;
  /** The number of the invalid item in a list. */
  readonly item?: number;
}

/**
 * Describes a variable whose value does not fit.
 * @param problem The schema's error, or the expected value in words
 */
export function describeBadVariable(
  { name, text, isSecret, item }: BadText,
  problem: ValidationError | string,
): string {
  const expected = describeExpected(problem);
  const place = item === undefined || Number.isNaN(item) ? "" : ` as item ${item}`;
  const received = isSecret || isSecretName(name) ? "" : `, received ${quote(withoutCredentials(text))}`;
  return `${name}: expected ${expected}${place}${received}.`;
}

/**
 * Describes the value that would fit.
 * @param problem The schema's error, or the expected value in words
 */
export function describeExpected(problem: ValidationError | string): string {
  return typeof problem === "string" ? problem : (expectation(problem) ?? `a valid ${problem.keyword}`);
}

/** Describes a variable that is not set. */
export function describeMissingVariable(name: string, schema: JsonSchema): string {
  const { description } = schema;
  const about = typeof description === "string" ? ` ${oneLine(description)}` : "";
  return `${name}: not set; expected ${expectedBy(schema)}.${about}`;
}

/** Describes the values of a property. */
function expectedBy(schema: JsonSchema): string {
  const {
    format,
    contentEncoding,
    pattern,
    const: only,
    enum: values = only === undefined ? undefined : [only],
  } = schema;
  const keyword = Object.entries({ enum: values, format: format ?? contentEncoding, pattern }).find(
    ([, value]) => value !== undefined,
  );
  if (keyword) {
    const [name, value] = keyword;
    const params = { allowedValues: value, format: value, pattern: value };
    const words = expectation({ keyword: name, path: [], params, schemas: [schema] });
    if (words !== undefined) return words;
  }
  const types = [...acceptedTypes(schema, schema)].filter((type) => type !== "null");
  return types.map((type) => TYPES[type] ?? type).join(" or ");
}

const TYPES: Readonly<Record<string, string>> = {
  string: "text",
  number: "a number",
  integer: "a whole number",
  boolean: "true or false",
  array: "a list such as a,b",
};

// The last part of a name says what the value is: `API_KEY_ID` is not a key.
const SECRET_NAMES = /SECRET|PASSWORD|PASSPHRASE|PASSWD|CREDENTIAL|(?:TOKENS?|KEYS?|PASS|PWD|PRIVATE_KEY_\w+)$/i;

/** Checks whether the name of a variable says that its value is secret. */
function isSecretName(name: string): boolean {
  return SECRET_NAMES.test(name);
}

/** Removes what a URL may carry of credentials: the user, the query and the fragment. */
function withoutCredentials(text: string): string {
  // A password may contain any character, so everything up to the last at sign goes.
  return text.replace(/^([a-z][\w+.-]*:\/\/)?.*@/is, "$1…@").replace(/[?#].*$/s, "");
}
