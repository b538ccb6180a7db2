import ts from "typescript";

/**
 * Converts a template literal type to a regular expression (ECMA-262, u flag) that matches its
 * strings. Returns undefined for parts that no regular expression describes, like
 * `Uppercase<string>`.
 */
export function templatePattern(type: ts.TemplateLiteralType): string | undefined {
  const body = templateBody(type);
  return body === undefined ? undefined : `^${body}$`;
}

function templateBody(type: ts.TemplateLiteralType): string | undefined {
  const [start = "", ...separators] = type.texts;
  let pattern = escapePattern(start);
  for (const [index, part] of type.types.entries()) {
    const separator = separators[index] ?? "";
    const later = type.types.slice(index + 1);
    const isExact = later.length === 1 && later.every(isString) && separators.at(-1) === "";
    const piece = partPattern(part, { separator, isLast: later.length === 0, isExact });
    if (piece === undefined) return undefined;
    pattern += piece + escapePattern(separator);
  }
  return pattern;
}

/** The context that follows a placeholder. */
interface PlaceholderContext {
  /** Text up to the next placeholder, or to the end. */
  readonly separator: string;
  readonly isLast: boolean;
  /**
   * The placeholder may end at any of several separators, because the rest may be any text. With
   * more to come, an expression that tries all of them would take at least quadratic time.
   */
  readonly isExact: boolean;
}

/**
 * Returns the pattern of one placeholder. TypeScript ends a placeholder at the first separator and
 * never tries the next; a placeholder directly before another is one character.
 */
function partPattern(type: ts.Type, { separator, isLast, isExact }: PlaceholderContext): string | undefined {
  if (type.isStringLiteral() || type.isNumberLiteral()) return escapePattern(String(type.value));
  const isSingle = !isLast && separator === "";
  const stop = isLast ? "" : separator;
  if (isString(type)) {
    if (isSingle) return String.raw`[\s\S]`;
    return isExact ? String.raw`[\s\S]*` : until(stop, String.raw`[\s\S]`, "*");
  }
  if (!(type.flags & (ts.TypeFlags.Number | ts.TypeFlags.BigInt))) return undefined;
  if (isSingle) return type.flags & ts.TypeFlags.Number ? String.raw`[\d\s]` : String.raw`\d`;
  return type.flags & ts.TypeFlags.Number ? numberPattern(stop) : integerPattern(stop);
}

/** Checks for a type of any string, including `any` and `string & {}`. */
function isString(type: ts.Type): boolean {
  if (type.isIntersection()) return type.types.every((member) => isString(member) || isEmptyLiteral(member));
  return (type.flags & (ts.TypeFlags.String | ts.TypeFlags.Any)) !== 0;
}

function isEmptyLiteral(type: ts.Type): boolean {
  return (type.flags & ts.TypeFlags.Object) !== 0 && type.getProperties().length === 0;
}

/**
 * Returns the pattern of what `Number` parses: decimals, hexadecimal digits, spaces around, spaces
 * alone. Exponents are limited to those surely below Infinity.
 */
function numberPattern(stop: string): string {
  const digits = until(stop, String.raw`\d`, "+");
  const sign = until(stop, "[+-]", "?");
  const positive = `${until(stop, String.raw`\+`, "?")}${until(stop, "[12]", "?")}${until(stop, String.raw`\d`, "?")}${until(stop, String.raw`\d`)}`;
  const exponent = `(?:${until(stop, "[eE]")}(?:${positive}|${until(stop, "-")}${digits}))?`;
  const point = until(stop, String.raw`\.`);
  const fraction = `${point}${until(stop, String.raw`\d`, "*")}`;
  const decimal = stop === "." ? digits : `(?:${digits}(?:${fraction})?|${point}${digits})`;
  const space = until(stop, String.raw`\s`, "*");
  return `(?:${space}(?:${sign}${decimal}${exponent}|${prefixedPattern(stop)})${space}|${until(stop, String.raw`\s`, "+")})`;
}

function integerPattern(stop: string): string {
  const digits = until(stop, String.raw`\d`, "*");
  const decimal = `${until(stop, "0")}|${until(stop, "[1-9]")}${digits}`;
  return `${until(stop, "-", "?")}(?:${decimal}|${prefixedPattern(stop)})`;
}

/** Returns the pattern of hexadecimal, octal and binary notation. */
function prefixedPattern(stop: string): string {
  const zero = until(stop, "0");
  const digits: readonly (readonly [string, string])[] = [
    ["[xX]", String.raw`[\da-fA-F]`],
    ["[oO]", "[0-7]"],
    ["[bB]", "[01]"],
  ];
  return digits.map(([letter, digit]) => `${zero}${until(stop, letter)}${until(stop, digit, "+")}`).join("|");
}

/**
 * The property names that an index signature for numbers covers: numbers as JavaScript writes them,
 * with at most 17 digits before zeros. Of 16 or 17 digits, no regular expression can tell which
 * JavaScript rounds.
 */
export const NUMBER_NAME: string = String.raw`^(?:0|-?(?:[1-9]\d{0,16}0{0,4}|(?!0\.0{6})(?=(?:0\.0*)?(?:\.?\d){1,17}$)(?:0|[1-9]\d{0,15})\.\d*[1-9]|[1-9](?:\.\d{0,15}[1-9])?e(?:\+2[1-9]|\+[3-9]\d|\+[12]\d\d|\+30[0-8]|-[7-9]|-[1-9]\d|-[12]\d\d|-3[01]\d|-32[0-4])|Infinity)|NaN)$`;

/**
 * Repeats a character as often as the quantifier says, unless the text to stop at begins there.
 */
function until(stop: string, character: string, quantifier = ""): string {
  const [first] = stop;
  const mayStop = first !== undefined && new RegExp(`^${character}$`, "u").test(first);
  return mayStop ? `(?:(?!${escapePattern(stop)})${character})${quantifier}` : `${character}${quantifier}`;
}

/**
 * Escapes text for a regular expression. With the u flag, only syntax characters may be escaped.
 */
export function escapePattern(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`);
}
