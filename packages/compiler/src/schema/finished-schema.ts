import { createRequire } from "node:module";
import {
  isAnnotation,
  mapSchema,
  schemaKeyword,
  shareSchema,
  walkSchema,
  type JsonSchema,
  type JsonValue,
} from "methodic/manifest";
import { NAMES, PACKAGE_DEFAULT } from "./marks.ts";

// Not imported: few projects have a default that needs a validator, and ajv takes a while to load.
const require = createRequire(import.meta.url);

/**
 * Receives a default that its schema refuses, with the path of property names that leads to it.
 */
export type DroppedDefault = (path: readonly string[], value: JsonValue) => void;

/**
 * Removes the defaults that their own schema refuses: `x: number = "a" as never`, a default below
 * the `@minimum`, an object with more properties than its type has. The method keeps its default,
 * but a client that sends the published one would get an error. Those of packages, which are often
 * prose, go without notice: the author cannot change them.
 */
export function dropInvalidDefaults(root: JsonSchema, onDropped?: DroppedDefault): JsonSchema {
  return mapSchema(root, (schema, path) => {
    const { [PACKAGE_DEFAULT]: foreign, default: value = foreign, ...others } = schema;
    if (value === undefined) return schema;
    if (acceptsDefault(others, value, root["$defs"]))
      return foreign === undefined ? schema : { ...others, default: value };
    if (schema["default"] !== undefined) onDropped?.(valuePath(path), value);
    return others;
  });
}

/** Adds what an enum's members are called and mean to its description: `0 = Off, 1 = On`. */
export function nameEnumValues(root: JsonSchema): JsonSchema {
  let found = false;
  walkSchema(root, (schema) => (found ||= schema[NAMES] !== undefined));
  if (!found) return root;
  return mapSchema(root, ({ [NAMES]: names, ...schema }) => {
    const { description, ...others } = schema;
    if (typeof names !== "string") return schema;
    return { description: typeof description === "string" ? `${description}\n${names}` : names, ...others };
  });
}

/**
 * Converts a schema's path within the root schema to the path of the values it describes. A
 * definition contributes its name.
 */
function valuePath(tokens: readonly string[]): readonly string[] {
  const path: string[] = [];
  for (let i = 0; i < tokens.length; i++) {
    const holder = schemaKeyword(tokens[i] ?? "");
    if (holder?.form === "map") path.push(tokens[++i] ?? "");
    else if (holder?.target === "child") path.push("[]");
    if (holder?.form === "list") i++;
  }
  return path;
}

function acceptsDefault(schema: JsonSchema, value: JsonValue, definitions: JsonValue | undefined): boolean {
  const keywords = Object.keys(schema).filter((keyword) => !isAnnotation(keyword));
  // Nearly all defaults are a plain value of a plain type or enum, which needs no validator.
  if (typeof value !== "object" && keywords.every((keyword) => PLAIN_KEYWORDS.has(keyword)))
    return isOfType(value, schema["type"]) && isAmong(value, schema["enum"]);
  const { Ajv2020 } = require("ajv/dist/2020.js") as typeof import("ajv/dist/2020.js");
  // The schema is the compiler's own. Checking it takes longer than all else here.
  const ajv = new Ajv2020({ strict: false, validateSchema: false, meta: false });
  (require("ajv-formats") as typeof import("ajv-formats")).default(ajv, { keywords: false });
  const whole = definitions === undefined ? schema : { ...schema, $defs: definitions };
  return ajv.validate(shareSchema(whole, "always"), value);
}

const PLAIN_KEYWORDS: ReadonlySet<string> = new Set(["type", "enum"]);

function isOfType(value: string | number | boolean, type: JsonValue | undefined): boolean {
  if (Array.isArray(type)) return type.some((one: JsonValue) => isOfType(value, one));
  return type === undefined || type === typeof value || (type === "integer" && Number.isInteger(value));
}

function isAmong(value: JsonValue, values: JsonValue | undefined): boolean {
  return !Array.isArray(values) || values.includes(value);
}

/** Returns the names of the string formats that validators check. */
export function knownFormats(): readonly string[] {
  const { fullFormats } = require("ajv-formats/dist/formats") as { readonly fullFormats: object };
  return Object.keys(fullFormats);
}

/**
 * Finds the formats of a schema that no validator knows. JSON Schema ignores them, however strict
 * they read.
 */
export function findUnknownFormats(schema: JsonSchema): readonly string[] {
  const found = new Set<string>();
  walkSchema(schema, ({ format }) => {
    if (typeof format === "string") found.add(format);
  });
  // Nearly all schemas have no format, so the table is loaded only for those that do.
  if (found.size === 0) return [];
  const known = new Set(knownFormats());
  return [...found].filter((name) => !known.has(name));
}
