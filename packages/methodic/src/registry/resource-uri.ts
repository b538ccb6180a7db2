import { MethodicError } from "../errors.ts";
import { isAbsolute } from "../uri-template/parse.ts";
import { compileTemplate, type UriTemplate } from "../uri-template/uri-template.ts";
import { didYouMean } from "../util/did-you-mean.ts";
import type { Resource } from "./component.ts";

/** The method of a resource, and its place for messages. */
type ResourceMethod = Pick<Resource, "where" | "member">;

/**
 * Checks the URI of a resource without variables: it is absolute, and the method requires no
 * parameter.
 * @throws MethodicError `INVALID_URI`
 */
export function assertStaticUri(uri: string, { where, member }: ResourceMethod): void {
  assertAbsolute(uri, where);
  const [needed] = member.inputSchema.required ?? [];
  if (needed === undefined) return;
  throw new MethodicError(
    "INVALID_URI",
    `${where}: the method needs '${needed}', but the URI '${uri}' has no variable for it. Write {${needed}} in the URI, or make the parameter optional.`,
  );
}

/**
 * Reads the URI template of a resource: each variable is a parameter, and each required parameter
 * has a variable.
 * @throws MethodicError `INVALID_URI`
 */
export function readTemplate(uri: string, method: ResourceMethod): UriTemplate {
  assertAbsolute(uri, method.where);
  const template = compileTemplate(uri, method.where);
  assertVariables(template, method);
  return template;
}

function assertAbsolute(uri: string, where: string): void {
  if (isAbsolute(uri)) return;
  throw new MethodicError(
    "INVALID_URI",
    `${where}: '${uri}' is not an absolute URI. Write it with a scheme, such as notes://all.`,
  );
}

function assertVariables(template: UriTemplate, { where, member }: ResourceMethod): void {
  const parameters = Object.keys(member.inputSchema.properties ?? {});
  const variables = template.variables.map(({ name }) => name);
  const unknown = variables.find((name) => !parameters.includes(name));
  if (unknown !== undefined) {
    const known = parameters.length === 0 ? "it has no parameters" : `its parameters are ${parameters.join(", ")}`;
    throw new MethodicError(
      "INVALID_URI",
      `${where}: the variable '${unknown}' of '${template.source}' is not a parameter of the method (${known}).${didYouMean(unknown, parameters)} ` +
        "Use the same names on both sides.",
    );
  }
  const missing = member.inputSchema.required?.find((name) => !variables.includes(name));
  if (missing === undefined) return;
  throw new MethodicError(
    "INVALID_URI",
    `${where}: the method needs '${missing}', but '${template.source}' has no variable for it. Write {${missing}} in the URI, or make the parameter optional.`,
  );
}

/**
 * Returns the variables of a template whose values are checked for path traversal: all but those
 * that the author exempts and those whose type leaves no room for a path (bytes, or a closed list
 * of values).
 * @param exempt The option `allowUnsafeVariables`
 * @throws MethodicError `INVALID_DECORATOR_OPTIONS` if an exempt variable does not exist
 */
export function selectCheckedVariables(
  template: UriTemplate,
  exempt: readonly string[],
  { where, member }: ResourceMethod,
): readonly string[] {
  const names = template.variables.map(({ name }) => name);
  const unknown = exempt.find((name) => !names.includes(name));
  if (unknown !== undefined) {
    throw new MethodicError(
      "INVALID_DECORATOR_OPTIONS",
      `${where}: invalid option 'allowUnsafeVariables': '${unknown}' is not a variable of '${template.source}'.${didYouMean(unknown, names)} The variables are ${names.join(", ")}.`,
    );
  }
  const { properties = {} } = member.inputSchema;
  const isClosed = ({ enum: values, const: value, contentEncoding }: Readonly<Record<string, unknown>>): boolean =>
    values !== undefined || value !== undefined || contentEncoding === "base64";
  return names.filter((name) => !exempt.includes(name) && !isClosed(properties[name] ?? {}));
}

/**
 * Refuses the option `allowUnsafeVariables` on a resource without variables.
 * @throws MethodicError `INVALID_DECORATOR_OPTIONS`
 */
export function assertNoUnsafeVariables(exempt: readonly string[], uri: string, where: string): void {
  if (exempt.length === 0) return;
  throw new MethodicError(
    "INVALID_DECORATOR_OPTIONS",
    `${where}: invalid option 'allowUnsafeVariables': '${uri}' has no variables. Remove the option.`,
  );
}
