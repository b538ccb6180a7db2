import { jsonTypeOf, valueAt } from "./schema-walk.ts";

// Names, paths and values come from the client, and may be as long as a document.
const MAX_KEY = 128;
const MAX_PATH = 500;
const MAX_VALUE = 80;
const MAX_LINE = 200;

/** `filters.tags[2]`; the root of a tool's input is called `arguments`. */
export function formatPath(path: readonly string[], root: unknown): string {
  let text = "";
  let container: unknown = root;
  for (const key of path) {
    const shown = key.length > MAX_KEY ? `${key.slice(0, MAX_KEY - 1)}…` : key;
    if (Array.isArray(container)) text += `[${key}]`;
    else if (/^[\p{L}_$][\p{L}\p{N}_$-]*$/u.test(shown)) text += text === "" ? shown : `.${shown}`;
    else text += `[${JSON.stringify(shown)}]`;
    container = valueAt(container, [key]);
  }
  // The end says where it is; the beginning of a path this long says nothing.
  if (text.length > MAX_PATH) return `…${text.slice(-MAX_PATH)}`;
  return text === "" ? "arguments" : text;
}

/** A value as a model can recognize it, short. */
export function formatValue(value: unknown): string {
  if (value === undefined) return "nothing";
  const type = jsonTypeOf(value);
  if (type === "null") return "null";
  const text = previewJson(value, MAX_VALUE + 1);
  const shown = text.length > MAX_VALUE ? `${text.slice(0, MAX_VALUE - 3)}…` : text;
  return `${type === "integer" ? "number" : type} ${shown}`;
}

/** The beginning of a value's JSON text: a long document is not written out for a few of its characters. */
function previewJson(value: unknown, room: number): string {
  if (typeof value === "string") return JSON.stringify(value.slice(0, room));
  if (typeof value !== "object" || value === null) return String(JSON.stringify(value));
  const [open, close] = Array.isArray(value) ? ["[", "]"] : ["{", "}"];
  let text = open;
  for (const key in value) {
    if (!Object.hasOwn(value, key)) continue;
    if (text.length > room) return text;
    if (text.length > 1) text += ",";
    if (open === "{") text += `${JSON.stringify(key.slice(0, room))}:`;
    text += previewJson((value as { readonly [key: string]: unknown })[key], room - text.length);
  }
  return text + close;
}

/** A description fits into a line of a message. */
export function oneLine(text: string): string {
  const line = text
    .slice(0, 10 * MAX_LINE)
    .replace(/\s+/g, " ")
    .trim();
  return line.length > MAX_LINE ? `${line.slice(0, MAX_LINE - 1)}…` : line;
}
