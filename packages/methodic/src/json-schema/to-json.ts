import type { JsonValue } from "../manifest/format.ts";
import { JsonKeys } from "../manifest/find-duplicate.ts";
import { encodeBase64 } from "../util/base64.ts";
import { markHandled } from "../util/handled.ts";

/** Thrown for a value without a JSON form; the message says where it is. */
export class NotJsonError extends TypeError {
  override readonly name: string = "NotJsonError";
}

/**
 * Converts a method's return value to plain JSON data: dates, URLs, big integers, bytes, sets and
 * maps take their JSON form, `toJSON` is honored, `undefined` is dropped from objects and becomes
 * `null` in arrays.
 * @throws NotJsonError with the path of a value that JSON would lose or garble (a function, symbol,
 *   `NaN`, invalid date, cycle …)
 */
export function toPlainJson(value: unknown): JsonValue | undefined {
  return convert(value, { path: "", key: "", ancestors: [] });
}

// Deeper than real data, and below the depth that overflows the stack here or in `JSON.stringify`.
const MAX_DEPTH = 1000;

interface ValueLocation {
  readonly path: string;
  readonly key: string;
  /** The objects around this one, to detect a cycle before the stack overflows. */
  readonly ancestors: readonly object[];
}

function convert(returned: unknown, location: ValueLocation): JsonValue | undefined {
  const value = callToJson(returned, location);
  switch (typeof value) {
    case "string":
    case "boolean":
    case "undefined":
      return value;
    case "number":
      return Number.isFinite(value)
        ? value
        : rejectValue(String(value), location, "Return null, or a string, instead.");
    case "object":
      return value === null ? null : convertObject(value, location);
    case "bigint":
      return String(value);
    default:
      return rejectValue(`a ${typeof value}`, location, "Return data only.");
  }
}

function convertObject(value: object, { path, ancestors }: ValueLocation): JsonValue {
  if (ancestors.includes(value))
    rejectValue("a reference to an object that contains it", { path }, "Return a tree without cycles.");
  if (ancestors.length >= MAX_DEPTH)
    rejectValue(
      `more than ${MAX_DEPTH} levels of nesting`,
      { path: `${path.slice(0, 40)}…` },
      "Return data with fewer levels.",
    );
  const inside = [...ancestors, value];
  if (Array.isArray(value)) return convertItems(value, path, inside);
  if (value instanceof Set) return unique(convertItems([...value], path, inside));
  if (value instanceof String || value instanceof Number || value instanceof Boolean) return value.valueOf();
  rejectOpaque(value, path);
  const result: Record<string, JsonValue> = {};
  for (const [key, item] of value instanceof Map ? textEntries(value, path) : Object.entries(value)) {
    const converted = convert(item, { path: `${path}/${key}`, key, ancestors: inside });
    // The SDK drops `__proto__` from structured content, so the text must not have it either.
    if (converted !== undefined && key !== "__proto__") result[key] = converted;
  }
  return result;
}

function convertItems(items: readonly unknown[], path: string, ancestors: readonly object[]): JsonValue[] {
  return Array.from(items, (item, i) => convert(item, { path: `${path}/${i}`, key: String(i), ancestors }) ?? null);
}

/** Removes duplicates: two equal dates are two members of a Set, but one JSON value. */
function unique(items: readonly JsonValue[]): JsonValue[] {
  const keys = new JsonKeys();
  return [...new Map(items.map((item) => [keys.keyOf(item), item])).values()];
}

function textEntries(map: ReadonlyMap<unknown, unknown>, path: string): [string, unknown][] {
  return [...map].map(([key, value]) =>
    typeof key === "string"
      ? [key, value]
      : rejectValue(`a Map with a key that is a ${typeof key}`, { path }, "Use strings as keys, or return [...map]."),
  );
}

/** Returns the text of a value whose JSON form differs from what its `toJSON` returns. */
function writeText(value: object, location: ValueLocation): string | undefined {
  if (value instanceof Uint8Array) return encodeBase64(value);
  if (value instanceof URL) return toUri(value);
  if (value instanceof Date && Number.isNaN(value.getTime()))
    return rejectValue("an invalid Date", location, "Return null, or leave it out, where there is no date.");
  return undefined;
}

/**
 * Encodes what a URL may contain but a URI (RFC 3986) may not: some characters and lone percent
 * signs.
 */
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

function rejectOpaque(value: object, path: string): void {
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer)
    rejectValue("binary data", { path }, "Return a Uint8Array of it, or an image(…), audio(…) or file(…) block.");
  if (value instanceof WeakMap || value instanceof WeakSet)
    rejectValue("a weak collection", { path }, "Return data only.");
  if (value instanceof Error) rejectValue("an Error", { path }, "Throw it, or return its message.");
  if (typeof (value as { readonly then?: unknown }).then === "function") {
    // A getter may have just created it, so no other code can handle it.
    if (value instanceof Promise) void markHandled(value);
    rejectValue("a Promise", { path }, "Await it before returning.");
  }
  if (Symbol.asyncIterator in value)
    rejectValue(`a stream (${classNameOf(value)})`, { path }, "Collect it into a string or an array first.");
  if (Object.keys(value).length === 0 && !(value instanceof Map)) rejectHollow(value, path);
}

/** Replacements for objects of the web platform, whose content is not in properties. */
const REPLACEMENTS: { readonly [className: string]: string } = {
  Response: "Return its body: await response.json(), or response.text().",
  Request: "Return its body: await request.json(), or request.text().",
  Blob: "Return its bytes: new Uint8Array(await blob.arrayBuffer()).",
  File: "Return its bytes: new Uint8Array(await file.arrayBuffer()).",
  ReadableStream: "Collect it into a string or an array first.",
};

/** Rejects objects whose content is not in properties, so that they would become `{}`. */
function rejectHollow(value: object, path: string): void {
  if (value instanceof RegExp) rejectValue("a RegExp", { path }, "Return its source.");
  if (Symbol.iterator in value)
    rejectValue(`an iterator (${classNameOf(value)})`, { path }, "Return an array of what it yields.");
  const prototype: unknown = Object.getPrototypeOf(value);
  // The prototype of a plain object has none above it, in any realm.
  if (prototype === null || Object.getPrototypeOf(prototype) === null) return;
  const name = classNameOf(value);
  const fix = Object.hasOwn(REPLACEMENTS, name) ? REPLACEMENTS[name] : undefined;
  rejectValue(
    `an instance of ${name} without properties`,
    { path },
    fix ?? "Return a plain object with the values that it holds, or give the class a toJSON method.",
  );
}

/** Returns the name of an object's class, or of its kind. */
export function classNameOf(value: object): string {
  const { constructor, [Symbol.toStringTag]: tag } = value as { readonly [key: string | symbol]: unknown };
  const name = typeof constructor === "function" ? constructor.name : "";
  return name || (typeof tag === "string" ? tag : "a class");
}

/** Calls a value's `toJSON`, once. What that returns is data, or a value that is sent as text. */
function callToJson(value: unknown, location: ValueLocation): unknown {
  if (typeof value !== "object" || value === null) return value;
  const text = writeText(value, location);
  if (text !== undefined) return text;
  const { toJSON } = value as { readonly toJSON?: unknown };
  if (typeof toJSON !== "function") return value;
  const json: unknown = toJSON.call(value, location.key);
  if (typeof json !== "object" || json === null) return json;
  return writeText(json, location) ?? (json instanceof Date ? json.toISOString() : json);
}

function rejectValue(what: string, { path }: Pick<ValueLocation, "path">, fix: string): never {
  throw new NotJsonError(
    `the result has ${what} at ${path === "" ? "its root" : path}, which has no JSON form. ${fix}`,
  );
}
