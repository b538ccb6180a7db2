import { MethodicError } from "../errors.ts";
import type { Resource } from "./component.ts";
import { didYouMean } from "./nearest.ts";
import type { UriTemplate } from "./uri-template.ts";

type Owner = Pick<Resource, "where" | "member">;

/**
 * The variables of a template whose values are screened: all but those that the author exempts, and those whose type leaves no room for a path
 * (bytes, or a closed list of values).
 * @throws MethodicError `INVALID_OPTIONS`
 */
export function readScreenedVariables(
  unscreened: unknown,
  template: UriTemplate,
  { where, member }: Owner,
): readonly string[] {
  const names = template.variables.map(({ name }) => name);
  const exempt = readNames(unscreened, where);
  const unknown = exempt.find((name) => !names.includes(name));
  if (unknown !== undefined) {
    throw new MethodicError(
      "INVALID_OPTIONS",
      `${where}: its option unscreened names '${unknown}', which is no variable of '${template.source}'.${didYouMean(unknown, names)} Name some of ${names.join(", ")}.`,
    );
  }
  const { properties = {} } = member.inputSchema;
  const isClosed = ({ enum: values, const: value, contentEncoding }: Readonly<Record<string, unknown>>): boolean =>
    values !== undefined || value !== undefined || contentEncoding === "base64";
  return names.filter((name) => !exempt.includes(name) && !isClosed(properties[name] ?? {}));
}

/**
 * Checks that a resource without variables exempts none.
 * @throws MethodicError `INVALID_OPTIONS`
 */
export function assertNoneUnscreened(unscreened: unknown, uri: string, where: string): void {
  if (readNames(unscreened, where).length === 0) return;
  throw new MethodicError(
    "INVALID_OPTIONS",
    `${where}: its option unscreened names variables, but '${uri}' has none. Leave the option out.`,
  );
}

function readNames(unscreened: unknown, where: string): readonly string[] {
  if (unscreened === undefined) return [];
  if (Array.isArray(unscreened) && unscreened.every((name) => typeof name === "string")) return unscreened;
  const given = typeof unscreened === "string" ? JSON.stringify(unscreened) : `of type ${typeof unscreened}`;
  throw new MethodicError(
    "INVALID_OPTIONS",
    `${where}: its option unscreened must be a list of variable names, and is ${given}. Write it as unscreened: ["path"].`,
  );
}
