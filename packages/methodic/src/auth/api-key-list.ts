import { MethodicError } from "../errors.ts";
import { checkScopes } from "./rules.ts";

/** An API key with what is known of its owner. */
export interface ApiKey {
  /** Who it was given to; shown in logs and to methods, so not the key. */
  readonly name: string;
  readonly key: string;
  /** What it allows. Default: nothing beyond what needs no scope. */
  readonly scopes?: readonly string[];
  /** Whatever else methods and rules should know of its owner: `{ roles: ["admin"] }`. */
  readonly claims?: { readonly [claim: string]: unknown };
}

/**
 * Checks keys and gives each a name. Messages tell which entry is wrong, and never show a key.
 * @throws MethodicError
 */
export function checkKeys(given: unknown, source: string): readonly Required<ApiKey>[] {
  const list: readonly unknown[] = Array.isArray(given) ? given : [given];
  if (list.length === 0) fail(source, "is empty", "Give at least one key");
  const keys = list.map((entry, i) => checkKey(entry, { source, place: placeOf(i, list), name: nameOf(i, list) }));
  const seen = new Map<string, number>();
  for (const [i, { key }] of keys.entries()) {
    const first = seen.get(key);
    if (first !== undefined)
      fail(source, `has one key twice, as entries ${first + 1} and ${i + 1}`, "Remove one of them");
    seen.set(key, i);
  }
  return keys;
}

interface Entry {
  readonly source: string;
  readonly place: string;
  readonly name: string;
}

function checkKey(entry: unknown, { source, place, name }: Entry): Required<ApiKey> {
  if (typeof entry === "string")
    return { name, key: checkText(entry, { source, place, name }), scopes: [], claims: {} };
  if (typeof entry !== "object" || entry === null) {
    fail(
      source,
      `${place} something of type ${entry === null ? "null" : typeof entry}`,
      'Give a text, or { name: "…", key: "…" }',
    );
  }
  const fields = entry as { readonly [field: string]: unknown };
  const { key, scopes = [], claims = {} } = fields;
  const unknown = Object.keys(fields).find((field) => !["name", "key", "scopes", "claims"].includes(field));
  if (unknown !== undefined)
    fail(source, `${place} an object with a field that does not exist`, "The fields are name, key, scopes, claims");
  if (typeof fields["name"] !== "string" || fields["name"] === "") {
    fail(source, `${place} an object without a 'name'`, "Name who the key was given to");
  }
  if (typeof key !== "string") fail(source, `${place} an object without a 'key'`, "Give the key as text");
  if (!Array.isArray(scopes)) fail(source, `${place} an object whose 'scopes' are no list`, 'Write ["notes:read"]');
  checkScopes(scopes, `apiKey: ${source}, the key ${JSON.stringify(fields["name"])}`);
  if (typeof claims !== "object" || claims === null || Array.isArray(claims)) {
    fail(source, `${place} an object whose 'claims' are no object`, 'Write { "roles": ["admin"] }');
  }
  return {
    name: fields["name"],
    key: checkText(key, { source, place, name }),
    scopes,
    claims: claims as NonNullable<ApiKey["claims"]>,
  };
}

function checkText(key: string, { source, place }: Entry): string {
  if (key === "") fail(source, `${place} an empty text`, "A key has at least one character");
  // A comma would join two headers of one name.
  if (!/^[!-+\--~]+$/.test(key)) {
    fail(source, `${place} a text that no header can carry`, "Keys are printable ASCII without spaces and commas");
  }
  return key;
}

function placeOf(i: number, list: readonly unknown[]): string {
  return list.length === 1 ? "holds" : `holds, as entry ${i + 1},`;
}

function nameOf(i: number, list: readonly unknown[]): string {
  return list.length === 1 ? "api-key" : `api-key-${i + 1}`;
}

function fail(source: string, problem: string, fix: string): never {
  const code = source.startsWith("MCP_") ? "INVALID_ENVIRONMENT" : "INVALID_AUTH_OPTIONS";
  throw new MethodicError(code, `apiKey: ${source} ${problem}. ${fix}.`);
}
