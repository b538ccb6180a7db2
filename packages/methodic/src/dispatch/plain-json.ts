import type { JsonValue } from "../manifest/format.ts";

/** A value that has no JSON form, and where it was met. */
export class NotJsonError extends TypeError {
  override readonly name: string = "NotJsonError";
}

/**
 * Turns what a method returned into plain JSON data: `toJSON` is honoured, `undefined` is dropped from objects and becomes `null` in arrays.
 * @throws NotJsonError naming the path of a value that JSON would lose or garble (a bigint, function, symbol, `NaN`, `Map`, cycle …)
 */
export function toPlainJson(value: unknown): JsonValue | undefined {
  return convert(value, { path: "", key: "", ancestors: [] });
}

// Deeper than any data, and less deep than what ends the stack, here or in `JSON.stringify`.
const MAX_DEPTH = 1000;

interface Place {
  readonly path: string;
  readonly key: string;
  /** The objects that contain this one, to notice a cycle before the stack ends. */
  readonly ancestors: readonly object[];
}

function convert(given: unknown, place: Place): JsonValue | undefined {
  const value = callToJson(given, place.key);
  switch (typeof value) {
    case "string":
    case "boolean":
    case "undefined":
      return value;
    case "number":
      return Number.isFinite(value) ? value : refuse(String(value), place, "Return null, or a string, instead.");
    case "object":
      return value === null ? null : convertObject(value, place);
    case "bigint":
      return refuse("a bigint", place, "Return a string or a number.");
    default:
      return refuse(`a ${typeof value}`, place, "Return data only.");
  }
}

function convertObject(value: object, { path, ancestors }: Place): JsonValue {
  if (ancestors.includes(value))
    refuse("a reference to an object that contains it", { path }, "Return a tree without cycles.");
  if (ancestors.length >= MAX_DEPTH)
    refuse(`more than ${MAX_DEPTH} levels of nesting`, { path: `${path.slice(0, 40)}…` }, "Return something flatter.");
  const inside = [...ancestors, value];
  if (Array.isArray(value)) {
    return Array.from(
      value,
      (item, i) => convert(item, { path: `${path}/${i}`, key: String(i), ancestors: inside }) ?? null,
    );
  }
  refuseOpaque(value, path);
  if (value instanceof String || value instanceof Number || value instanceof Boolean) return value.valueOf();
  const result: Record<string, JsonValue> = {};
  for (const [key, item] of Object.entries(value)) {
    const converted = convert(item, { path: `${path}/${key}`, key, ancestors: inside });
    // Plain assignment to `__proto__` would set the prototype.
    if (converted !== undefined)
      Object.defineProperty(result, key, { value: converted, enumerable: true, writable: true, configurable: true });
  }
  return result;
}

function refuseOpaque(value: object, path: string): void {
  if (value instanceof Map) refuse("a Map", { path }, "Return Object.fromEntries(map).");
  if (value instanceof Set) refuse("a Set", { path }, "Return [...set].");
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer)
    refuse("binary data", { path }, "Return a base64 string, or an image(…), audio(…) or file(…) block.");
  if (Object.keys(value).length === 0) refuseHollow(value, path);
  if (value instanceof Promise) refuse("a Promise", { path }, "Await it before returning.");
}

/** What has all it says somewhere else than in properties would become `{}`. */
function refuseHollow(value: object, path: string): void {
  if (value instanceof Error) refuse("an Error", { path }, "Throw it, or return its message.");
  if (value instanceof RegExp) refuse("a RegExp", { path }, "Return its source.");
  if (Symbol.asyncIterator in value || Symbol.iterator in value)
    refuse("an iterator", { path }, "Return an array of what it yields.");
}

function callToJson(value: unknown, key: string): unknown {
  if (typeof value !== "object" || value === null) return value;
  const { toJSON } = value as { readonly toJSON?: unknown };
  return typeof toJSON === "function" ? toJSON.call(value, key) : value;
}

function refuse(what: string, { path }: Pick<Place, "path">, fix: string): never {
  throw new NotJsonError(
    `the result has ${what} at ${path === "" ? "its root" : path}, which has no JSON form. ${fix}`,
  );
}
