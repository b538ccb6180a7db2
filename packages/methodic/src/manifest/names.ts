/** The conversions of method names to public names that a server can choose by name. */
export const NAMING_STYLES = ["as-is", "snake_case", "kebab-case"] as const;

/** A conversion of method names to public names. */
export type NamingStyle = (typeof NAMING_STYLES)[number];

/** Converts a method's name to its public name. */
export function convertByStyle(methodName: string, style: NamingStyle): string {
  if (style === "as-is") return methodName;
  return splitWords(methodName).join(style === "snake_case" ? "_" : "-");
}

/**
 * Splits `getHTTPServer2` into `get`, `http`, `server2`: a capital or a run of capitals begins a
 * word.
 */
function splitWords(name: string): string[] {
  return separateCapitals(name)
    .split(/[\s_$-]+/u)
    .filter((word) => word !== "")
    .map((word) => word.toLowerCase());
}

/** Puts a space before each word that begins with a capital. `URLs` is one word. */
function separateCapitals(name: string): string {
  return name.replace(/([\p{Ll}\p{N}])(\p{Lu})/gu, "$1 $2").replace(/(\p{Lu})(\p{Lu}(?!s(?!\p{Ll}))\p{Ll})/gu, "$1 $2");
}

/**
 * Derives a title from a public name: `add_note`, `addNote` and `add-note` become `Add note`,
 * `getURL` and `get_url` become `Get URL`.
 */
export function deriveTitle(name: string): string {
  const words = separateCapitals(name)
    // A number is a separate word, but not in `v2` and `SHA256`.
    .replace(/(\p{Ll}{2})(?=\p{N})/gu, "$1 ")
    .split(/[\s_$./-]+/u)
    .filter((word) => word !== "")
    .map(toTitleWord);
  const [first, ...others] = [...words.join(" ")];
  return first === undefined ? name : [first.toUpperCase(), ...others].join("");
}

// Names in snake_case do not show which words are acronyms.
const ACRONYM = /^(?:api|css|csv|html|https?|id|ip|json|pdf|sql|ssh|ui|uri|url|uuid|xml)(?=s?$)/;
/** An acronym, its plural, or a single letter other than the article. */
const CAPITALS = /^(?:\p{Lu}[\p{Lu}\p{N}]+s?|(?!A$)\p{Lu})$/u;

function toTitleWord(word: string): string {
  return CAPITALS.test(word) ? word : word.toLowerCase().replace(ACRONYM, (acronym) => acronym.toUpperCase());
}

// SEP-986. The SDK's own check has no `/`, but the conformance suite and the proposal's final text
// allow it.
const PUBLIC_NAME = /^[A-Za-z0-9_./-]{1,128}$/;

/** The rule of {@link isPublicName}, for messages. */
export const PUBLIC_NAME_RULE = "A name has 1 to 128 of the characters A-Z a-z 0-9 _ - . /";

/** Checks whether MCP allows a name for a tool, a prompt or a resource. */
export function isPublicName(name: string): boolean {
  return PUBLIC_NAME.test(name);
}
