import {
  classifyInboundRequest,
  CLIENT_CAPABILITIES_META_KEY,
  CLIENT_INFO_META_KEY,
  isJSONRPCRequest,
  isSpecType,
  LOG_LEVEL_META_KEY,
  PROTOCOL_VERSION_META_KEY,
  RELATED_TASK_META_KEY,
} from "@modelcontextprotocol/server";
import { describe, expect, it } from "vitest";
import { checkEnvelope, checkMessage, checkModernMessage, checkParams } from "./message-check.ts";

const capabilities = {
  experimental: { a: {} },
  sampling: { context: {}, tools: {} },
  elicitation: { form: { applyDefaults: true }, url: {} },
  roots: { listChanged: true },
  extensions: { "com.example/a": { depth: 1 } },
};
const tasks = { list: {}, cancel: {}, requests: { sampling: { createMessage: {} }, elicitation: { create: {} } } };
const icons = [{ src: "https://e.com/i.png", mimeType: "image/png", sizes: ["any"], theme: "dark" }];
const clientInfo = { name: "c", version: "1", title: "C", websiteUrl: "https://e.com", description: "d", icons };
const envelope = {
  [PROTOCOL_VERSION_META_KEY]: "2026-07-28",
  [CLIENT_CAPABILITIES_META_KEY]: capabilities,
  [CLIENT_INFO_META_KEY]: clientInfo,
  [LOG_LEVEL_META_KEY]: "info",
};
const _meta = { progressToken: 1, [RELATED_TASK_META_KEY]: { taskId: "t" } };
const ref = { type: "ref/prompt", name: "p" };

/** Complete parameters of each method, and the SDK's check of its requests. */
const METHODS: readonly (readonly [string, object, (request: object) => boolean])[] = [
  [
    "initialize",
    { protocolVersion: "2025-11-25", capabilities: { ...capabilities, tasks }, clientInfo },
    isSpecType.InitializeRequest,
  ],
  ["logging/setLevel", { level: "info" }, isSpecType.SetLevelRequest],
  ["tools/list", { cursor: "" }, isSpecType.ListToolsRequest],
  ["tools/call", { name: "t", arguments: {}, task: { ttl: 1 } }, isSpecType.CallToolRequest],
  ["resources/list", { cursor: "" }, isSpecType.ListResourcesRequest],
  ["resources/templates/list", { cursor: "" }, isSpecType.ListResourceTemplatesRequest],
  ["resources/read", { uri: "a://b" }, isSpecType.ReadResourceRequest],
  ["resources/subscribe", { uri: "a://b" }, isSpecType.SubscribeRequest],
  ["resources/unsubscribe", { uri: "a://b" }, isSpecType.UnsubscribeRequest],
  ["prompts/list", { cursor: "" }, isSpecType.ListPromptsRequest],
  ["prompts/get", { name: "p", arguments: { a: "b" } }, isSpecType.GetPromptRequest],
  [
    "completion/complete",
    { ref, argument: { name: "a", value: "" }, context: { arguments: { b: "c" } } },
    isSpecType.CompleteRequest,
  ],
  [
    "subscriptions/listen",
    {
      notifications: {
        toolsListChanged: true,
        promptsListChanged: true,
        resourcesListChanged: true,
        resourceSubscriptions: ["a://b"],
      },
    },
    isSpecType.SubscriptionsListenRequest,
  ],
];

const WRONG = [undefined, null, 5, 1.5, Number.POSITIVE_INFINITY, "wrong", true, [], [1], {}, { a: 1 }];

/** Every variant of a value with one part replaced by a wrong one. */
function* spoil(value: unknown): Generator<unknown> {
  yield* WRONG;
  if (typeof value !== "object" || value === null) return;
  for (const [key, part] of Object.entries(value)) {
    for (const spoiled of spoil(part)) {
      if (spoiled === undefined && Array.isArray(value)) continue;
      const copy = (Array.isArray(value) ? [...(value as unknown[])] : { ...value }) as Record<string, unknown>;
      if (spoiled === undefined) delete copy[key];
      else copy[key] = spoiled;
      yield copy;
    }
  }
}

function isFinite(value: unknown): boolean {
  return typeof value === "object" && value !== null
    ? Object.values(value).every(isFinite)
    : value !== Number.POSITIVE_INFINITY;
}

describe.each(METHODS)("Check of %s", (method, params, isValid) => {
  const request = (given: unknown): object => ({ jsonrpc: "2.0", id: 1, method, params: given });

  it("accepts complete parameters", () => {
    expect(checkMessage(request({ ...params, _meta }))).toBeUndefined();
    expect(checkParams(method, { ...params, _meta })).toBeUndefined();
    expect(isValid(request({ ...params, _meta }))).toBe(true);
  });

  it("refuses whatever the SDK refuses", () => {
    for (const given of spoil({ ...params, _meta })) {
      const message = request(given);
      const refusal = checkMessage(message) ?? checkParams(method, given);
      // Arguments of prompts may be null, for fields that a form leaves empty.
      const asText: unknown = JSON.parse(JSON.stringify(message), (key, part) =>
        part === null && /^[ab]$/.test(key) ? "" : part,
      );
      const mayPass = isFinite(message) && isJSONRPCRequest(asText) && isValid(asText);
      if (!mayPass) expect([given, refusal?.message]).toEqual([given, expect.stringMatching(/: .+\. [A-Z]/)]);
      expect(refusal?.message ?? "").not.toMatch(/\n|invalid_type|undefined/);
    }
  });
});

describe("Check of a message", () => {
  it.each<[unknown, string]>([
    [5, "number 5. Send an object."],
    [[], "array []. Send an object."],
    [null, "null. Send an object."],
    [{}, "neither a request nor a response. Send a method, or a result."],
    [{ jsonrpc: "2.0", id: 1, result: 5 }, "neither a request nor a response. Send a method, or a result."],
    [{ jsonrpc: "1.0", id: 1, method: "ping" }, `'jsonrpc': string "1.0". Send "2.0".`],
    [{ id: 1, method: "ping" }, `'jsonrpc': nothing. Send "2.0".`],
    [{ jsonrpc: "2.0", id: 1, method: 5 }, "'method': number 5. Send a string."],
    [{ jsonrpc: "2.0", id: null, method: "ping" }, "'id': null. Send a string or an integer."],
    [{ jsonrpc: "2.0", id: 1.5, method: "ping" }, "'id': number 1.5. Send a string or an integer."],
    [{ jsonrpc: "2.0", id: 1, method: "ping", params: [1] }, "'params': array [1]. Send an object."],
    [{ jsonrpc: "2.0", id: 1, method: "ping", Params: {} }, 'unknown member "Params". Leave it out.'],
  ])("refuses %j", (message, problem) => {
    expect(checkMessage(message)).toEqual({ code: -32600, message: `Invalid JSON-RPC 2.0 message: ${problem}` });
  });

  it.each<[unknown, string]>([
    [{ _meta: 5 }, "ping: invalid parameter '_meta': number 5. Send an object."],
    [
      { _meta: { progressToken: {} } },
      "ping: invalid parameter '_meta.progressToken': object {}. Send a string or an integer.",
    ],
  ])("refuses the parameters %.20j of any method", (params, message) => {
    expect(checkMessage({ jsonrpc: "2.0", id: 1, method: "ping", params })).toEqual({ code: -32602, message });
  });

  it("accepts requests, notifications and responses", () => {
    for (const message of [
      { jsonrpc: "2.0", id: "", method: "ping" },
      { jsonrpc: "2.0", method: "notifications/initialized", params: {} },
      { jsonrpc: "2.0", id: 1, result: {} },
      { jsonrpc: "2.0", id: 1, error: { code: 1, message: "m" } },
    ])
      expect(checkMessage(message)).toBeUndefined();
  });
});

describe("Check of a request of 2026-07-28", () => {
  it("refuses every envelope that the SDK refuses", () => {
    expect(checkEnvelope("ping", { _meta: envelope })).toBeUndefined();
    for (const _meta of spoil(envelope)) {
      const body = { jsonrpc: "2.0", id: 1, method: "tools/list", params: { _meta } };
      const { kind } = classifyInboundRequest({ httpMethod: "POST", body });
      const refusal = checkModernMessage(body);
      if (kind !== "modern") expect([_meta, refusal]).toEqual([_meta, expect.objectContaining({ code: -32602 })]);
      expect(refusal?.message ?? "").not.toMatch(/\n|Invalid input/);
    }
  });

  it("refuses batches and an invalid filter of a subscription", () => {
    expect(checkModernMessage([])?.message).toBe("MCP 2026-07-28 has no batches. Send one message at a time.");
    const params = { _meta: envelope, notifications: { resourceSubscriptions: [5] } };
    expect(checkModernMessage({ jsonrpc: "2.0", id: 1, method: "subscriptions/listen", params })?.message).toBe(
      "subscriptions/listen: invalid parameter 'notifications.resourceSubscriptions[0]': number 5. Send a string.",
    );
  });
});
