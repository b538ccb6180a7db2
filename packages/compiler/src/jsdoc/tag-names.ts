import { didYouMean } from "methodic/manifest";

/**
 * Tags about values, most of them JSON Schema keywords. After `@param`, they concern the parameter.
 */
export const VALUE_TAGS: ReadonlySet<string> = names(`asType contentEncoding contentMediaType default defaultValue
  examples exclusiveMaximum exclusiveMinimum format maxItems maxLength maxProperties maximum minItems minLength
  minProperties minimum multipleOf nullable pattern readOnly uniqueItems writeOnly x-mcp-header`);

/** Tags that leave a property out of schemas. */
export const HIDING_TAGS: ReadonlySet<string> = names("hidden ignore internal private");

/** Tags that describe. */
const TEXT_TAGS: ReadonlySet<string> = names(
  "deprecated description example inheritDoc param remarks return returns summary title",
);

/** Tags of configurations. */
const CONFIG_TAGS: ReadonlySet<string> = names("secret");

const READ_TAGS: ReadonlySet<string> = new Set([...VALUE_TAGS, ...HIDING_TAGS, ...TEXT_TAGS, ...CONFIG_TAGS]);

/**
 * Tags that may follow a text on its line, without those that are read. Others are mentions, such
 * as `@alice`.
 */
const OTHER_INLINE_TAGS: ReadonlySet<string> = names(`alpha author beta experimental override privateRemarks protected
  public readonly sealed see since template throws todo typeParam virtual`);

/** Tags of TypeScript, JSDoc and TSDoc that are for other tools. */
const OTHER_TAGS: ReadonlySet<string> = names(`abstract access alias arg argument async augments callback category
  class classdesc const constant constructor constructs copyright customElement decorator enum event eventProperty
  exception exports extends external file fileoverview final fires function generator global group host implements
  import inheritdoc inner instance interface kind label lends license link linkcode linkplain listens member memberof
  method mixes mixin module name namespace overload overview package packageDocumentation prop property requires
  satisfies static this type typedef typeparam var version yields`);

/** Advice for names that other generators use. */
const ADVICE: ReadonlyMap<string, string> = new Map(
  Object.entries({
    "Write @minimum.": "min gte",
    "Write @maximum.": "max lte",
    "Write @exclusiveMinimum.": "gt exclusiveMin",
    "Write @exclusiveMaximum.": "lt exclusiveMax",
    "Write @multipleOf.": "step",
    "Write @minLength.": "minLen",
    "Write @maxLength.": "maxLen",
    "Write @pattern.": "regex regexp",
    "Write @minLength and @maxLength, or @minItems and @maxItems.": "length len size",
    "Write @minimum and @maximum.": "range between",
    "Write @asType integer.": "int integer isInt isInteger isLong",
    "Write @format with the name of the format.": "email uri url uuid date isDate isDateTime",
    "Write @uniqueItems.": "unique",
    "The type decides: ? makes a property or parameter optional.": "require required optional mandatory",
  }).flatMap(([advice, list]) => list.split(" ").map((name) => [name.toLowerCase(), advice] as const)),
);

/** Unknown tags that take no value. */
const BARE_TAGS: ReadonlySet<string> = names(`date email int integer isdate isdatetime isint isinteger islong mandatory
  optional require required unique uri url uuid`);

/** Checks for an unknown tag that is complete without a value, unlike `@max`. */
export function isBareTag(name: string): boolean {
  return BARE_TAGS.has(name.toLowerCase());
}

/** Checks whether a tag may begin in the middle of a line. */
export function isInlineTag(name: string): boolean {
  return READ_TAGS.has(name) || OTHER_INLINE_TAGS.has(name) || name.startsWith("TJS");
}

/**
 * Returns what the author of an unknown tag most likely meant, as advice; undefined if it is for
 * other tools.
 */
export function suggestTag(name: string): string | undefined {
  if (READ_TAGS.has(name) || OTHER_INLINE_TAGS.has(name) || OTHER_TAGS.has(name)) return undefined;
  const plain = name.replace(/^TJS-?/, "");
  if (plain !== name && VALUE_TAGS.has(plain)) return `Write @${plain}.`;
  const advice = ADVICE.get(plain.toLowerCase());
  if (advice !== undefined) return advice;
  return (
    didYouMean(plain, READ_TAGS)
      .replace(/"(.*)"/, "@$1")
      .trim() || undefined
  );
}

function names(list: string): ReadonlySet<string> {
  return new Set(list.split(/\s+/));
}
