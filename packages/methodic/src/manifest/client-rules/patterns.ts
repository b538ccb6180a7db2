/**
 * The longest pattern that is published. Longer ones, most of them alternations of many texts,
 * exceed the grammar limits of local models.
 */
const MAX_PATTERN = 500;

/** Patterns up to this length are quoted in a description. */
const MAX_QUOTED = 120;

/** Character classes that grammars lack, and what they stand for inside brackets. */
const CLASSES: ReadonlyMap<string, string> = new Map([
  ["d", "0-9"],
  ["w", "A-Za-z0-9_"],
]);

/** A token of a regular expression: an escape, the start of a group, or one character. */
const TOKEN = /\\[\s\S]|\(\?(?:<?[=!]|<|:|)|[\s\S]/g;

/**
 * Rewrites a regular expression so that every known engine reads it in the same way: those of
 * JavaScript, Python, Go and Rust, and the grammars of llama.cpp. Returns nothing if that is not
 * possible.
 * @param pattern A valid regular expression (ECMA-262, u flag)
 */
export function portablePattern(pattern: string): string | undefined {
  let text = "";
  let inClass = false;
  for (const [token] of pattern.matchAll(TOKEN)) {
    const part = portableToken(token, inClass);
    if (part === undefined) return undefined;
    if (token === "[") inClass = true;
    else if (token === "]") inClass = false;
    text += part;
  }
  return isPortable(text) ? text : undefined;
}

function portableToken(token: string, inClass: boolean): string | undefined {
  if (token === "(?:" && !inClass) return "(";
  if (token.startsWith("(?") && !inClass) return undefined;
  if (!token.startsWith("\\")) return token;
  const letter = token.slice(1);
  const listed = CLASSES.get(letter);
  if (listed !== undefined) return inClass ? listed : `[${listed}]`;
  // Escaped letters and digits are classes, assertions, and back-references.
  return /[A-Za-z0-9]/.test(letter) && !/[nrt]/.test(letter) ? undefined : token;
}

/** Checks that a pattern has only what every known engine reads in the same way. */
export function isPortable(pattern: string): boolean {
  if (pattern.length > MAX_PATTERN || !/^\^[\s\S]*\$$/.test(pattern)) return false;
  const bare = pattern.replaceAll(/\\[^A-Za-z0-9]|\\[nrt]/g, "x");
  // Engines disagree about `[]` and `[^]`.
  if (/\[\^?\]/.test(bare)) return false;
  // A back-slash that is left is a class or a back-reference.
  if (bare.includes("\\")) return false;
  let text = bare.replaceAll(/\[[^\]]*\]/g, "x");
  // A `?` after a quantifier is lazy.
  if (/\(\?|[*+?}]\?/.test(text)) return false;
  // An alternation outside groups is anchored on one side only.
  for (let inner = ""; inner !== text; text = text.replaceAll(/\([^()]*\)/g, "x")) inner = text;
  return !text.includes("|");
}

/** Describes the texts that a pattern allows, if a few words suffice. */
export function describePattern(pattern: string): string | undefined {
  if (pattern.length <= MAX_QUOTED) return pattern;
  const regex = new RegExp(pattern, "u");
  return NUMBERS.every((text) => regex.test(text)) && !OTHERS.some((text) => regex.test(text)) ? "numbers" : undefined;
}

const NUMBERS = ["0", "7", "-12", "1.5"];
const OTHERS = ["", "a", "1a", "1-1", " ", "x1"];
