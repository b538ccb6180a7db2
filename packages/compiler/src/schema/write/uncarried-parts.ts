import { isSchema } from "methodic/manifest";
import { isUninhabited, type RawSchema } from "./raw-schema.ts";

/** Checks whether JSON can carry values of a schema. */
export type IsCarried = (part: RawSchema) => boolean;

/** A part of a schema, with its segment of the path. */
type Part = readonly [segment: string | undefined, schema: RawSchema];

/** Returns the parts that keep JSON from carrying a schema; undefined if it can be carried. */
export function uncarriedPartsOf(raw: RawSchema, isCarried: IsCarried): readonly Part[] | undefined {
  const parts = unionPartsOf(raw, isCarried) ?? listPartsOf(raw, isCarried) ?? objectPartsOf(raw, isCarried) ?? [];
  return parts.length > 0 ? parts : undefined;
}

/** A union is not carried if nothing remains of it. */
function unionPartsOf(raw: RawSchema, isCarried: IsCarried): readonly Part[] | undefined {
  if (!Array.isArray(raw["anyOf"])) return undefined;
  const members = (raw["anyOf"] as readonly RawSchema[]).filter((member) => !isUninhabited(member));
  return members.some((member) => isCarried(member)) ? [] : members.map((member) => [undefined, member]);
}

/** A list is not carried if its items are not, or an element that must be there. */
function listPartsOf(raw: RawSchema, isCarried: IsCarried): readonly Part[] | undefined {
  const {
    items,
    additionalItems,
    minItems = 0,
  } = raw as { items?: unknown; additionalItems?: unknown; minItems?: number };
  if (typeof items !== "object" || items === null) return undefined;
  if (!Array.isArray(items)) return isCarried(items as RawSchema) ? [] : [["[]", items as RawSchema]];
  const elements = (items as readonly RawSchema[]).map((element, index): Part => [`[${index}]`, element]);
  const rest: Part[] =
    minItems > elements.length && isSchema(additionalItems) ? [[`[${elements.length}]`, additionalItems]] : [];
  return [...elements.slice(0, minItems), ...rest].filter(([, element]) => !isCarried(element));
}

/**
 * An object is not carried if a required property is not, nor if it has nothing but index
 * signatures that are not.
 */
function objectPartsOf(raw: RawSchema, isCarried: IsCarried): readonly Part[] {
  const properties = Object.entries(schemasOf(raw["properties"]));
  const required = new Set((raw["required"] ?? []) as readonly string[]);
  const missing = properties.filter(([name, property]) => required.has(name) && !isCarried(property));
  if (missing.length > 0) return missing;
  const indexes = indexesOf(raw).map((index): Part => ["[key]", index]);
  const lost = indexes.filter(([, index]) => !isCarried(index));
  const remains = lost.length < indexes.length || properties.some(([, property]) => isCarried(property));
  return remains ? [] : lost;
}

function indexesOf(raw: RawSchema): readonly RawSchema[] {
  const rest = raw["additionalProperties"];
  return [...Object.values(schemasOf(raw["patternProperties"])), ...(isSchema(rest) ? [rest] : [])];
}

/** Returns the schemas of a keyword that holds them by name. */
export function schemasOf(value: unknown): Readonly<Record<string, RawSchema>> {
  return (value ?? {}) as Readonly<Record<string, RawSchema>>;
}
