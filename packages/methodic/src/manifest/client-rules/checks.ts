import type { JsonSchema, MemberKind } from "../format.ts";
import { isPublicName } from "../names.ts";
import {
  isSchema,
  parseDefinitionReference,
  referenceTo,
  resolvePointer,
  schemaKeyword,
  subschemasOf,
  walkSchema,
} from "../schema-walk.ts";
import { cutPlacesOf } from "../sharing/cut-parts.ts";
import { describeHeaviest, kilobytes, writtenSize } from "../sharing/schema-size.ts";
import { isPortable } from "./patterns.ts";
import { largeBounds, type SchemaRole } from "./rewrites.ts";

/** A schema to check, and its place in the published one. */
export interface CheckedSchema {
  readonly schema: JsonSchema;
  readonly role: SchemaRole;
  readonly root: JsonSchema;
  readonly side: "input" | "output";
}

/** Returns the fault of a schema, as part of a sentence; undefined if it has none. */
export type SchemaCheck = (checked: CheckedSchema) => string | undefined;

/** Maximum length of a published schema, as JSON. */
const MAX_SIZE = 16 * 1024;
const MAX_LEVELS = 10;
const MAX_PROPERTIES = 5000;
const MAX_VALUES = 1000;
const MAX_NAME = 50;
const MAX_DESCRIPTION = 1024;
/** Maximum number of places in a message. */
const MAX_NAMED = 3;

export function hasNone(keywords: readonly string[]): SchemaCheck {
  return ({ schema }) => {
    const found = keywords.find((keyword) => keyword in schema);
    return found === undefined ? undefined : `has ${found}`;
  };
}

export const checkBooleans: SchemaCheck = ({ schema }) => {
  for (const [keyword, value] of Object.entries(schema)) {
    const form = schemaKeyword(keyword)?.form;
    if (form === undefined || keyword === "additionalProperties") continue;
    const inner = form === "schema" ? [value] : Object.values(value as object);
    if (inner.some((item) => typeof item === "boolean")) return `has a boolean schema in ${keyword}`;
  }
  return undefined;
};

export const checkTyped: SchemaCheck = ({ schema, role }) =>
  role !== "properties" || namesType(schema) ? undefined : "has no type";

function namesType({ type, $ref, anyOf, oneOf, allOf }: JsonSchema): boolean {
  if (typeof type === "string" || Array.isArray(type) || typeof $ref === "string") return true;
  const branches = [anyOf ?? oneOf ?? []].flat().filter(isSchema);
  if (branches.length > 0) return branches.every((branch) => namesType(branch));
  return [allOf ?? []].flat().some((part) => isSchema(part) && namesType(part));
}

export const checkOneType: SchemaCheck = ({ schema: { type, anyOf }, role }) => {
  if (Array.isArray(type)) return "has several types";
  const isRepeated = type !== undefined && role !== undefined && Array.isArray(anyOf);
  return isRepeated && anyOf.every((branch) => isSchema(branch) && namesType(branch))
    ? "has a type next to anyOf"
    : undefined;
};

export const checkEnum: SchemaCheck = ({ schema }) => {
  if ("const" in schema) return "has a const";
  return "enum" in schema && typeof schema["type"] !== "string" ? "has an enum without one type" : undefined;
};

export const checkItems: SchemaCheck = ({ schema: { type, items } }) =>
  type !== "array" || isSchema(items) ? undefined : "is an array without items";

export const checkPattern: SchemaCheck = ({ schema: { pattern } }) =>
  typeof pattern !== "string" || isPortable(pattern) ? undefined : "has a pattern that not every client can read";

export const checkNamePatterns: SchemaCheck = ({ schema: { patternProperties, propertyNames } }) => {
  if (patternProperties !== undefined) return "has patternProperties";
  const pattern = isSchema(propertyNames) ? propertyNames["pattern"] : undefined;
  return typeof pattern !== "string" || isPortable(pattern)
    ? undefined
    : "has a pattern for names that not every client can read";
};

export const checkBounds: SchemaCheck = ({ schema }) => {
  const [large] = largeBounds(schema);
  return large === undefined ? undefined : `has ${large} ${String(schema[large])}`;
};

export const checkProperties: SchemaCheck = ({ schema: { type, properties } }) =>
  type !== "object" || isSchema(properties) ? undefined : "is an object without properties";

export const checkReference: SchemaCheck = ({ schema }) => {
  const others = Object.keys(schema).filter((keyword) => keyword !== "$ref" && keyword !== "$defs");
  return schema["$ref"] === undefined || others.length === 0 ? undefined : `has ${others.join(", ")} next to $ref`;
};

export const checkDefinitions: SchemaCheck = ({ schema, role, root }) => {
  if (role !== undefined) return undefined;
  const definitions = isSchema(schema["$defs"]) ? Object.entries(schema["$defs"]) : [];
  const texts = new Set<string>();
  const uses = countReferences(root);
  for (const [name, definition] of definitions) {
    if (!isSchema(definition) || Object.keys(definition).join() === "$ref")
      return `has the definition ${name}, which only names another`;
    if ((uses.get(name) ?? 0) < 2 && !reaches(definition, referenceTo(name), root))
      return `has the definition ${name}, which is used once`;
    texts.add(JSON.stringify(definition));
  }
  return texts.size < definitions.length ? "has equal definitions" : undefined;
};

/** Counts the references to each definition, or into it. */
function countReferences(root: JsonSchema): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  walkSchema(root, (schema) => {
    for (const { schema: inner } of subschemasOf(schema)) {
      const name = parseDefinitionReference(inner["$ref"])?.name;
      if (name !== undefined) counts.set(name, (counts.get(name) ?? 0) + 1);
    }
  });
  return counts;
}

/** Checks whether a schema leads to a reference, through other references. */
function reaches(schema: JsonSchema, reference: string, root: JsonSchema): boolean {
  const seen = new Set<string>();
  const open = [schema];
  for (let part = open.pop(); part; part = open.pop()) {
    const { $ref } = part;
    if ($ref === reference) return true;
    open.push(...subschemasOf(part).map((inner) => inner.schema));
    if (typeof $ref !== "string" || seen.has($ref)) continue;
    seen.add($ref);
    const target = resolvePointer(root, $ref);
    if (isSchema(target)) open.push(target);
  }
  return false;
}

export const checkRoot: SchemaCheck = ({ schema, role, side }) => {
  if (role !== undefined || side === "output") return undefined;
  if (schema["type"] !== "object") return "does not have the type object";
  const found = ["anyOf", "oneOf", "allOf", "enum", "const", "not", "$ref"].find((keyword) => keyword in schema);
  return found === undefined ? undefined : `has ${found} at the root`;
};

export const checkPropertyNames: SchemaCheck = ({ schema: { properties }, role, side }) => {
  if (role !== undefined || side === "output" || !isSchema(properties)) return undefined;
  const refused = Object.keys(properties).find((name) => !/^[A-Za-z0-9_.-]{1,64}$/.test(name));
  return refused === undefined ? undefined : `has a parameter named ${JSON.stringify(refused)}`;
};

export const checkDeclared: SchemaCheck = ({ schema: { type, properties, required } }) => {
  if (type !== "object" || !Array.isArray(required)) return undefined;
  const missing = required.find((name) => !isSchema(properties) || !Object.hasOwn(properties, String(name)));
  return missing === undefined ? undefined : `requires ${JSON.stringify(missing)}, which is not among its properties`;
};

export const checkEnumValues: SchemaCheck = ({ schema }) =>
  Array.isArray(schema["enum"]) && schema["enum"].includes("") ? "has an empty string in its enum" : undefined;

export const checkLimits: SchemaCheck = ({ schema, role }) => {
  // The warning of the size advises the same.
  if (role !== undefined || isLarge(schema)) return undefined;
  let [levels, properties, values] = [0, 0, 0];
  walkSchema(schema, (part, path) => {
    levels = Math.max(levels, path.filter((token) => schemaKeyword(token)?.target === "child").length);
    if (isSchema(part["properties"])) properties += Object.keys(part["properties"]).length;
    if (Array.isArray(part["enum"])) values += part["enum"].length;
  });
  if (levels > MAX_LEVELS) return `is ${levels} levels deep`;
  if (properties > MAX_PROPERTIES) return `has ${properties} properties`;
  return values > MAX_VALUES ? `lists ${values} values` : undefined;
};

export const checkSize: SchemaCheck = ({ schema, role }) => {
  if (role !== undefined || !isLarge(schema)) return undefined;
  const parts = describeHeaviest(schema);
  const size = `has ${kilobytes(writtenSize(schema))}, which every request of a model carries`;
  return [size, ...describeCut(cutPlacesOf(schema)), ...(parts === "" ? [] : [`Largest parts: ${parts}`])].join(". ");
};

function describeCut(places: readonly string[]): readonly string[] {
  const named = places.slice(0, MAX_NAMED).join(", ");
  if (places.length === 0) return [];
  if (places.length <= MAX_NAMED) return [`Described by the JSON type alone: ${named}`];
  return [`${places.length} parts are described by their JSON type alone, such as ${named}`];
}

function isLarge(schema: JsonSchema): boolean {
  return writtenSize(schema) > MAX_SIZE;
}

export function checkNameCharacters(name: string, kind: MemberKind): string | undefined {
  // Names that MCP refuses are errors already.
  const isRefused = kind !== "resource" && isPublicName(name) && !/^[A-Za-z0-9_-]+$/.test(name);
  return isRefused ? `has the name ${JSON.stringify(name)}, with characters other than A-Z a-z 0-9 _ -` : undefined;
}

export function checkNameLength(name: string, kind: MemberKind): string | undefined {
  const isLong = kind !== "resource" && isPublicName(name) && name.length > MAX_NAME;
  return isLong ? `has the name ${JSON.stringify(name)} of ${name.length} characters` : undefined;
}

export function checkDescription(description: string, kind: MemberKind): string | undefined {
  if (kind !== "tool") return undefined;
  if (description.trim() === "") return "has no description";
  return description.length > MAX_DESCRIPTION ? `has a description of ${description.length} characters` : undefined;
}
