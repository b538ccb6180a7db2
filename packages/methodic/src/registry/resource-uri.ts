import { MethodicError } from "../errors.ts";
import type { Resource } from "./component.ts";
import { didYouMean } from "../util/did-you-mean.ts";
import { compileTemplate, type UriTemplate } from "../uri-template/uri-template.ts";

type Owner = Pick<Resource, "where" | "member">;

// RFC 3986 §3.1, then anything without blanks.
const ABSOLUTE_URI = /^[A-Za-z][A-Za-z0-9+.-]*:\S+$/;

/** Checks the URI of a resource without variables, and that its method needs none. */
export function readStaticUri(uri: string, { where, member }: Owner): void {
  assertAbsolute(uri, where);
  const [needed] = member.inputSchema.required ?? [];
  if (needed === undefined) return;
  throw new MethodicError(
    "INVALID_URI",
    `${where}: the method needs '${needed}', but the URI '${uri}' has no variable for it. Write {${needed}} in the URI, or make the parameter optional.`,
  );
}

/** Reads the URI template of a resource. */
export function readTemplate(uri: string, { where }: Owner): UriTemplate {
  assertAbsolute(uri.replace(/\{[^}]*\}/g, "x"), where, uri);
  return compileTemplate(uri, where);
}

/** Checks that each variable is a parameter, and that each required parameter has its variable. */
export function assertVariables(template: UriTemplate, { where, member }: Owner): void {
  const parameters = Object.keys(member.inputSchema.properties ?? {});
  const variables = template.variables.map(({ name }) => name);
  const unknown = variables.find((name) => !parameters.includes(name));
  if (unknown !== undefined) {
    const known = parameters.length === 0 ? "it has none" : `it has ${parameters.join(", ")}`;
    throw new MethodicError(
      "INVALID_URI",
      `${where}: the variable '${unknown}' of '${template.source}' is no parameter of the method (${known}).${didYouMean(unknown, parameters)} ` +
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

function assertAbsolute(uri: string, where: string, shown: string = uri): void {
  if (ABSOLUTE_URI.test(uri)) return;
  throw new MethodicError(
    "INVALID_URI",
    `${where}: '${shown}' is not an absolute URI. Write it with a scheme, such as notes://all.`,
  );
}
