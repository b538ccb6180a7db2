import { TEMPLATE } from "../marks.ts";
import { isUninhabited, resolveReference, contentKey, type FindDefinition, type RawSchema } from "./raw-schema.ts";

/** A kind with too many values to list. A template is the strings of one pattern. */
export type Kind = "string" | "template" | "number" | "object" | "array";

/** A value that is its own type: `"a"`, `1`, `true`, `null`. */
export type Unit = string | number | boolean | null;

/**
 * The values that a property's type accepts, as far as TypeScript's choice between union members
 * depends on them.
 */
export interface Domain {
  readonly units: ReadonlySet<Unit>;
  /**
   * Accepted kinds. Of strings and numbers, all values are accepted; of templates, objects and
   * arrays, those that one of the `schemas` accepts.
   */
  readonly kinds: ReadonlySet<Kind>;
  /** Content keys of the schemas of templates, objects and arrays. */
  readonly schemas: ReadonlySet<string>;
}

interface MutableDomain {
  readonly units: Set<Unit>;
  readonly kinds: Set<Kind>;
  readonly schemas: Set<string>;
}

const ALL_TYPES = ["string", "number", "boolean", "null", "object", "array"];

/** Returns the values that a property of any one of several types accepts. */
export function domainOf(types: readonly RawSchema[], find: FindDefinition): Domain {
  const draft: MutableDomain = { units: new Set(), kinds: new Set(), schemas: new Set() };
  const seen = new Set<string>();
  const collect = (raw: RawSchema): void => {
    const reference = raw["$ref"];
    if (typeof reference === "string") {
      if (seen.has(reference)) return;
      seen.add(reference);
    }
    const schema = resolveReference(raw, find);
    if (isUninhabited(schema)) return;
    if (Array.isArray(schema["anyOf"])) for (const member of schema["anyOf"] as RawSchema[]) collect(member);
    else if ("const" in schema) draft.units.add(schema["const"] as Unit);
    else if (Array.isArray(schema["enum"])) for (const unit of schema["enum"] as Unit[]) draft.units.add(unit);
    else collectTypes(schema, draft);
  };
  for (const raw of types) collect(raw);
  return draft;
}

function collectTypes(schema: RawSchema, { units, kinds, schemas }: MutableDomain): void {
  for (const type of [schema["type"] ?? ALL_TYPES].flat() as string[]) {
    if (type === "null") units.add(null);
    else if (type === "boolean") units.add(true).add(false);
    else if (type === "integer") kinds.add("number");
    else if (type === "string" && schema[TEMPLATE]) kinds.add("template");
    else kinds.add(type as Kind);
  }
  if (!["string", "number"].includes(String(schema["type"]))) schemas.add(contentKey(schema));
  else if (schema[TEMPLATE]) schemas.add(contentKey(schema));
}

/** Checks whether TypeScript treats the type as a literal, which can discriminate a union. */
export function isLiteral({ kinds }: Domain): boolean {
  return [...kinds].every((kind) => kind === "template");
}

/** Checks whether a domain accepts a unit; undefined if that depends on a pattern. */
export function hasUnit({ units, kinds }: Domain, unit: Unit): boolean | undefined {
  if (units.has(unit)) return true;
  if (typeof unit === "number") return kinds.has("number");
  if (typeof unit !== "string" || kinds.has("string")) return typeof unit === "string";
  return kinds.has("template") ? undefined : false;
}

/**
 * Checks whether a domain accepts the values that another one has of a kind; undefined if it may
 * accept only some of them.
 */
export function hasKind(domain: Domain, kind: Kind, { schemas }: Domain): boolean | undefined {
  if (kind === "string" || kind === "number") {
    return domain.kinds.has(kind) ? true : kind === "string" && domain.kinds.has("template") ? undefined : false;
  }
  if (kind === "template" && domain.kinds.has("string")) return true;
  if (!domain.kinds.has(kind)) return kind === "template" && [...domain.units].some(isTextUnit) ? undefined : false;
  return [...schemas].every((schema) => domain.schemas.has(schema)) ? true : undefined;
}

function isTextUnit(unit: Unit): boolean {
  return typeof unit === "string";
}

/** Returns the JSON type of a kind or a unit. */
export function jsonTypeFor(value: { readonly unit: Unit } | { readonly kind: Kind }): string {
  if ("kind" in value) return value.kind === "template" ? "string" : value.kind;
  return value.unit === null ? "null" : typeof value.unit;
}
