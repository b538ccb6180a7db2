import type { InputSchema, JsonSchema, JsonValue, ValidationError } from "../manifest/format.ts";
import type { Input } from "./arguments.ts";
import { readText } from "./coerce.ts";
import { acceptedTypes, type JsonType, parsePointer, schemasAt, valueAt } from "./schema-walk.ts";

/** A value that is not there: the repair is to leave the property out. */
const ABSENT: unique symbol = Symbol("absent");

/**
 * Mends the usual slips of models, once and only where validation failed: numbers and booleans sent as text, arrays and objects
 * sent as JSON text, `null` for an optional property. A parameter that may be a string is never turned into something else.
 * @returns a mended copy, or nothing if there was nothing to mend
 */
export function repairInput(input: Input, errors: readonly ValidationError[], schema: InputSchema): Input | undefined {
  let repaired: Input | undefined;
  for (const pointer of new Set(errors.map(({ instancePath }) => instancePath))) {
    const path = parsePointer(pointer);
    const mended = path.length === 0 ? undefined : mend(valueAt(input, path), path, schema);
    if (mended !== undefined) repaired = replaceAt(repaired ?? input, path, mended) as Input;
  }
  return repaired;
}

function mend(value: unknown, path: readonly string[], root: JsonSchema): JsonValue | typeof ABSENT | undefined {
  if (value === null) return isOptional(path, root) ? ABSENT : undefined;
  if (typeof value !== "string") return undefined;
  const types = new Set<JsonType>(schemasAt(root, path).flatMap((schema) => (saysType(schema) ? [...acceptedTypes(schema, root)] : [])));
  if (types.has("string")) return undefined;
  for (const type of ["boolean", "integer", "number", "array", "object"] as const) {
    const read = types.has(type) ? readText(value, type) : undefined;
    if (read !== undefined) return read;
  }
  return undefined;
}

/** A schema that only groups alternatives says nothing itself; its alternatives are looked at one by one. */
function saysType(schema: JsonSchema): boolean {
  return "type" in schema || "const" in schema || "enum" in schema;
}

function isOptional(path: readonly string[], root: JsonSchema): boolean {
  const name = path.at(-1) ?? "";
  const declaring = schemasAt(root, path.slice(0, -1)).filter(({ properties }) => properties !== undefined && Object.hasOwn(properties as object, name));
  return declaring.length > 0 && declaring.every(({ required }) => !(Array.isArray(required) && required.includes(name)));
}

/** Copies only the containers on the path: the rest is shared, and the caller's value stays as it is. */
function replaceAt(container: unknown, path: readonly string[], value: JsonValue | typeof ABSENT): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return value;
  if (Array.isArray(container)) {
    return container.map((item: unknown, i) => (String(i) === key ? replaceAt(item, rest, value) : item));
  }
  const copy: Record<string, unknown> = { ...(container as object) };
  if (rest.length === 0 && value === ABSENT) delete copy[key];
  else copy[key] = replaceAt(copy[key], rest, value);
  return copy;
}
