import type { Extensions } from "../extensions/extensions.ts";
import type { ServerDescription } from "../manifest/descriptions.ts";
import { describeVersions } from "../manifest/versions.ts";
import type { ServerIdentity } from "../protocol/connection.ts";
import type { ComponentTable } from "../registry/component-table.ts";
import type { Component } from "../registry/component.ts";
import type { Registry } from "../registry/registry.ts";
import type { ServerOptions } from "./options.ts";

/** Describes all that a server publishes, the disabled components included. */
export function describeServer(
  { name, title, instructions }: ServerOptions,
  { tools, resources, templates, prompts }: Registry,
): ServerDescription {
  const describe = <D extends object>(table: ComponentTable<Component & { readonly description: D }>, id: keyof D) =>
    describeVersions([...table.all().values()], id);
  return {
    name,
    ...(title !== undefined && { title }),
    ...(instructions !== undefined && { instructions }),
    tools: describe(tools, "name"),
    resources: describe(resources, "uri"),
    resourceTemplates: describe(templates, "uriTemplate"),
    prompts: describe(prompts, "name"),
  };
}

/** Returns what a server says of itself to clients that connect. */
export function identityOf(options: ServerOptions, extensions: Extensions | undefined): ServerIdentity {
  const { name, version, title, websiteUrl, icons, instructions, stateKey } = options;
  const optional = {
    ...(title !== undefined && { title }),
    ...(websiteUrl !== undefined && { websiteUrl }),
    ...(icons && { icons }),
  };
  return { info: { name, version, ...optional }, instructions, stateKey, extensions };
}
