import { MethodicError } from "../errors.ts";
import { showValue } from "../util/check-options.ts";
import type { ResourceOptions } from "./definition.ts";
import { readArgument } from "./options.ts";
import { type ComponentDecorator, componentDecorator } from "./tool.ts";

/**
 * Publishes a method as an MCP resource or, if the URI has variables (RFC 6570), as a resource
 * template. Variables are the method's parameters, by name: `{x}` is one path segment, `{x*}`
 * several, `{+x}` anything, `{?a,b}` query parameters.
 *
 * @param uri An absolute URI such as `notes://all`, or a template such as `notes://{name}`
 * @param options The resource's name, or its options
 * @throws MethodicError `INVALID_URI` if the URI is missing, or `INVALID_DECORATOR_OPTIONS`
 *
 * @example
 * ```ts
 * import { resource, ResourceError } from "methodic";
 *
 * class Notes {
 *   #notes = new Map<string, string>();
 *
 *   /** A specific note by name. *\/ @resource("notes://{name}") note(name: string): string {
 *     const note = this.#notes.get(name);
 *     if (note === undefined) throw new ResourceError(`There is no note '${name}'.`);
 *     return note;
 *   }
 * }
 * ```
 */
export function resource(uri: string, options?: string | ResourceOptions): ComponentDecorator {
  if (typeof uri !== "string") {
    throw new MethodicError(
      "INVALID_URI",
      `@resource: the URI is missing: the first argument is ${showValue(uri)}. Write @resource("scheme://path").`,
    );
  }
  return componentDecorator({ kind: "resource", uri, options: readArgument("resource", options) });
}
