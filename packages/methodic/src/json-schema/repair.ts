import type { Input, InputSchema, JsonSchema, JsonValue, ValidationError } from "../manifest/format.ts";
import { isSchema, parsePointer, resolveRef } from "../manifest/schema-walk.ts";
import { acceptedTypes, type JsonType, schemasAt, valueAt } from "./navigate.ts";
import { isIntegerPattern } from "./wording.ts";

/** A value that is not there: the repair is to leave the property out. */
const ABSENT: unique symbol = Symbol("absent");

type Container = Record<string, unknown>;

/**
 * Mends the usual slips of models, once and only where validation failed: numbers and booleans sent as text, arrays and objects
 * sent as JSON text, `null` for an optional property, and a number for a big integer, which travels as text. A parameter that may be a string is never turned into something else.
 * @returns a mended copy, or nothing if there was nothing to mend
 */
export function repairInput(input: Input, errors: readonly ValidationError[], schema: InputSchema): Input | undefined {
  // Each container is copied once, however many of its values are mended: a long array must not cost its square.
  const copies = new Set<unknown>();
  let repaired: Container | undefined;
  for (const pointer of new Set(errors.map(({ instancePath }) => instancePath))) {
    const path = parsePointer(pointer);
    const mended = path.length === 0 ? undefined : mend(valueAt(input, path), path, schema);
    if (mended === undefined) continue;
    if (!repaired) copies.add((repaired = { ...input }));
    write(repaired, path, { value: mended, copies });
  }
  return repaired;
}

function mend(value: unknown, path: readonly string[], root: JsonSchema): JsonValue | typeof ABSENT | undefined {
  if (value === null) return isOptional(path, root) ? ABSENT : undefined;
  if (typeof value !== "string" && typeof value !== "number") return undefined;
  const schemas = schemasAt(root, path).filter((schema) => saysType(schema));
  const types = new Set<JsonType>(schemas.flatMap((schema) => [...acceptedTypes(schema, root)]));
  if (typeof value === "number")
    return Number.isSafeInteger(value) && takeIntegerText(schemas) ? String(value) : undefined;
  if (types.has("string")) return undefined;
  for (const type of ["boolean", "integer", "number", "array", "object", "null"] as const) {
    const read = types.has(type) ? readText(value, type) : undefined;
    if (read !== undefined) return read;
  }
  return undefined;
}

/** Whether all there can be is an integer written as text, which is how big integers travel. */
function takeIntegerText(schemas: readonly JsonSchema[]): boolean {
  return (
    schemas.length > 0 &&
    schemas.every(
      ({ type, pattern }) =>
        type === "null" || (type === "string" && typeof pattern === "string" && isIntegerPattern(pattern)),
    )
  );
}

/** A schema that only groups alternatives says nothing itself; its alternatives are looked at one by one. */
function saysType(schema: JsonSchema): boolean {
  return "type" in schema || "const" in schema || "enum" in schema;
}

function isOptional(path: readonly string[], root: JsonSchema): boolean {
  const name = path.at(-1) ?? "";
  const declaring = schemasAt(root, path.slice(0, -1)).filter(
    ({ properties }) => properties !== undefined && Object.hasOwn(properties as object, name),
  );
  return (
    declaring.length > 0 && declaring.every(({ required }) => !(Array.isArray(required) && required.includes(name)))
  );
}

/** Writes into the copy, copying the containers on the way that are still the caller's. */
function write(
  root: Container,
  path: readonly string[],
  { value, copies }: { value: JsonValue | typeof ABSENT; copies: Set<unknown> },
): void {
  let container = root;
  for (const key of path.slice(0, -1)) {
    const child = container[key];
    if (!copies.has(child)) {
      container[key] = Array.isArray(child) ? [...child] : { ...(child as object) };
      copies.add(container[key]);
    }
    container = container[key] as Container;
  }
  const last = path.at(-1) ?? "";
  if (value === ABSENT) delete container[last];
  else container[last] = value;
}

// The numbers of JSON. `Number()` alone would also take "", " ", "0x10" and "Infinity".
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/**
 * Reads text as the JSON type that is wanted: numbers, `true`/`false`, `null`, and JSON text for arrays and objects.
 * @returns nothing if the text does not say a value of that type
 */
function readText(text: string, type: JsonType): JsonValue | undefined {
  const trimmed = text.trim();
  switch (type) {
    case "number":
    case "integer":
      return readNumber(trimmed, type);
    case "boolean":
      return /^(?:true|false)$/i.test(trimmed) ? trimmed.toLowerCase() === "true" : undefined;
    case "array":
    case "object":
      return readContainer(trimmed, type);
    case "null":
      return trimmed === "null" ? null : undefined;
    case "string":
      return text;
  }
}

function readNumber(text: string, type: JsonType): number | undefined {
  const number = NUMBER.test(text) ? Number(text) : Number.NaN;
  const fits = type === "integer" ? Number.isInteger(number) : Number.isFinite(number);
  if (!fits) return undefined;
  // A long id must not arrive as its neighbour.
  const isExact = !/^-?\d{16,}$/.test(text) || BigInt(text) === BigInt(number);
  return isExact ? number : undefined;
}

function readContainer(text: string, type: JsonType): JsonValue | undefined {
  if (!text.startsWith(type === "array" ? "[" : "{")) return undefined;
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return undefined;
  }
}

// What is tried first is what says most about the text: "5" is a number before it is anything looser.
const ORDER: readonly JsonType[] = ["null", "boolean", "integer", "number", "array", "object"];

/** Text that was taken apart at the separators of a list. */
export interface TextList {
  readonly text: string;
  readonly items: readonly string[];
}

/**
 * Reads text that stands for a value of a parameter (a URI variable, a prompt argument) as the parameter's type.
 * Text stays text where the parameter may be a string; text that cannot be read is left for the validator to refuse.
 */
export function coerceText(given: string | TextList, schema: JsonSchema, root: JsonSchema): JsonValue {
  const types = acceptedTypes(schema, root);
  const text = typeof given === "string" ? given : given.text;
  if (typeof given !== "string" && types.has("array")) return coerceItems(given.items, schema, root);
  if (types.has("string")) return text;
  for (const type of ORDER) {
    const value = types.has(type) ? readText(text, type) : undefined;
    if (value !== undefined) return value;
  }
  return types.has("array") ? coerceItems(text.split(","), schema, root) : text;
}

function coerceItems(list: readonly string[], schema: JsonSchema, root: JsonSchema): JsonValue {
  const { items } = resolveRef(schema, root);
  return isSchema(items) ? list.map((item) => coerceText(item, items, root)) : list;
}
