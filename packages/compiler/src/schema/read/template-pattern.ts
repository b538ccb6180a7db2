import ts from "typescript";

/**
 * Writes a template literal type as a regular expression (ECMA-262, u flag) that matches the strings it contains.
 * Returns nothing for parts that no regular expression describes, like `Uppercase<string>`.
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

/** What follows a placeholder. */
interface PlaceholderContext {
  /** The text up to the next placeholder, or to the end. */
  readonly separator: string;
  readonly isLast: boolean;
  /**
   * Whether it makes no difference which of several separators ends the placeholder, because the rest may be any text. With more to come, an expression
   * that tries them all would take the square of a text's length, or worse.
   */
  readonly isExact: boolean;
}

/**
 * TypeScript ends a placeholder at the first separator there is, and never tries the next; a placeholder directly before
 * another is one character.
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

/** Any string: also `any`, and `string & {}`. */
function isString(type: ts.Type): boolean {
  if (type.isIntersection()) return type.types.every((member) => isString(member) || isEmptyLiteral(member));
  return (type.flags & (ts.TypeFlags.String | ts.TypeFlags.Any)) !== 0;
}

function isEmptyLiteral(type: ts.Type): boolean {
  return (type.flags & ts.TypeFlags.Object) !== 0 && type.getProperties().length === 0;
}

/** Whatever `Number` reads: decimals, hexadecimal digits, spaces around, spaces alone. Of exponents, what is surely below Infinity. */
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

/** Hexadecimal, octal and binary notation. */
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
 * The names that an index signature for numbers is for: the numbers as JavaScript writes them. That numbers of more than 16 digits are
 * rounded is beyond regular expressions; these count as no number.
 */
export const NUMBER_NAME: string = String.raw`^(?:0|-?(?:[1-9]\d{0,15}|(?!0\.0{6})(?:0|[1-9]\d{0,14})\.\d{0,15}[1-9]|[1-9](?:\.\d{0,15}[1-9])?e(?:\+2[1-9]|\+[3-9]\d|\+[12]\d\d|\+30\d|-[7-9]|-[1-9]\d|-[12]\d\d|-3[01]\d)|Infinity)|NaN)$`;

/** A character, as often as the quantifier says, as long as the text to stop at does not begin there. */
function until(stop: string, character: string, quantifier = ""): string {
  const [first] = stop;
  const mayStop = first !== undefined && new RegExp(`^${character}$`, "u").test(first);
  return mayStop ? `(?:(?!${escapePattern(stop)})${character})${quantifier}` : `${character}${quantifier}`;
}

/** In u mode only syntax characters may be escaped. */
export function escapePattern(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`);
}
