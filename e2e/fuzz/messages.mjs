// JSON-RPC messages: valid ones, and mutations of them at every path.
import { changed, placesIn, valueAt } from "../../fixtures/json-places.mjs";

const META = "io.modelcontextprotocol/";
const VALID_ARGUMENTS = {
  echo: () => ({ text: "hello" }),
  nothing: () => ({}),
  everything: () => ({
    input: {
      count: 5,
      mails: ["a@b.cd"],
      byName: { a: 1 },
      at: "2026-01-31T09:30:00Z",
      tags: ["x"],
      id: "12",
      pair: ["a", 1],
      unit: "celsius",
    },
  }),
  tree: (random) => ({ root: tree(random, 4) }),
  evaluate: (random) => expression(random, 8),
  whatever: (random) => ({ value: hostile(random) }),
  given: () => ({ list: [1, 2, 3], name: "x" }),
  refuse: () => ({}),
  fail: () => ({}),
  wait: (random) => ({ ms: random.below(21) }),
  hang: () => ({}),
  ask: () => ({ question: "Who?" }),
  sample: () => ({}),
};
const VALID_PROMPT = { topic: "x", mood: "calm", tree: '{"name":"a","kids":[{"name":"b"}]}', counts: "1,2" };
const URIS = ["fuzz://static", "fuzz://a/x", "fuzz://b/y?limit=5", "fuzz://fail", "FUZZ://static"];
const WRONG_URIS = [
  "",
  "fuzz://",
  "fuzz://a/%2e%2e",
  "fuzz://c/x?limit=no",
  "no uri",
  "file:/etc/passwd",
  "fuzz://a/%ff",
  `fuzz://a/${"x".repeat(5000)}`,
  "http://[::1",
  "fuzz://a/b/c/d",
];
const TOOLS = Object.keys(VALID_ARGUMENTS);
// Sometimes a name that is not there.
const OTHER_NAMES = ["", "Echo", "__proto__", "toString", "constructor", "unknown", "e".repeat(3000), "\n\u2028\ud800"];
const LISTS = ["tools/list", "resources/list", "resources/templates/list", "prompts/list"];
const UNKNOWN_METHODS = [
  "x",
  "",
  "__proto__",
  "tools/Call",
  "tasks/list",
  "sampling/createMessage",
  "elicitation/create",
  "roots/list",
  "rpc.discover",
  "tools/call\u0000",
];

function tree(random, depth) {
  const kids = depth === 0 ? 0 : random.below(4);
  return { name: "n", ...(kids > 0 && { kids: Array.from({ length: kids }, () => tree(random, depth - 1)) }) };
}

function expression(random, depth) {
  if (depth === 0 || random.chance(0.4)) return { kind: "number", value: random.below(100) };
  const [left, right] = [expression(random, depth - 1), expression(random, depth - 1)];
  return { kind: random.of(["sum", "product"]), left, right };
}

/** A value that is wrong nearly anywhere. */
export function hostile(random) {
  return random.weighted([
    [
      12,
      () => random.of([null, true, false, 0, -1, 1.5, 1e300, 2 ** 53, "", "x", "5", "true", "null", "[1]", '{"a":1}']),
    ],
    [
      4,
      () =>
        random.of([
          [],
          {},
          [[]],
          [null],
          { a: 1 },
          { length: 5 },
          { then: 1 },
          { toJSON: 1 },
          { constructor: 1 },
          { type: "text", text: "x" },
        ]),
    ],
    [2, () => ({ resultType: "input_required", inputRequests: { x: { method: "elicitation/create", params: {} } } })],
    [2, () => ({ type: random.of(["resource_link", "image", "resource"]), uri: "x", annotations: { priority: 9 } })],
    [
      2,
      () => random.of(["\ud800", "\u0000", "a\r\nb", "\u2028", "👍".repeat(200), "x".repeat(10_000), "1".repeat(400)]),
    ],
    [1, () => Array(random.below(3000)).fill(random.of([1, "1", null, {}, "a"]))],
    [1, () => Object.fromEntries(Array.from({ length: random.below(500) }, (_, i) => [`k${i}`, String(i)]))],
    [1, () => nested(random.of([10, 90, 150]), random.chance(0.5))],
    [1, () => "[".repeat(random.of([50, 200, 5000]))],
    [1, () => `${"[".repeat(300)}${"]".repeat(300)}`],
  ]);
}

function nested(depth, isObject) {
  let value = 1;
  for (let i = 0; i < depth; i++) value = isObject ? { kids: [value], left: value } : [value];
  return depth > 20 && isObject ? { name: "x" } : value;
}

/** A request or notification that the server accepts, without its id. */
export function validMessage(random, era) {
  const message = random.weighted([
    [40, () => toolCall(random)],
    [8, () => ({ method: random.of(LISTS), params: random.chance(0.5) ? {} : undefined })],
    [10, () => ({ method: "resources/read", params: { uri: random.of(random.chance(0.7) ? URIS : WRONG_URIS) } })],
    [
      10,
      () => ({
        method: "prompts/get",
        params: { name: random.chance(0.1) ? "failing" : "advise", arguments: { ...VALID_PROMPT } },
      }),
    ],
    [8, () => completion(random)],
    [2, () => ({ method: random.of(UNKNOWN_METHODS), params: {} })],
    [8, () => (era === "modern" ? random.of(MODERN_ONLY) : random.of(LEGACY_ONLY))(random)],
    [1, () => random.of([...MODERN_ONLY, ...LEGACY_ONLY])(random)],
  ]);
  const { params } = message;
  if (random.chance(0.1)) message.params = { ...params, _meta: { progressToken: random.of([1, "p", 0, ""]) } };
  return era === "modern" ? withEnvelope(random, message) : message;
}

function toolCall(random) {
  const name = random.chance(0.95) ? random.of(TOOLS) : random.of(OTHER_NAMES);
  const create = Object.hasOwn(VALID_ARGUMENTS, name) ? VALID_ARGUMENTS[name] : () => ({});
  return { method: "tools/call", params: { name, arguments: create(random) } };
}

function completion(random) {
  const ref = random.of([
    { type: "ref/prompt", name: "advise" },
    { type: "ref/resource", uri: "fuzz://{kind}/{name}{?limit}" },
    { type: "ref/prompt", name: random.of(OTHER_NAMES) },
  ]);
  return {
    method: "completion/complete",
    params: { ref, argument: { name: random.of(["mood", "kind", "topic", "x"]), value: random.of(["", "c", "l"]) } },
  };
}

const LEGACY_ONLY = [
  () => ({ method: "ping", params: {} }),
  (random) => ({
    method: "logging/setLevel",
    params: { level: random.of(["debug", "info", "error", "emergency", "loud"]) },
  }),
  (random) => ({
    method: random.of(["resources/subscribe", "resources/unsubscribe"]),
    params: { uri: random.of(URIS) },
  }),
  (random) => ({
    method: "initialize",
    params: {
      protocolVersion: random.of(["2025-11-25", "2025-06-18", "2024-11-05", "1.0"]),
      capabilities: { elicitation: {}, sampling: {} },
      clientInfo: { name: "fuzz", version: "1" },
    },
  }),
];
const MODERN_ONLY = [
  () => ({ method: "server/discover", params: {} }),
  (random) => ({
    method: "subscriptions/listen",
    params: { notifications: { toolsListChanged: true, resourceSubscriptions: [random.of(URIS)] } },
  }),
];

function withEnvelope(random, message) {
  const answers = random.chance(0.2) && {
    inputResponses: { answer: hostile(random), x: { action: "accept", content: { name: "Ada" } } },
    requestState: random.of(["x", "e30.e30", 5]),
  };
  const capabilities = random.chance(0.5) ? { elicitation: { form: {} }, sampling: {} } : {};
  const _meta = {
    [`${META}protocolVersion`]: random.chance(0.97) ? "2026-07-28" : random.of(["2025-11-25", "2099-01-01", 5]),
    [`${META}clientCapabilities`]: capabilities,
    ...(random.chance(0.3) && { [`${META}clientInfo`]: { name: "fuzz", version: "1" } }),
    ...(random.chance(0.2) && { [`${META}logLevel`]: random.of(["debug", "loud"]) }),
    ...message.params?._meta,
  };
  return { ...message, params: { ...message.params, ...answers, _meta } };
}

/** A notification. */
export function notification(random) {
  return random.of([
    () => ({ method: "notifications/initialized" }),
    () => ({ method: "notifications/cancelled", params: { requestId: random.of([1, "x", null, {}]), reason: "no" } }),
    () => ({ method: "notifications/progress", params: { progressToken: random.of([1, "x", null]), progress: 1 } }),
    () => ({ method: "notifications/roots/list_changed" }),
    () => ({ method: random.of(["notifications/x", "tools/call", ""]), params: hostile(random) }),
  ])();
}

/** An answer to a question that the server has not asked. */
export function strayAnswer(random) {
  const id = random.of([0, 1, "x", null, -1]);
  return random.chance(0.5)
    ? { id, result: hostile(random) }
    : { id, error: { code: random.of([-32603, 1, "x"]), message: "no" } };
}

/** Changes one part of a message: another value, none, or one more. */
export function mutate(random, message) {
  const paths = placesIn(message, { depth: 8, keys: 20 });
  const path = random.of(paths);
  return random.weighted([
    [6, () => changed(message, path, () => hostile(random))],
    [2, () => changed(message, path, () => undefined)],
    [2, () => changed(message, path, (value) => addTo(value, random))],
    [1, () => changed(message, path, (value) => [value])],
    [1, () => changed(message, path, () => valueAt(message, random.of(paths)))],
    [
      1,
      () =>
        changed(message, path, (value) =>
          typeof value === "string" ? JSON.parse(JSON.stringify(value + value)) : JSON.stringify(value),
        ),
    ],
  ]);
}

function addTo(value, random) {
  const key = random.of(["extra", "__proto__", "constructor", "_meta", "name", "0", "length", ""]);
  if (Array.isArray(value)) return [...value, hostile(random)];
  if (typeof value !== "object" || value === null) return hostile(random);
  const entries = [...Object.entries(value), [key, hostile(random)]];
  // Assignment of `__proto__` would set the prototype.
  return Object.fromEntries(entries);
}
