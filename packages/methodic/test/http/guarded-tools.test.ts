import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { apiKey, requireRoles } from "../../src/auth/index.ts";
import { createServer, type Server, tool } from "../../src/index.ts";
import { defineService } from "../fixtures/service.ts";

const allows = vi.fn<() => Promise<boolean>>(async () => true);

class Regions {
  move(region: string): string {
    return region;
  }
  list(): string {
    return "list";
  }
}
defineService(Regions, {
  move: {
    as: tool({ auth: requireRoles("admin") }),
    properties: { region: { type: "string", "x-mcp-header": "Region" } },
  },
  list: { as: tool({ auth: { scopes: ["regions"], allows } }) },
});

const KEYS = [
  { name: "guest", key: "key-of-guest" },
  { name: "admin", key: "key-of-admin", claims: { roles: ["admin"] } },
];

let server: Server;
beforeEach(() => {
  allows.mockClear();
  server = createServer({ name: "regions", version: "1", services: [Regions], auth: apiKey({ keys: KEYS }) });
});
afterEach(() => server.close());

async function post(key: string, message: object, headers: object = {}): Promise<{ status: number; body: never }> {
  const response = await server.fetch(
    new Request("http://localhost/mcp", {
      method: "POST",
      headers: {
        "content-type": "application/json",
        accept: "application/json, text/event-stream",
        "x-api-key": key,
        ...headers,
      },
      body: JSON.stringify(message),
    }),
  );
  return { status: response.status, body: (await response.json()) as never };
}

function call(key: string, name: string, headers: object = {}): ReturnType<typeof post> {
  const _meta = {
    "io.modelcontextprotocol/protocolVersion": "2026-07-28",
    "io.modelcontextprotocol/clientInfo": { name: "test", version: "1" },
    "io.modelcontextprotocol/clientCapabilities": {},
  };
  return post(
    key,
    { jsonrpc: "2.0", id: 1, method: "tools/call", params: { name, arguments: { region: "eu" }, _meta } },
    { "mcp-protocol-version": "2026-07-28", "mcp-method": "tools/call", "mcp-name": name, ...headers },
  );
}

describe("a tool with access rules and header parameters", () => {
  it.each([
    ["no headers", {}],
    ["other headers", { "mcp-param-region": "us" }],
  ])("is reported as unknown to callers without access who send %s", async (_how, headers) => {
    const [hidden, absent] = [await call("key-of-guest", "move", headers), await call("key-of-guest", "gone", headers)];
    expect(hidden).toEqual({
      status: absent.status,
      body: JSON.parse(JSON.stringify(absent.body).replaceAll("gone", "move")) as never,
    });
  });

  it("has its headers compared for callers with access", async () => {
    expect(await call("key-of-admin", "move")).toMatchObject({ status: 400, body: { error: { code: -32020 } } });
    expect(await call("key-of-admin", "move", { "mcp-param-region": "eu" })).toMatchObject({
      status: 200,
      body: { result: { content: [{ text: "eu" }] } },
    });
  });
});

it("access rules are asked once at most about a batch that is too long", async () => {
  const one = { jsonrpc: "2.0", method: "tools/call", params: { name: "list" } };
  const batch = Array.from({ length: 1000 }, (_, id) => ({ ...one, id }));
  expect(await post("key-of-guest", batch)).toMatchObject({ status: 400, body: { error: { code: -32600 } } });
  expect(allows.mock.calls.length).toBeLessThanOrEqual(1);
});
