import { MethodicError, reasonOf } from "../errors.ts";
import { showValue } from "../util/check-options.ts";

/** The conversion of method names to public names. An explicit `name` is never converted. */
export type Naming = "as-is" | "snake_case" | "kebab-case" | ((methodName: string) => string);

/** The values of {@link Naming} that are strings. */
export const NAMING_STYLES = ["as-is", "snake_case", "kebab-case"] as const;

/** Converts a method's name to its public name. */
export function convertName(methodName: string, naming: Naming): string {
  if (typeof naming === "function") return callNaming(methodName, naming);
  if (naming === "as-is") return methodName;
  return splitWords(methodName).join(naming === "snake_case" ? "_" : "-");
}

function callNaming(methodName: string, naming: (methodName: string) => string): string {
  try {
    return naming(methodName);
  } catch (error) {
    throw new MethodicError(
      "INVALID_SERVER_OPTIONS",
      `createServer: the function 'naming' threw for the method '${methodName}': ${reasonOf(error)}. It must return a name.`,
      { cause: error },
    );
  }
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

/**
 * Refuses a public name that clients would not accept.
 * @throws MethodicError `INVALID_NAME`
 */
export function assertPublicName(name: unknown, where: string): asserts name is string {
  if (typeof name === "string" && PUBLIC_NAME.test(name)) return;
  throw new MethodicError(
    "INVALID_NAME",
    `${where}: invalid public name: ${showValue(name)}. ` +
      'A name has 1 to 128 of the characters A-Z a-z 0-9 _ - . /; set it in the decorator: { name: "…" }.',
  );
}
