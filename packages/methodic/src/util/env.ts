/** Environment variables by name. */
export type Environment = { readonly [name: string]: string | undefined };

/** Returns the environment of the process; undefined in a runtime without `process`. */
export function getEnvironment(): Environment | undefined {
  return (globalThis as { readonly process?: { readonly env?: Environment } }).process?.env;
}

/** Reads an environment variable without surrounding spaces; undefined if it is unset or empty. */
export function readVariable(
  name: string,
  environment: Environment | undefined = getEnvironment(),
): string | undefined {
  const value = environment?.[name]?.trim() ?? "";
  return value === "" ? undefined : value;
}
