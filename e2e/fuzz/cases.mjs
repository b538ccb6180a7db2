// Cases: what one of them sends, which its seed and index determine.
import { hostile, mutate, notification, strayAnswer, validMessage } from "./messages.mjs";
import { Random } from "./random.mjs";

const VERSIONS = ["2025-11-25", "2025-06-18", "2025-03-26", "2026-07-28", "2024-11-05", "2099-01-01", "", "x"];
const ACCEPTS = [
  "application/json, text/event-stream",
  "*/*",
  "application/json",
  "text/event-stream",
  "text/html",
  "",
];
const TYPES = ["application/json", "application/json; charset=utf-8", "text/plain", "application/jsonx", ""];

/**
 * Creates the case of an index: `{ era, body, headers, method }`, where `body` is text or bytes.
 * With `isRaw`, the headers and the method are left out.
 */
export function createCase(seed, index, { isRaw = false } = {}) {
  const random = new Random(seed, index);
  const era = random.chance(0.5) ? "modern" : "legacy";
  const body = createBody(random, era, index);
  if (isRaw) return { index, era, body };
  const message = typeof body === "string" ? parse(body) : undefined;
  return {
    index,
    era,
    body,
    ...createHeaders(random, era, message),
    hasSession: random.chance(0.9),
    leavesAfter: random.chance(0.05) ? random.below(10) : undefined,
  };
}

/** Parses JSON; undefined for any other text. */
export function parse(text) {
  try {
    // A decoder of UTF-8 drops the byte order mark.
    return JSON.parse(text.replace(/^\ufeff/, ""));
  } catch {
    return undefined;
  }
}

function createBody(random, era, index) {
  const one = () => createMessage(random, era, index);
  return random.weighted([
    [90, () => JSON.stringify(one()) ?? ""],
    [4, () => JSON.stringify(Array.from({ length: random.below(5) }, one))],
    [4, () => broken(random, JSON.stringify(one()) ?? "")],
    [2, () => JSON.stringify(hostile(random))],
  ]);
}

function createMessage(random, era, index) {
  const message = random.weighted([
    [60, () => withId(random, validMessage(random, era), index)],
    [6, () => ({ jsonrpc: "2.0", ...notification(random) })],
    [3, () => ({ jsonrpc: "2.0", ...strayAnswer(random) })],
  ]);
  const changes = random.weighted([
    [3, () => 0],
    [5, () => 1],
    [2, () => 2],
    [1, () => 5],
  ]);
  return Array.from({ length: changes }).reduce((changed) => mutate(random, changed), message);
}

function withId(random, message, index) {
  const id = random.chance(0.9)
    ? `${index}-${random.below(1e6)}`
    : random.of([0, 1, -1, "", "x", 2 ** 53, 1.5, null, {}, [1], true]);
  return { jsonrpc: "2.0", id, ...message };
}

/** Spoils JSON text. */
function broken(random, text) {
  const at = random.below(text.length + 1);
  return random.of([
    () => text.slice(0, at),
    () =>
      `${text.slice(0, at)}${random.of(["{", "}", ",", '"', "\\", "\u0000", "1e999", "NaN", "//"])}${text.slice(at)}`,
    () => text + text,
    () => `\ufeff${text}`,
    () => text.replace("{", '{"jsonrpc":"2.0","id":7,"id":8,'),
    () => "",
    () => Buffer.from([0xff, 0xfe, ...Buffer.from(text)]),
    () => "[".repeat(random.of([99, 101, 100_000])),
    () => text.replace(/\d+/, "1e400"),
  ])();
}

function createHeaders(random, era, message) {
  const { method, params } = Object(message);
  const name = params?.name ?? params?.uri;
  const isOdd = random.chance(0.08);
  const headers = {
    "content-type": isOdd && random.chance(0.3) ? random.of(TYPES) : TYPES[0],
    accept: isOdd && random.chance(0.3) ? random.of(ACCEPTS) : ACCEPTS[0],
    "mcp-protocol-version": era === "modern" ? "2026-07-28" : "2025-11-25",
    ...(era === "modern" && { "mcp-method": headerText(method) }),
    ...(era === "modern" && name !== undefined && { "mcp-name": headerText(name) }),
  };
  if (!isOdd) return { method: "POST", headers };
  const odd = random.weighted([
    [3, () => ({ "mcp-protocol-version": random.of(VERSIONS) })],
    [1, () => ({ "mcp-method": "tools/list" })],
    [1, () => ({ "mcp-name": "other" })],
    [1, () => ({ origin: random.of(["http://evil.example", "http://localhost:1", "null", "x"]) })],
    [1, () => ({ "last-event-id": random.of(["", "x", "1", "0:0", "\t"]) })],
    [1, () => ({ "content-encoding": "gzip" })],
    [1, () => ({ "mcp-session-id": random.of(["x", "", "00000000-0000-4000-8000-000000000000"]) })],
    [2, () => ({})],
  ]);
  const method2 = random.weighted([
    [6, () => "POST"],
    [3, () => "GET"],
    [1, () => "DELETE"],
    [1, () => "PUT"],
    [1, () => "OPTIONS"],
  ]);
  return { method: method2, headers: { ...headers, ...odd } };
}

function headerText(value) {
  const text = typeof value === "string" ? value : String(JSON.stringify(value));
  // Others cannot be sent.
  return /^[\x21-\x7e]{1,200}$/.test(text) ? text : `=?base64?${Buffer.from(text.slice(0, 500)).toString("base64")}?=`;
}
