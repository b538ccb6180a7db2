import { MethodicError, reasonOf } from "../errors.ts";

/** How method names become public names; an explicit `name` is never converted. */
export type Naming = "as-is" | "snake_case" | "kebab-case" | ((methodName: string) => string);

/** The values of {@link Naming} that are words. */
export const NAMING_STYLES = ["as-is", "snake_case", "kebab-case"] as const;

/** Turns a method's name into a public one. */
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
      `createServer: the function given as 'naming' threw for the method '${methodName}': ${reasonOf(error)}. Let it return a name.`,
      { cause: error },
    );
  }
}

/** `getHTTPServer2` -> `get`, `http`, `server2`: a capital begins a word, a run of capitals is one. */
function splitWords(name: string): string[] {
  return name
    .replace(/([\p{Ll}\p{N}])(\p{Lu})/gu, "$1 $2")
    .replace(/(\p{Lu})(\p{Lu}\p{Ll})/gu, "$1 $2")
    .split(/[\s_$-]+/u)
    .filter((word) => word !== "")
    .map((word) => word.toLowerCase());
}

// SEP-986; the SDK's own check has no `/`, the conformance suite and the proposal's final text allow it.
const PUBLIC_NAME = /^[A-Za-z0-9_./-]{1,128}$/;

/** Refuses a public name of a tool or prompt that clients would choke on. */
export function assertPublicName(name: unknown, where: string): asserts name is string {
  if (typeof name === "string" && PUBLIC_NAME.test(name)) return;
  throw new MethodicError(
    "INVALID_NAME",
    `${where}: the public name ${showName(name)} is not allowed. ` +
      'A name has 1 to 128 of the characters A-Z a-z 0-9 _ - . /; give one to the decorator: { name: "…" }.',
  );
}

function showName(name: unknown): string {
  if (typeof name === "string") return JSON.stringify(name);
  return typeof name === "object" || typeof name === "function" ? `of type ${typeof name}` : String(name);
}
