import type { JsonSchema } from "../manifest/format.ts";
import type { Prompt, Resource, ResourceTemplate } from "../registry/component.ts";
import { sortByVersion } from "../manifest/versions.ts";
import type { Registry } from "../registry/registry.ts";
import type { DispatchDeps, DispatchRequest } from "./invoke.ts";
import { findNamed, type NamedComponents, type VersionedUri } from "./find-component.ts";
import {
  completeByMethod,
  type CompleteResult,
  type CompletionRequest,
  offer,
  readChosen,
} from "./completion-method.ts";
import { listVariables } from "./list-template.ts";
import { findPrompt } from "./prompts.ts";
import { isSchema, resolveRef } from "../manifest/schema-walk.ts";
import { lowerScheme } from "../uri-template/parse.ts";

/**
 * Answers `completion/complete`: from the method that completes the argument, else from its type,
 * which has the members of enums and of unions of literals, and booleans, else from the `list`
 * method of a template.
 */
export async function complete(
  deps: DispatchDeps,
  completion: CompletionRequest,
  request: DispatchRequest,
): Promise<CompleteResult> {
  const { ref, argument, version } = completion;
  const component =
    ref.type === "ref/prompt"
      ? await findPrompt(deps, { name: ref.name, version }, request)
      : await findTemplate(deps, { uri: ref.uri, version }, request);
  const method = deps.registry.completions.find(component, argument.name);
  if (method) return completeByMethod(deps, { method, component, completion, request });
  const typed = listValues(component, argument.name);
  const choices = typed.length > 0 ? typed : await listChoices(deps, component, { completion, request });
  return offer(choices, argument.value);
}

interface CompletionCall {
  readonly completion: CompletionRequest;
  readonly request: DispatchRequest;
}

/**
 * Lists the values of a variable in the resources that a template lists and that fit the values
 * chosen for the other variables.
 */
async function listChoices(
  deps: DispatchDeps,
  component: Prompt | ResourceTemplate | Resource,
  { completion, request }: CompletionCall,
): Promise<readonly string[]> {
  if (!("template" in component) || component.listMethod === undefined) return [];
  const { argument } = completion;
  if (!component.template.variables.some(({ name }) => name === argument.name)) return [];
  const chosen = Object.entries(readChosen(completion));
  const listed = await listVariables(deps, component, request);
  const fitting = listed.filter((values) =>
    chosen.every(([name, value]) => !Object.hasOwn(values, name) || textOf(values[name]) === value),
  );
  const texts = fitting.map((values) => textOf(values[argument.name]));
  return texts.filter((text) => text !== "");
}

function textOf(value: string | readonly string[] = ""): string {
  return typeof value === "string" ? value : value.join("/");
}

/**
 * Checks whether a parameter of a prompt or resource template has values to offer, or one may come
 * that has.
 */
export function hasCompletions({ prompts, templates, completions }: Registry): boolean {
  if (prompts.isDynamic || templates.isDynamic) return true;
  const listing = [...templates.all().values()];
  if (listing.some(({ listMethod }) => listMethod !== undefined)) return true;
  return [...prompts.all().values(), ...listing].some(
    (component) =>
      completions.has(component) ||
      Object.keys(component.member.inputSchema.properties ?? {}).some((name) => listValues(component, name).length > 0),
  );
}

async function findTemplate(
  { registry }: DispatchDeps,
  { uri, version }: VersionedUri,
  request: DispatchRequest,
): Promise<ResourceTemplate | Resource> {
  const { resources, templates } = registry;
  const findVersions = (given: string): readonly (ResourceTemplate | Resource)[] => {
    const key = lowerScheme(given);
    // Versions of a template may name its variables differently.
    const found = templates.listed().filter(({ template }) => lowerScheme(template.source) === key);
    return found.length > 0 ? sortByVersion(found) : resources.versionsOf(key);
  };
  const named: NamedComponents<ResourceTemplate | Resource> = {
    kind: "resource template",
    isVersioned: templates.isVersioned || resources.isVersioned,
    findVersions,
    candidates: () => templates.listed().map((component) => [lowerScheme(component.template.source), component]),
  };
  return findNamed(named, { name: uri, version }, request);
}

function listValues(
  { member: { inputSchema } }: Prompt | ResourceTemplate | Resource,
  name: string,
): readonly string[] {
  const { properties = {} } = inputSchema;
  const schema = Object.hasOwn(properties, name) ? properties[name] : undefined;
  if (!schema) return [];
  const values = new Set<string>();
  collectValues(schema, { root: inputSchema, values, seen: new Set() });
  return [...values];
}

interface ValueCollection {
  readonly root: JsonSchema;
  readonly values: Set<string>;
  /** The schemas visited so far: a recursive type refers to itself. */
  readonly seen: Set<JsonSchema>;
}

function collectValues(referring: JsonSchema, collection: ValueCollection): void {
  const schema = resolveRef(referring, collection.root);
  if (collection.seen.has(schema)) return;
  collection.seen.add(schema);
  const { type, anyOf, oneOf } = schema;
  const literals = "const" in schema ? [schema["const"]] : Array.isArray(schema["enum"]) ? schema["enum"] : undefined;
  // Arguments are sent as text, in which `null` and objects have no form.
  for (const value of literals ?? [])
    if (value !== null && typeof value !== "object") collection.values.add(String(value));
  if (!literals && [type].flat().includes("boolean")) collection.values.add("true").add("false");
  for (const branch of [anyOf, oneOf].flat()) if (isSchema(branch)) collectValues(branch, collection);
}
