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
    const piece = partPattern(part, { separator, isLast: later.length === 0, isExact: later.every(isString) });
    if (piece === undefined) return undefined;
    pattern += piece + escapePattern(separator);
  }
  return pattern;
}

/** What follows a placeholder. */
interface Place {
  /** The text up to the next placeholder, or to the end. */
  readonly separator: string;
  readonly isLast: boolean;
  /** Whether it makes no difference which of several separators ends the placeholder. */
  readonly isExact: boolean;
}

/**
 * TypeScript ends a placeholder at the first separator there is, and never tries the next; a placeholder directly before
 * another is one character.
 */
function partPattern(type: ts.Type, { separator, isLast, isExact }: Place): string | undefined {
  if (type.isStringLiteral() || type.isNumberLiteral()) return escapePattern(String(type.value));
  const isSingle = !isLast && separator === "";
  const stop = isLast ? "" : separator;
  if (isString(type)) {
    if (isSingle) return String.raw`[\s\S]`;
    return isExact ? String.raw`[\s\S]*` : until(stop, String.raw`[\s\S]`, "*");
  }
  if (!(type.flags & (ts.TypeFlags.Number | ts.TypeFlags.BigInt))) return undefined;
  if (isSingle) return String.raw`\d`;
  return type.flags & ts.TypeFlags.Number ? numberPattern(stop) : integerPattern(stop);
}

function isString(type: ts.Type): boolean {
  return (type.flags & ts.TypeFlags.String) !== 0;
}

/** Decimal notation. TypeScript also takes what else `Number` reads: hexadecimal digits, spaces around. */
function numberPattern(stop: string): string {
  const digits = until(stop, String.raw`\d`, "+");
  const sign = until(stop, "[+-]", "?");
  const exponent = `(?:${until(stop, "[eE]")}${sign}${digits})?`;
  if (stop === ".") return `${sign}${digits}${exponent}`;
  const point = until(stop, String.raw`\.`);
  const fraction = `${point}${until(stop, String.raw`\d`, "*")}`;
  return `${sign}(?:${digits}(?:${fraction})?|${point}${digits})${exponent}`;
}

function integerPattern(stop: string): string {
  const digits = until(stop, String.raw`\d`, "*");
  return `${until(stop, "-", "?")}(?:${until(stop, "0")}|${until(stop, "[1-9]")}${digits})`;
}

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
