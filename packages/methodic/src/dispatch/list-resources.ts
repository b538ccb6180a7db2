import { createContext } from "../context/create-context.ts";
import type { ResourceTemplate } from "../registry/component.ts";
import type { ResourceDescription } from "../manifest/descriptions.ts";
import type { TemplateValues, UriTemplate } from "../uri-template/uri-template.ts";
import { isRecord } from "../util/record.ts";
import { InvalidResultError, reportFailures } from "./failures.ts";
import type { DispatchDeps, DispatchRequest } from "./invoke.ts";

/** Answers `resources/list`: resources with a fixed URI first, then those that templates list. */
export async function listResources(
  deps: DispatchDeps,
  request: DispatchRequest,
): Promise<{ readonly resources: readonly ResourceDescription[] }> {
  const { registry } = deps;
  const { access } = request;
  const fixed = [...registry.resources.values()];
  const all = [...fixed, ...registry.templateList];
  const usable: ReadonlySet<unknown> = new Set(await access.filter(all));
  const listing = registry.templateList.filter(
    (component) => component.listMethod !== undefined && usable.has(component),
  );
  const listed = (await Promise.all(listing.map((component) => listTemplate(deps, component, request)))).flat();
  // A template may list a URI that another component serves. The rules of that component then
  // decide.
  const visible =
    usable.size === all.length
      ? listed
      : listed.filter(({ uri }) => usable.has(access.findResource(registry, uri)?.component));
  const own = fixed.filter((component) => usable.has(component));
  return { resources: [...own.map(({ description }) => description), ...visible] };
}

async function listTemplate(
  { failures }: DispatchDeps,
  { template, description, service, listMethod = "" }: ResourceTemplate,
  request: DispatchRequest,
): Promise<readonly ResourceDescription[]> {
  const { uriTemplate: uri, ...fields } = description;
  const subject = { kind: "resource", label: `Listing ${uri}`, uri } as const;
  return reportFailures(subject, { request, failures }, async () => {
    const { context, end } = createContext(request);
    try {
      const method = (service as { readonly [name: string]: (context: unknown) => unknown })[listMethod];
      const values = await method?.call(service, context);
      if (!Array.isArray(values)) throw new InvalidResultError("expected an array of variable values");
      return values.map((item: unknown) => describeListed(item, template, fields));
    } finally {
      end();
    }
  });
}

function describeListed(
  item: unknown,
  template: UriTemplate,
  fields: Omit<ResourceDescription, "uri">,
): ResourceDescription {
  const values = readValues(item, template);
  try {
    return { ...fields, uri: template.expand(values), name: Object.values(values).flat().join("/") };
  } catch (error) {
    throw new InvalidResultError(error instanceof Error ? error.message : "a value cannot be written into the URI", {
      cause: error,
    });
  }
}

/**
 * Reads the variables of one listed resource: an object of values, or a bare value if the template
 * has one variable.
 */
function readValues(item: unknown, { source, variables }: UriTemplate): TemplateValues {
  const [only, ...others] = variables;
  if (!isRecord(item) && (!only || others.length > 0)) {
    const names = variables.map(({ name }) => name).join(", ");
    throw new InvalidResultError(`expected items with the variables of '${source}': ${names}`);
  }
  const values: { readonly [name: string]: unknown } = isRecord(item) ? item : { [only?.name ?? ""]: item };
  const present = variables.filter(({ name }) => Object.hasOwn(values, name) && values[name] !== undefined);
  return Object.fromEntries(
    present.map(({ name }) => {
      const value = values[name];
      return [
        name,
        Array.isArray(value) ? value.map((item) => readVariableText(item, name)) : readVariableText(value, name),
      ];
    }),
  );
}

/**
 * Reads a variable's value as text. `String()` alone would list a resource named "[object Object]"
 * or "null".
 */
function readVariableText(value: unknown, variable: string): string {
  if (typeof value === "string") return value;
  if (typeof value === "number" || typeof value === "boolean" || typeof value === "bigint") return String(value);
  const received = value === null ? "null" : typeof value;
  throw new InvalidResultError(`variable '${variable}': expected a string, number or boolean, received ${received}`);
}
