import { MethodicError } from "../errors.ts";
import type { Resource } from "./component.ts";
import { didYouMean } from "../util/did-you-mean.ts";
import type { UriTemplate } from "../uri-template/uri-template.ts";

type Owner = Pick<Resource, "where" | "member">;

/**
 * The variables of a template whose values are screened: all but those that the author exempts, and those whose type leaves no room for a path
 * (bytes, or a closed list of values).
 * @throws MethodicError `INVALID_DECORATOR_OPTIONS`
 */
export function readCheckedVariables(
  allowUnsafeVariables: unknown,
  template: UriTemplate,
  { where, member }: Owner,
): readonly string[] {
  const names = template.variables.map(({ name }) => name);
  const exempt = readNames(allowUnsafeVariables, where);
  const unknown = exempt.find((name) => !names.includes(name));
  if (unknown !== undefined) {
    throw new MethodicError(
      "INVALID_DECORATOR_OPTIONS",
      `${where}: its option allowUnsafeVariables names '${unknown}', which is no variable of '${template.source}'.${didYouMean(unknown, names)} Name some of ${names.join(", ")}.`,
    );
  }
  const { properties = {} } = member.inputSchema;
  const isClosed = ({ enum: values, const: value, contentEncoding }: Readonly<Record<string, unknown>>): boolean =>
    values !== undefined || value !== undefined || contentEncoding === "base64";
  return names.filter((name) => !exempt.includes(name) && !isClosed(properties[name] ?? {}));
}

/**
 * Checks that a resource without variables exempts none.
 * @throws MethodicError `INVALID_DECORATOR_OPTIONS`
 */
export function assertNoUnsafeVariables(allowUnsafeVariables: unknown, uri: string, where: string): void {
  if (readNames(allowUnsafeVariables, where).length === 0) return;
  throw new MethodicError(
    "INVALID_DECORATOR_OPTIONS",
    `${where}: its option allowUnsafeVariables names variables, but '${uri}' has none. Leave the option out.`,
  );
}

function readNames(allowUnsafeVariables: unknown, where: string): readonly string[] {
  if (allowUnsafeVariables === undefined) return [];
  if (Array.isArray(allowUnsafeVariables) && allowUnsafeVariables.every((name) => typeof name === "string"))
    return allowUnsafeVariables;
  const given =
    typeof allowUnsafeVariables === "string"
      ? JSON.stringify(allowUnsafeVariables)
      : `of type ${typeof allowUnsafeVariables}`;
  throw new MethodicError(
    "INVALID_DECORATOR_OPTIONS",
    `${where}: its option allowUnsafeVariables must be a list of variable names, and is ${given}. Write it as allowUnsafeVariables: ["path"].`,
  );
}
