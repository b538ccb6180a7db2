import {
  AnnotatedType,
  BasicAnnotationsReader,
  NullType,
  NumberType,
  UnionType,
  derefType,
  type Annotations,
  type BaseType,
  ArrayType,
  BooleanType,
  EnumType,
  LiteralType,
  ObjectType,
  StringType,
  TupleType,
  UndefinedType,
} from "ts-json-schema-generator";
import ts from "typescript";
import { problems } from "../../diagnostics/catalog.ts";
import { readDocs, readTags } from "../../jsdoc/docs.ts";
import type { DescriptionWriter } from "../../jsdoc/descriptions.ts";
import { knownFormats } from "../finished-schema.ts";
import { INTEGER, PACKAGE_DEFAULT } from "../marks.ts";
import { UnsupportedTypeError } from "./unsupported-type.ts";

/** A check of a tag's value, with a description of valid values. */
interface TagRule {
  readonly expected: string;
  readonly accepts: (value: unknown) => boolean;
  /**
   * Parses the value at the start of the tag's text, which prose may follow. Default: the whole
   * text is the value.
   */
  readonly read?: (text: string) => unknown;
}

const ANY: TagRule = { expected: "a JSON value", accepts: (value) => value !== undefined };
const TEXT: TagRule = { expected: "a non-empty string", accepts: (value) => typeof value === "string" && value !== "" };
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
const LIST: TagRule = { expected: "an array of JSON values", accepts: (value) => Array.isArray(value) };
const PATTERN: TagRule = { expected: "a regular expression (ECMA-262, with the u flag)", accepts: isPattern };

/** The JSDoc tags that are JSON Schema keywords. All other tags are left to other tools. */
const RULES: ReadonlyMap<string, TagRule> = new Map([
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
]);

/** Describes the values that a keyword accepts; undefined if it accepts this one. */
export function expectedValue(keyword: string, value: unknown): string | undefined {
  if (keyword === "type") return value === "integer" ? undefined : "'integer'";
  const rule = RULES.get(keyword);
  if (!rule) return "a known constraint";
  return rule.accepts(value) ? undefined : rule.expected;
}

const reader = new BasicAnnotationsReader();

/** Options of {@link annotate}. */
interface AnnotateOptions {
  /**
   * Cuts descriptions, and knows the declarations of packages: their mistaken tags are left out
   * without notice, because the author cannot change them.
   */
  readonly descriptions: DescriptionWriter;
  /**
   * True if the type is not the declaration's own, for example where a mapped type turns strings
   * into numbers. Tags that do not fit are then left out, since the author did not write them for
   * this type.
   */
  readonly isBorrowed?: boolean;
}

/**
 * Adds the JSDoc of a declaration to a type: description, constraints, examples, `@asType`,
 * `@nullable`.
 */
export function annotate(type: BaseType, declaration: ts.Node, options: AnnotateOptions): BaseType {
  if (ts.getJSDocCommentsAndTags(declaration).length === 0) return type;
  const { annotations, integer, nullable } = readAnnotations(type, declaration, options);
  const isUnfit = integer && options.descriptions.isForeign(declaration) && !hasNumber(type);
  const narrowed = integer && !isUnfit ? toInteger(type, integer) : type;
  // The generator's own @nullable changes schemas that are shared.
  const widened = nullable ? new UnionType([narrowed, new NullType()]) : narrowed;
  return Object.keys(annotations).length > 0 ? new AnnotatedType(widened, annotations, false) : widened;
}

/** Checks whether a declaration is marked `@hidden`, to be left out of schemas. */
export function isHidden(declaration: ts.Node): boolean {
  return readTags(declaration).some((tag) => tag.tagName.text === "hidden");
}

interface ReadAnnotations {
  readonly annotations: Annotations;
  /** The `@asType integer` tag, if there is one. */
  readonly integer: ts.JSDocTag | undefined;
  readonly nullable: boolean;
}

function readAnnotations(
  type: BaseType,
  declaration: ts.Node,
  { descriptions, isBorrowed = false }: AnnotateOptions,
): ReadAnnotations {
  const isForeign = descriptions.isForeign(declaration);
  const tags = readTags(declaration);
  // The reader parses the text of every tag as JSON5, and most tags are prose.
  const raw = tags.some(({ tagName }) => RULES.has(tagName.text)) ? (reader.getAnnotations(declaration) ?? {}) : {};
  const docs = readDocs(declaration);
  const annotations: Annotations = {};
  if (docs.title) annotations["title"] = docs.title;
  const description = docs.description && descriptions.describe(docs.description, declaration);
  if (description) annotations["description"] = description;
  if (docs.deprecated) annotations["deprecated"] = true;
  for (const [name, rule] of RULES) {
    const tag = tags.find((candidate) => candidate.tagName.text === name);
    if (!tag) continue;
    const value = rule.read ? rule.read(tagText(tag)) : withoutRemark(raw[name]);
    if (!rule.accepts(value) && isForeign) continue;
    if (!rule.accepts(value))
      throw new UnsupportedTypeError(problems.invalidTag(name, String(raw[name] ?? ""), rule.expected), tag);
    const subject = constraintSubject(name);
    const fits = !subject || mayBe(type, subject);
    if (!fits && (isBorrowed || isForeign)) continue;
    if (!fits)
      throw new UnsupportedTypeError(
        problems.tagDoesNotFit(name, writtenType(type, declaration), `It takes effect on ${subject}s only.`),
        tag,
      );
    if (isForeign && name === "format" && !knownFormats().includes(String(value))) continue;
    annotations[isForeign && name === "default" ? PACKAGE_DEFAULT : name] = value;
  }
  const examples = docs.examples.flatMap((example) => readExample(example));
  if (examples.length > 0)
    annotations["examples"] = [...((annotations["examples"] as unknown[] | undefined) ?? []), ...examples];
  const integer = isBorrowed && !mayBe(type, "number") ? undefined : findInteger(tags, isForeign);
  return { annotations, integer, nullable: tags.some((tag) => tag.tagName.text === "nullable") };
}

function tagText(tag: ts.JSDocTag): string {
  return (ts.getTextOfJSDocComment(tag.comment) ?? "").trim();
}

/**
 * Returns the word that is a tag's value, if only prose follows on its line: `5 * 60` and `1 000`
 * are not 5 and 1.
 */
function firstWord(text: string): string {
  return /^(\S+)(?:[^\S\n]*\n|\s+(?:[-–—:(]\s*)?\p{L})/u.exec(text)?.[1] ?? text;
}

function readNumber(text: string): number | undefined {
  const word = firstWord(text);
  return word === "" ? undefined : Number(word);
}

/** Drops prose after a quoted text: `"a" as before` is the text `a`. */
function withoutRemark(value: unknown): unknown {
  const quoted = typeof value === "string" ? /^("(?:[^"\\\n]|\\.)*")\s/.exec(value)?.[1] : undefined;
  try {
    return quoted === undefined ? value : JSON.parse(quoted);
  } catch {
    return value;
  }
}

/** Returns a type's text as the author wrote it; its name if it was not written out. */
function writtenType(type: BaseType, declaration: ts.Node): string {
  const written = (declaration as { readonly type?: ts.TypeNode }).type;
  return written?.getText() ?? derefType(type).getName();
}

function findInteger(tags: readonly ts.JSDocTag[], isForeign: boolean): ts.JSDocTag | undefined {
  const tag = tags.find((candidate) => candidate.tagName.text === "asType");
  if (!tag) return undefined;
  const text = tagText(tag);
  if (firstWord(text) === "integer") return tag;
  if (isForeign) return undefined;
  throw new UnsupportedTypeError(problems.invalidTag("asType", text, "'integer', which narrows a number"), tag);
}

/** Reads an example: JSON if it parses, else text. A code block is neither. */
function readExample(text: string): unknown[] {
  try {
    return [JSON.parse(text)];
  } catch {
    const unquoted = /^(['"`])([^\n]*)\1$/.exec(text)?.[2] ?? text;
    return /[\n`]/.test(unquoted) ? [] : [unquoted];
  }
}

/**
 * Applies `@asType integer`, which narrows every number of a type and fits no type without one.
 */
function toInteger(type: BaseType, tag: ts.JSDocTag): BaseType {
  const inner = derefType(type);
  if (inner instanceof NumberType) return new AnnotatedType(type, { [INTEGER]: true }, false);
  if (inner instanceof UnionType && hasNumber(inner)) {
    return new UnionType(
      inner.getTypes().map((member) => (derefType(member) instanceof NumberType ? toInteger(member, tag) : member)),
    );
  }
  throw new UnsupportedTypeError(problems.tagDoesNotFit("asType integer", inner.getName(), "Put it on a number."), tag);
}

function hasNumber(type: BaseType): boolean {
  const inner = derefType(type);
  const members = inner instanceof UnionType ? inner.getTypes() : [inner];
  return members.some((member) => derefType(member) instanceof NumberType);
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
