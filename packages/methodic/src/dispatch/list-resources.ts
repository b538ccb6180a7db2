import { createContext } from "../context/create-context.ts";
import type { ResourceTemplate } from "../registry/component.ts";
import type { ResourceDescription } from "../registry/descriptions.ts";
import type { TemplateValues, UriTemplate } from "../uri-template/uri-template.ts";
import type { DispatchDeps, DispatchRequest } from "./dispatch.ts";
import { INTERNAL_ERROR } from "../util/json-rpc.ts";
import { isA, RequestError, reportInvalidResult, resourceFailure } from "./failures.ts";
import { InvalidResultError } from "./results.ts";

/** Answers `resources/list`: the resources with a URI of their own, then those that templates list. */
export async function listResources(
  dispatch: DispatchDeps,
  request: DispatchRequest,
): Promise<{ readonly resources: readonly ResourceDescription[] }> {
  const { registry } = dispatch;
  const { access } = request;
  const everything = [...registry.resources.values(), ...registry.templateList];
  const usable: ReadonlySet<unknown> = new Set(await access.filter(everything));
  const own = [...registry.resources.values()].filter((component) => usable.has(component));
  const listing = registry.templateList.filter(
    (component) => component.listMethod !== undefined && usable.has(component),
  );
  const listed = await Promise.all(listing.map((component) => listTemplate(dispatch, component, request)));
  // A method may list what another component answers to, which then decides who sees it.
  const seen =
    usable.size === everything.length
      ? listed.flat()
      : listed.flat().filter(({ uri }) => usable.has(access.findResource(registry, uri)?.component));
  return { resources: [...own.map(({ description }) => description), ...seen] };
}

async function listTemplate(
  dispatch: DispatchDeps,
  component: ResourceTemplate,
  request: DispatchRequest,
): Promise<readonly ResourceDescription[]> {
  const { template, description, service, listMethod } = component;
  const { context, end } = createContext(request);
  try {
    const method = (service as { readonly [name: string]: (context: unknown) => unknown })[listMethod ?? ""];
    const values = await method?.call(service, context);
    if (!Array.isArray(values)) throw new InvalidResultError("it is no array of variable values");
    const { uriTemplate: _, ...facts } = description;
    return values.map((item: unknown) => describeListed(item, template, facts));
  } catch (error) {
    // Nobody waits for the answer to a cancelled request, and that it failed is no news.
    if (request.signal.aborted) throw error;
    const what = `Listing ${template.source}`;
    if (!isA(InvalidResultError, error)) throw resourceFailure(error, template.source, dispatch.failures);
    throw new RequestError(INTERNAL_ERROR, reportInvalidResult(what, error.message, dispatch.failures), {
      uri: template.source,
    });
  } finally {
    end();
  }
}

function describeListed(
  item: unknown,
  template: UriTemplate,
  facts: Omit<ResourceDescription, "uri">,
): ResourceDescription {
  const values = readValues(item, template);
  try {
    return { ...facts, uri: template.expand(values), name: Object.values(values).flat().join("/") };
  } catch (error) {
    throw new InvalidResultError(error instanceof Error ? error.message : "a value cannot be written into the URI", {
      cause: error,
    });
  }
}

/** `String()` alone would list a resource named "[object Object]", or "null". */
function textOf(value: unknown, variable: string): string {
  if (typeof value === "string") return value;
  if (typeof value === "number" || typeof value === "boolean" || typeof value === "bigint") return String(value);
  const given = value === null ? "null" : `of type ${typeof value}`;
  throw new InvalidResultError(
    `the value of the variable '${variable}' must be a string, number or boolean, and is ${given}`,
  );
}

/** One object of values, or one value for a template with one variable. */
function readValues(item: unknown, { source, variables }: UriTemplate): TemplateValues {
  const [only, ...others] = variables;
  const isObject = typeof item === "object" && item !== null && !Array.isArray(item);
  if (!isObject && (!only || others.length > 0)) {
    throw new InvalidResultError(
      `its items must be objects with the variables of '${source}': ${variables.map(({ name }) => name).join(", ")}`,
    );
  }
  const given: { readonly [name: string]: unknown } = isObject
    ? (item as { readonly [name: string]: unknown })
    : { [only?.name ?? ""]: item };
  const present = variables.filter(({ name }) => Object.hasOwn(given, name) && given[name] !== undefined);
  return Object.fromEntries(
    present.map(({ name }) => {
      const value = given[name];
      return [name, Array.isArray(value) ? value.map((one) => textOf(one, name)) : textOf(value, name)];
    }),
  );
}
