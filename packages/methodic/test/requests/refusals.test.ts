import { describe, expect, it } from "vitest";
import { type Context, prompt, resource, tool } from "../../src/index.ts";
import { defineService } from "../fixtures/service.ts";
import { type Answer, type Wire, WIRES, withEnvelope } from "../fixtures/wires.ts";

const string = { type: "string" };

class Everything {
  echo(text: string, _ctx: Context): string {
    return text;
  }
  note(id: string): string {
    return id;
  }
  report(topic: string): string {
    return topic;
  }
}
defineService(Everything, {
  echo: { as: tool(), properties: { text: string }, contextIndex: 1 },
  note: { as: resource("notes://{id}"), kind: "resource", properties: { id: string } },
  report: { as: prompt(), kind: "prompt", properties: { topic: { enum: ["a", "b"] } } },
});

class ToolsOnly {
  echo(): string {
    return "hi";
  }
}
defineService(ToolsOnly, { echo: { as: tool() } });

const LISTS = ["tools/list", "resources/list", "resources/templates/list", "prompts/list"];
const ref = { type: "ref/prompt", name: "report" };
const argument = { name: "topic", value: "" };

/** Valid parameters of each method, and the revisions that have it. */
const METHODS: readonly { readonly method: string; readonly params: object; readonly era?: "legacy" | "modern" }[] = [
  ...LISTS.map((method) => ({ method, params: {} })),
  { method: "tools/call", params: { name: "echo", arguments: { text: "x" } } },
  { method: "resources/read", params: { uri: "notes://a" } },
  { method: "prompts/get", params: { name: "report", arguments: { topic: "a" } } },
  { method: "completion/complete", params: { ref, argument } },
  { method: "ping", params: {}, era: "legacy" },
  { method: "logging/setLevel", params: { level: "info" }, era: "legacy" },
  { method: "server/discover", params: {}, era: "modern" },
];

const NO_TEXT = [null, 5, true, [], {}];
const NO_OBJECT = [null, 5, true, "x", [1]];

/** Wrong values by method and parameter. */
const WRONG: { readonly [method: string]: { readonly [path: string]: readonly unknown[] } } = {
  ...Object.fromEntries(LISTS.map((method) => [method, { cursor: [...NO_TEXT, "unknown"] }])),
  "tools/call": { name: NO_TEXT, arguments: NO_OBJECT },
  "resources/read": { uri: NO_TEXT },
  "prompts/get": { name: NO_TEXT, arguments: [...NO_OBJECT, { topic: 5 }, { topic: {} }] },
  "completion/complete": {
    ref: [
      ...NO_OBJECT,
      {},
      { type: "ref/prompt" },
      { type: "ref/tool", name: "echo" },
      { type: "ref/resource", uri: 5 },
    ],
    argument: [...NO_OBJECT, {}, { name: 5, value: "" }, { name: "topic", value: 5 }],
    context: [...NO_OBJECT, { arguments: 5 }, { arguments: { a: 5 } }],
  },
  "logging/setLevel": { level: [...NO_TEXT, "loud", "x".repeat(100_000)] },
};
const WRONG_META = [...NO_OBJECT, { progressToken: {} }, { progressToken: 1.5 }, { progressToken: null }];

/** Every variant of a method's parameters with a wrong value. */
function listMalformed(method: string, params: object): readonly unknown[] {
  const wrong = { ...WRONG[method], _meta: WRONG_META };
  return Object.entries(wrong).flatMap(([name, values]) => values.map((value) => ({ ...params, [name]: value })));
}

function makeRequest(wire: Wire, method: string, params?: unknown): object {
  const request = { jsonrpc: "2.0", id: 7, method, ...(params !== undefined && { params }) };
  return (wire.era === "modern" ? withEnvelope(request) : request) as object;
}

function expectRefusal(answers: readonly Answer[], codes: readonly number[]): void {
  expect(answers).toEqual([{ jsonrpc: "2.0", id: 7, error: expect.anything() as unknown }]);
  const { code, message = "" } = answers[0]?.error ?? {};
  expect(codes).toContain(code);
  expect(message.length).toBeLessThan(400);
  // What is wrong, and what to do: not the text of a validation library.
  expect(message).toMatch(/[.…] [A-Z][^\n]*\.$/);
  expect(message).not.toMatch(/invalid_|Invalid input|"code"|\n/);
}

describe.each(WIRES)("Request over %s", (_, open) => {
  it("is answered once, with a result, if it is valid", async () => {
    const wire = await open({ services: [Everything] });
    for (const { method, params, era } of METHODS) {
      if (era && era !== wire.era) continue;
      const answers = await wire.send(makeRequest(wire, method, params));
      expect([method, answers]).toEqual([
        method,
        [expect.objectContaining({ id: 7, result: expect.anything() as unknown })],
      ]);
    }
  });

  it("is answered once, in plain words, if its parameters are malformed", async () => {
    const wire = await open({ services: [Everything] });
    for (const { method, params, era } of METHODS) {
      if (era && era !== wire.era) continue;
      // Some methods need none.
      if (Object.keys(params).length > 0) expectRefusal(await wire.send(makeRequest(wire, method)), [-32602]);
      for (const malformed of listMalformed(method, params)) {
        expectRefusal(await wire.send(makeRequest(wire, method, malformed)), [-32602]);
      }
    }
  });

  it("is answered once if the server or the revision lacks its method", async () => {
    const wire = await open({ services: [ToolsOnly] });
    const others = METHODS.filter(({ era }) => era && era !== wire.era).map(({ method }) => method);
    const unknown = [
      "x",
      "",
      "__proto__",
      "resources/subscribe",
      "tasks/list",
      "logging/setLevel",
      ...LISTS.slice(1),
      ...others,
    ];
    for (const method of unknown) expectRefusal(await wire.send(makeRequest(wire, method)), [-32601]);
  });

  it("is answered once if it is not a JSON-RPC message", async () => {
    const wire = await open({ services: [ToolsOnly] });
    const valid = makeRequest(wire, "tools/list");
    const params = [null, 5, "x", true, [], [{}]].map((value) => ({ params: value }));
    for (const broken of [{ jsonrpc: "1.0" }, { jsonrpc: undefined }, { extra: 1 }, { "params ": {} }, ...params]) {
      expectRefusal(await wire.send({ ...valid, ...broken }), [-32600]);
    }
  });

  it("gets no answer if it is a notification, malformed or not", async () => {
    const wire = await open({ services: [Everything] });
    const name = "notifications/cancelled";
    for (const params of [{}, { requestId: {} }, { requestId: 99 }, { requestId: 99, reason: 5 }]) {
      expect(await wire.send({ jsonrpc: "2.0", method: name, params })).toEqual([]);
    }
    for (const params of [5, [], { _meta: 5 }]) {
      const answers = await wire.send({ jsonrpc: "2.0", method: name, params });
      // Over HTTP, the POST has a response, whose error has no id.
      expect(answers.filter(({ id }) => id !== null)).toEqual([]);
    }
  });
});

describe("Request on a connection of 2026-07-28", () => {
  it("is refused, with the revision to use, if it names another one", async () => {
    const [, open] = WIRES.find(([name]) => name === "memory, 2026-07-28")!;
    const wire = await open({ services: [Everything] });
    const _meta = { "io.modelcontextprotocol/protocolVersion": "1999-01-01" };
    for (const { method, params } of METHODS.filter(({ era }) => era !== "legacy")) {
      const answers = await wire.send(makeRequest(wire, method, { ...params, _meta }));
      expectRefusal(answers, [-32022]);
      expect(answers[0]?.error).toMatchObject({ data: { supported: ["2026-07-28"], requested: "1999-01-01" } });
    }
  });
});
