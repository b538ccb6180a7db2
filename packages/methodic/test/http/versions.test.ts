import { describe, expect, it } from "vitest";
import { apiKey, requireScopes } from "../../src/auth/index.ts";
import { createServer, type ServerOptions, tool } from "../../src/index.ts";
import { defineService } from "../fixtures/service.ts";

const KEY = "dev.methodic/version";
const API_KEY = "a-key-of-ada-that-is-long-enough";
const string = { type: "string" };

class Regions {
  move1(region: string): string {
    return `1 ${region}`;
  }
  move2(region: string): string {
    return `2 ${region}`;
  }
  get1(): string {
    return "1";
  }
  get2(): string {
    return "2";
  }
}
defineService(Regions, {
  move1: {
    as: tool({ name: "move", version: "1" }),
    properties: { region: { ...string, "x-mcp-header": "Region" } },
  },
  move2: { as: tool({ name: "move", version: "2" }), properties: { region: string } },
  get1: { as: tool({ name: "get" }) },
  get2: { as: tool({ name: "get", version: "2", auth: requireScopes("new") }) },
});

interface Call {
  readonly name: string;
  readonly version?: string;
  readonly headers?: object;
}

async function call({ name, version, headers }: Call, options: Partial<ServerOptions> = {}) {
  const auth = apiKey({ keys: [{ name: "ada", key: API_KEY }] });
  await using server = createServer({ name: "regions", version: "1", services: [Regions], auth, ...options });
  const _meta = {
    "io.modelcontextprotocol/protocolVersion": "2026-07-28",
    "io.modelcontextprotocol/clientInfo": { name: "test", version: "1" },
    "io.modelcontextprotocol/clientCapabilities": {},
    ...(version !== undefined && { [KEY]: { version } }),
  };
  const args = name.startsWith("move") ? { region: "eu" } : {};
  const response = await server.fetch(
    new Request("http://localhost/mcp", {
      method: "POST",
      headers: {
        "content-type": "application/json",
        accept: "application/json, text/event-stream",
        "x-api-key": API_KEY,
        "mcp-protocol-version": "2026-07-28",
        "mcp-method": "tools/call",
        "mcp-name": name,
        ...headers,
      },
      body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/call", params: { name, arguments: args, _meta } }),
    }),
  );
  const { result, error } = (await response.json()) as {
    readonly result?: { readonly content: readonly { readonly text: string }[] };
    readonly error?: { readonly code?: number } | string;
  };
  return [response.status, result?.content[0]?.text ?? (typeof error === "string" ? error : error?.code)];
}

const EU = { "mcp-param-region": "eu" };

describe.each([
  ["with a caller", {}],
  ["without authentication", { auth: "none" as const }],
])("Header parameters of versions %s", (_, options) => {
  it("are compared for the version that is called", async () => {
    expect(await call({ name: "move" }, options)).toEqual([200, "2 eu"]);
    expect(await call({ name: "move@1" }, options)).toEqual([400, -32020]);
    expect(await call({ name: "move", version: "1" }, options)).toEqual([400, -32020]);
    expect(await call({ name: "move@1", headers: EU }, options)).toEqual([200, "1 eu"]);
    expect(await call({ name: "move", version: "1", headers: EU }, options)).toEqual([200, "1 eu"]);
  });

  it("are compared for the version that the server chooses", async () => {
    const versions = () => "1";
    expect(await call({ name: "move" }, { ...options, versions })).toEqual([400, -32020]);
    expect(await call({ name: "move", headers: EU }, { ...options, versions })).toEqual([200, "1 eu"]);
    expect(await call({ name: "move@2" }, { ...options, versions })).toEqual([200, "2 eu"]);
  });
});

describe("Scopes of versions", () => {
  it("are asked for only if the call gets no other version", async () => {
    expect(await call({ name: "get" })).toEqual([200, "1"]);
    expect(await call({ name: "get@2" })).toEqual([403, "insufficient_scope"]);
    expect(await call({ name: "get", version: "2" })).toEqual([403, "insufficient_scope"]);
    expect(await call({ name: "get" }, { versions: () => "2" })).toEqual([403, "insufficient_scope"]);
    expect(await call({ name: "get@0" }, { versions: () => "2" })).toEqual([200, "1"]);
  });
});
