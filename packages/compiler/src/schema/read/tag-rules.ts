import {
  derefType,
  ArrayType,
  BooleanType,
  EnumType,
  LiteralType,
  NullType,
  NumberType,
  ObjectType,
  StringType,
  TupleType,
  UndefinedType,
  UnionType,
  type BaseType,
} from "ts-json-schema-generator";
import JSON5 from "json5";
import { HEADER_KEYWORD, isHeaderName } from "methodic/manifest";
import ts from "typescript";

/** A check of a tag's value, with a description of valid values. */
export interface TagRule {
  readonly expected: string;
  readonly accepts: (value: unknown) => boolean;
  /** Reads the value at the start of the tag's text, which prose may follow. */
  readonly read: (text: string) => unknown;
}

const ANY: TagRule = { expected: "a JSON value", accepts: (value) => value !== undefined, read: readJson };
const TEXT: TagRule = {
  expected: "a non-empty string",
  accepts: (value) => typeof value === "string" && value !== "",
  read: (text) => text,
};
/** Names of formats are single words. */
const FORMAT: TagRule = { ...TEXT, read: firstWord };
const NUMBER: TagRule = {
  expected: "a number",
  accepts: (value) => typeof value === "number" && Number.isFinite(value),
  read: readNumber,
};
const POSITIVE: TagRule = {
  expected: "a number above 0",
  accepts: (value) => typeof value === "number" && Number.isFinite(value) && value > 0,
  read: readNumber,
};
const COUNT: TagRule = {
  expected: "a whole number, 0 or above",
  accepts: (value) => Number.isSafeInteger(value) && Number(value) >= 0,
  read: readNumber,
};
const BOOLEAN: TagRule = {
  expected: "true or false",
  accepts: (value) => typeof value === "boolean",
  read: (text) => ({ "": true, true: true, false: false })[firstWord(text)],
};
const LIST: TagRule = {
  expected: "an array of JSON values",
  accepts: (value) => Array.isArray(value),
  read: readJson,
};
const PATTERN: TagRule = {
  expected: "a regular expression (ECMA-262, with the u flag)",
  accepts: isPattern,
  read: (text) => text,
};

const HEADER: TagRule = {
  expected: "the name of an HTTP header, such as Region",
  accepts: isHeaderName,
  read: firstWord,
};

/** The JSDoc tags that are JSON Schema keywords. All other tags are left to other tools. */
export const RULES: ReadonlyMap<string, TagRule> = new Map([
  ["minimum", NUMBER],
  ["maximum", NUMBER],
  ["exclusiveMinimum", NUMBER],
  ["exclusiveMaximum", NUMBER],
  ["multipleOf", POSITIVE],
  ["minLength", COUNT],
  ["maxLength", COUNT],
  ["pattern", PATTERN],
  ["format", FORMAT],
  ["contentMediaType", TEXT],
  ["contentEncoding", TEXT],
  ["minItems", COUNT],
  ["maxItems", COUNT],
  ["uniqueItems", BOOLEAN],
  ["minProperties", COUNT],
  ["maxProperties", COUNT],
  ["readOnly", BOOLEAN],
  ["writeOnly", BOOLEAN],
  ["default", ANY],
  ["examples", LIST],
  [HEADER_KEYWORD, HEADER],
]);

/** Describes the values that a keyword accepts; undefined if it accepts this one. */
export function expectedValue(keyword: string, value: unknown): string | undefined {
  if (keyword === "type") return value === "integer" ? undefined : "'integer'";
  const rule = RULES.get(keyword);
  if (!rule) return "a known constraint";
  return rule.accepts(value) ? undefined : rule.expected;
}

/** Returns the text of a tag, without the backticks around its value. */
export function tagText(tag: ts.JSDocTag): string {
  const text = (ts.getTextOfJSDocComment(tag.comment) ?? "").replaceAll("\r", "").trim();
  return (/^(`{3,}|~{3,})\w*\n([\s\S]*?)\n\1/.exec(text)?.[2] ?? /^`([^`\n]+)`/.exec(text)?.[1] ?? text).trim();
}

/**
 * Returns the word that is a tag's value, if only prose follows on its line: `5 * 60` and `1 000`
 * are not 5 and 1.
 */
export function firstWord(text: string): string {
  return /^(\S+)(?:[^\S\n]*\n|\s+(?:[-–—:(]\s*)?\p{L})/u.exec(text)?.[1] ?? text;
}

function readNumber(text: string): number | undefined {
  const word = firstWord(text);
  return word === "" ? undefined : Number(word);
}

/** Reads a value as JSON5, else as text. Prose may follow a quoted text. */
export function readJson(text: string): unknown {
  const value = parseJson(text);
  if (value !== undefined) return value;
  const quoted = /^("(?:[^"\\\n]|\\.)*")\s/.exec(text)?.[1];
  return (quoted === undefined ? undefined : parseJson(quoted)) ?? text;
}

/** Parses JSON5; undefined for other texts. */
function parseJson(text: string): unknown {
  // Most texts are prose, for which an exception would be costly.
  if (!/^[-+.\d"'[{tfn]/.test(text)) return undefined;
  try {
    return JSON5.parse<unknown>(text);
  } catch {
    return undefined;
  }
}

function isPattern(value: unknown): boolean {
  if (typeof value !== "string" || value === "") return false;
  try {
    new RegExp(value, "u");
    return true;
  } catch {
    return false;
  }
}

/**
 * The JSON types that constraints apply to. JSON Schema ignores a constraint on other types,
 * however strict it reads.
 */
export type ConstraintSubject = "number" | "string" | "array" | "object";

const KEYWORDS: Readonly<Record<ConstraintSubject, readonly string[]>> = {
  number: ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"],
  string: ["minLength", "maxLength", "pattern"],
  array: ["minItems", "maxItems", "uniqueItems"],
  object: ["minProperties", "maxProperties"],
};

const SUBJECTS: ReadonlyMap<string, ConstraintSubject> = new Map(
  (Object.keys(KEYWORDS) as ConstraintSubject[]).flatMap((subject) =>
    KEYWORDS[subject].map((keyword): [string, ConstraintSubject] => [keyword, subject]),
  ),
);

/** Returns the type that a keyword constrains; undefined for keywords about any value. */
export function constraintSubject(keyword: string): ConstraintSubject | undefined {
  return SUBJECTS.get(keyword);
}

/**
 * Checks whether a type may have values of a kind; true if that is not known yet, as inside a
 * recursive type.
 */
export function mayBe(type: BaseType, subject: ConstraintSubject): boolean {
  const inner = derefType(type);
  if (inner instanceof UnionType) return inner.getTypes().some((member) => mayBe(member, subject));
  if (inner instanceof StringType) return subject === "string";
  if (inner instanceof NumberType) return subject === "number";
  if (inner instanceof ArrayType || inner instanceof TupleType) return subject === "array";
  if (inner instanceof ObjectType) return subject === "object";
  if (inner instanceof LiteralType) return typeof inner.getValue() === subject;
  if (inner instanceof EnumType) return inner.getValues().some((value) => typeof value === subject);
  return !(inner instanceof BooleanType || inner instanceof NullType || inner instanceof UndefinedType);
}
