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
  return name
    .replace(/([\p{Ll}\p{N}])(\p{Lu})/gu, "$1 $2")
    .replace(/(\p{Lu})(\p{Lu}\p{Ll})/gu, "$1 $2")
    .split(/[\s_$-]+/u)
    .filter((word) => word !== "")
    .map((word) => word.toLowerCase());
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
