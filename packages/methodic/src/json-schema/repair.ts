import type { Input, JsonSchema, JsonValue } from "../manifest/format.ts";
import { isSchema, resolveRef } from "../manifest/schema-walk.ts";
import type { ListText } from "../uri-template/uri-template.ts";
import { encodeBase64 } from "../util/base64.ts";
import { isDeeperThan } from "../util/json-depth.ts";
import { isRecord } from "../util/record.ts";
import { acceptedTypes, type JsonType, valueAt } from "./navigate.ts";
import type { ValidationError, ValidationErrors } from "./validation-run.ts";
import { isIntegerPattern } from "./wording.ts";

/** Marks a property to be removed. */
const ABSENT: unique symbol = Symbol("absent");

type Container = Record<string, unknown>;

/**
 * Repairs common mistakes of models, once and only where validation failed: numbers and booleans
 * sent as text, arrays and objects sent as JSON text, `null` for an optional property, and a number
 * for a big integer, which travels as text. A parameter that accepts strings is never changed.
 * @returns a repaired copy; undefined if there was nothing to repair, or too much
 */
export function repairInput(
  input: Input,
  { errors, isComplete }: ValidationErrors,
  root: JsonSchema,
): Input | undefined {
  return isComplete ? rewrite(input, errors, (value, error) => repairValue(value, error, root)) : undefined;
}

/**
 * Encodes bytes of a result that are sent as base64, but were already written as Node's
 * `Buffer.toJSON` has them: `{ type: "Buffer", data: [104, 105] }`. A `toJSON` method that copies
 * the object does that.
 * @returns a repaired copy; undefined if there was nothing to repair
 */
export function repairOutput(output: JsonValue, { errors, isComplete }: ValidationErrors): JsonValue | undefined {
  if (!isComplete || typeof output !== "object" || output === null) return undefined;
  return rewrite(output as Container, errors, (value, { schemas }) =>
    schemas.some(({ contentEncoding }) => contentEncoding === "base64") ? encodeBytes(value) : undefined,
  ) as JsonValue | undefined;
}

function encodeBytes(value: unknown): string | undefined {
  if (!isRecord(value) || value["type"] !== "Buffer" || Object.keys(value).length !== 2) return undefined;
  const { data } = value;
  const isBytes = Array.isArray(data) && data.every((byte) => Number.isInteger(byte) && byte >= 0 && byte <= 255);
  return isBytes ? encodeBase64(Uint8Array.from(data)) : undefined;
}

/** Replaces rejected values in a copy; undefined if there is no replacement. */
function rewrite<T extends Container>(
  root: T,
  errors: readonly ValidationError[],
  replace: (value: unknown, error: ValidationError) => JsonValue | typeof ABSENT | undefined,
): T | undefined {
  // Each container is copied once, however many of its values change: a long array must not take
  // quadratic time.
  const copies = new Set<unknown>();
  let repaired: T | undefined;
  for (const error of errors) {
    const path = pathOf(error);
    const replacement = path.length === 0 ? undefined : replace(valueAt(root, path), error);
    if (replacement === undefined) continue;
    if (!repaired) copies.add((repaired = copyOf(root)));
    write(repaired, path, { value: replacement, copies });
  }
  return repaired;
}

/** Returns the path of the value to replace: the error of an unknown name is at its object. */
function pathOf({ path, params }: ValidationError): readonly string[] {
  return params["isOfOtherMember"] === true ? [...path, String(params["additionalProperty"])] : path;
}

function copyOf<T extends Container>(container: T): T {
  return (Array.isArray(container) ? [...(container as readonly unknown[])] : { ...container }) as T;
}

function repairValue(
  value: unknown,
  { schemas: rejecting, isOptional, params }: ValidationError,
  root: JsonSchema,
): JsonValue | typeof ABSENT | undefined {
  if (params["isOfOtherMember"] === true) return value === null ? ABSENT : undefined;
  if (value === null) return isOptional ? ABSENT : undefined;
  if (typeof value !== "string" && typeof value !== "number") return undefined;
  const schemas = rejecting.filter((schema) => restrictsType(schema));
  const types = new Set<JsonType>(schemas.flatMap((schema) => [...acceptedTypes(schema, root)]));
  if (typeof value === "number")
    return Number.isSafeInteger(value) && acceptOnlyIntegerText(schemas) ? String(value) : undefined;
  if (types.has("string")) return undefined;
  for (const type of ["boolean", "integer", "number", "array", "object", "null"] as const) {
    const read = types.has(type) ? parseAs(value, type) : undefined;
    if (read !== undefined) return read;
  }
  return undefined;
}

/** Checks whether a value can only be an integer written as text, the form of big integers. */
function acceptOnlyIntegerText(schemas: readonly JsonSchema[]): boolean {
  return (
    schemas.length > 0 &&
    schemas.every(
      ({ type, pattern }) =>
        type === "null" || (type === "string" && typeof pattern === "string" && isIntegerPattern(pattern)),
    )
  );
}

function restrictsType(schema: JsonSchema): boolean {
  return "type" in schema || "const" in schema || "enum" in schema;
}

/**
 * Writes a value into the copy. Containers on the way are copied if they still belong to the
 * caller.
 */
function write(
  root: Container,
  path: readonly string[],
  { value, copies }: { value: JsonValue | typeof ABSENT; copies: Set<unknown> },
): void {
  let container = root;
  for (const key of path.slice(0, -1)) {
    const child = container[key];
    if (!copies.has(child)) {
      container[key] = copyOf(child as Container);
      copies.add(container[key]);
    }
    container = container[key] as Container;
  }
  const last = path.at(-1) ?? "";
  if (value === ABSENT) delete container[last];
  else container[last] = value;
}

// The grammar of JSON numbers. `Number()` alone would also accept "", " ", "0x10" and "Infinity".
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/**
 * Parses text as a JSON type: numbers, `true`/`false`, `null`, and JSON text for arrays and
 * objects.
 * @returns undefined if the text is not a value of that type
 */
function parseAs(text: string, type: JsonType): JsonValue | undefined {
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
  // A long id must not arrive as another number.
  const isExact = !/^-?\d{16,}$/.test(text) || BigInt(text) === BigInt(number);
  return isExact ? number : undefined;
}

// The depth of JSON in a request is limited before it is parsed, but not that of JSON in a string.
const MAX_DEPTH = 100;

function readContainer(text: string, type: JsonType): JsonValue | undefined {
  if (!text.startsWith(type === "array" ? "[" : "{") || isDeeperThan(text, MAX_DEPTH)) return undefined;
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return undefined;
  }
}

// The most specific types first: "5" is a number before it is anything else.
const ORDER: readonly JsonType[] = ["null", "boolean", "integer", "number", "array", "object"];

/**
 * Converts text (a URI variable or a prompt argument) to the parameter's type. It stays text if the
 * parameter accepts strings; text that cannot be converted is left for the validator to reject.
 */
export function coerceText(input: string | ListText, schema: JsonSchema, root: JsonSchema): JsonValue {
  return createConversion(schema, root)(input);
}

/** Creates the conversion of text to values of a schema, for all items of a list. */
function createConversion(schema: JsonSchema, root: JsonSchema): (input: string | ListText) => JsonValue {
  const types = acceptedTypes(schema, root);
  return (input) => {
    const text = typeof input === "string" ? input : input.text;
    if (typeof input !== "string" && types.has("array")) return coerceItems(input.items, schema, root);
    if (types.has("string")) return text;
    for (const type of ORDER) {
      const value = types.has(type) ? parseAs(text, type) : undefined;
      if (value !== undefined) return value;
    }
    return types.has("array") ? coerceItems(text.split(","), schema, root) : text;
  };
}

function coerceItems(list: readonly string[], schema: JsonSchema, root: JsonSchema): JsonValue {
  const { items } = resolveRef(schema, root);
  return isSchema(items) ? list.map(createConversion(items, root)) : list;
}
