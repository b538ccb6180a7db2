import type { Resource, ResourceTemplate } from "./component.ts";
import type { Registry } from "./registry.ts";
import type { TemplateMatch } from "../uri-template/uri-template.ts";

/** What answers to a URI. */
export type FoundResource =
  | { readonly component: Resource; readonly match?: undefined }
  | { readonly component: ResourceTemplate; readonly match: TemplateMatch };

/** Finds what answers to a URI: the resource of exactly this URI, else the most specific template that matches. */
export function findResource(
  { resources, templates }: Pick<Registry, "resources" | "templates">,
  uri: string,
): FoundResource | undefined {
  const resource = resources.get(uri);
  if (resource) return { component: resource };
  for (const component of templates) {
    const match = component.template.match(uri);
    if (match) return { component, match };
  }
  return undefined;
}
