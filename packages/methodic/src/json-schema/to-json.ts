import type { JsonValue } from "../manifest/format.ts";
import { JsonKeys } from "../manifest/find-duplicate.ts";
import { encodeBase64 } from "../util/base64.ts";

/** A value that has no JSON form, and where it was met. */
export class NotJsonError extends TypeError {
  override readonly name: string = "NotJsonError";
}

/**
 * Turns what a method returned into plain JSON data: dates, URLs, big integers, bytes, sets and maps take their JSON form, `toJSON` is
 * honoured, `undefined` is dropped from objects and becomes `null` in arrays.
 * @throws NotJsonError naming the path of a value that JSON would lose or garble (a function, symbol, `NaN`, invalid date, cycle …)
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
  const value = callToJson(writeText(given, place), place.key);
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
      return String(value);
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
  if (Array.isArray(value)) return convertItems(value, path, inside);
  if (value instanceof Set) return unique(convertItems([...value], path, inside));
  refuseOpaque(value, path);
  if (value instanceof String || value instanceof Number || value instanceof Boolean) return value.valueOf();
  const result: Record<string, JsonValue> = {};
  for (const [key, item] of value instanceof Map ? textEntries(value, path) : Object.entries(value)) {
    const converted = convert(item, { path: `${path}/${key}`, key, ancestors: inside });
    // Plain assignment to `__proto__` would set the prototype.
    if (converted !== undefined)
      Object.defineProperty(result, key, { value: converted, enumerable: true, writable: true, configurable: true });
  }
  return result;
}

function convertItems(items: readonly unknown[], path: string, ancestors: readonly object[]): JsonValue[] {
  return Array.from(items, (item, i) => convert(item, { path: `${path}/${i}`, key: String(i), ancestors }) ?? null);
}

/** Two dates of one time are two members of a set, and one JSON value. */
function unique(items: readonly JsonValue[]): JsonValue[] {
  const keys = new JsonKeys();
  return [...new Map(items.map((item) => [keys.keyOf(item), item])).values()];
}

function textEntries(map: ReadonlyMap<unknown, unknown>, path: string): [string, unknown][] {
  return [...map].map(([key, value]) =>
    typeof key === "string"
      ? [key, value]
      : refuse(`a Map with a key that is a ${typeof key}`, { path }, "Use strings as keys, or return [...map]."),
  );
}

/** The JSON form of values that have one other than what their `toJSON` says. */
function writeText(value: unknown, place: Place): unknown {
  if (value instanceof Uint8Array) return encodeBase64(value);
  if (value instanceof URL) return toUri(value);
  if (value instanceof Date && Number.isNaN(value.getTime()))
    return refuse("an invalid Date", place, "Return null, or leave it out, where there is no date.");
  return value;
}

/** A URL may hold characters and lone percent signs that a URI (RFC 3986) has to encode. */
function toUri({ href }: URL): string {
  const [origin = ""] = /^[a-z][a-z0-9+.-]*:(?:\/\/[^/?#]*)?/i.exec(href) ?? [];
  const [path, ...fragment] = href.slice(origin.length).split("#");
  const rest = fragment.length > 0 ? `${path}#${fragment.join("%23")}` : path;
  return (
    origin +
    (rest ?? "")
      .replaceAll(/%(?![0-9A-Fa-f]{2})/g, "%25")
      .replaceAll(/[^\w\-.~:/?#@!$&'()*+,;=%]/gu, (character) => encodeURIComponent(character))
  );
}

function refuseOpaque(value: object, path: string): void {
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer)
    refuse("binary data", { path }, "Return a Uint8Array of it, or an image(…), audio(…) or file(…) block.");
  if (value instanceof WeakMap || value instanceof WeakSet) refuse("a weak collection", { path }, "Return data only.");
  if (Object.keys(value).length === 0 && !(value instanceof Map)) refuseHollow(value, path);
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
