import { MethodicError } from "../errors.ts";

/** Throws an error about options. */
export type Refuse = (problem: string) => never;

/**
 * Refuses what is no options object and options that do not exist. Values are never shown: they may be secrets.
 * @returns What throws an error about these options
 * @throws MethodicError
 */
export function refuseOptions(where: string, given: unknown, known: readonly string[]): Refuse {
  const refuse: Refuse = (problem) => {
    throw new MethodicError("INVALID_AUTH_OPTIONS", `${where}: ${problem}.`);
  };
  if (typeof given !== "object" || given === null || Array.isArray(given)) {
    return refuse(`takes one options object with ${known.join(", ")}`);
  }
  const unknown = Object.keys(given).find((option) => !known.includes(option));
  if (unknown !== undefined) refuse(`there is no option '${unknown}'. The options are ${known.join(", ")}`);
  return refuse;
}

/** The URL of a text, if it is one of HTTP. */
export function parseHttpUrl(value: unknown): URL | undefined {
  if (typeof value !== "string" && !(value instanceof URL)) return undefined;
  const url = URL.canParse(String(value)) ? new URL(value) : undefined;
  return url?.protocol === "https:" || url?.protocol === "http:" ? url : undefined;
}

/** Whether it is a list of non-empty texts, with at least one. */
export function isTextList(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.length > 0 && value.every((entry) => typeof entry === "string" && entry !== "");
}
