import type { InputSchema, JsonSchema, JsonValue, ValidationError } from "../manifest/format.ts";
import type { Input } from "./arguments.ts";
import { readText } from "./coerce.ts";
import { isIntegerPattern } from "./expectation.ts";
import { acceptedTypes, type JsonType, parsePointer, schemasAt, valueAt } from "./schema-walk.ts";

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
