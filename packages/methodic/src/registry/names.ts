import { MethodicError, reasonOf } from "../errors.ts";
import { convertByStyle, isPublicName, type NamingStyle, PUBLIC_NAME_RULE } from "../manifest/names.ts";
import { showValue } from "../util/check-options.ts";

/** The conversion of method names to public names. An explicit `name` is never converted. */
export type Naming = NamingStyle | ((methodName: string) => string);

/** Converts a method's name to its public name. */
export function convertName(methodName: string, naming: Naming): string {
  return typeof naming === "function" ? callNaming(methodName, naming) : convertByStyle(methodName, naming);
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
 * Refuses a public name that clients would not accept.
 * @throws MethodicError `INVALID_NAME`
 */
export function assertPublicName(name: unknown, where: string): asserts name is string {
  if (typeof name === "string" && isPublicName(name)) return;
  throw new MethodicError(
    "INVALID_NAME",
    `${where}: invalid public name: ${showValue(name)}. ` +
      `${PUBLIC_NAME_RULE}; set it in the decorator: { name: "…" }.`,
  );
}
