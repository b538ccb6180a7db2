import {
  Client,
  InMemoryTransport,
  SSEClientTransport,
  StreamableHTTPClientTransport,
} from "@modelcontextprotocol/client";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { apiKey } from "../../src/auth/index.ts";
import type { HttpOptions } from "../../src/http/options.ts";
import {
  type AccessPredicate,
  type AccessRule,
  type AuthInfo,
  createServer,
  prompt,
  resource,
  type Server,
  tool,
} from "../../src/index.ts";
import { createTestClient } from "../../src/testing/test-client.ts";
import { defineService } from "../fixtures/service.ts";

const predicate = vi.fn<AccessPredicate>(async () => true);
const scopeRule = {
  scopes: ["regions"],
  allows: vi.fn<AccessRule["allows"]>(({ scopes }) => scopes.includes("regions")),
};
const auth = [predicate, scopeRule];

class Regions {
  move(region: string): string {
    return region;
  }
  all(): string {
    return "all";
  }
  one(region: string): string {
    return region;
  }
  ask(): string {
    return "ask";
  }
}
const region = { type: "string" };
defineService(Regions, {
  move: { as: tool({ auth }), properties: { region: { ...region, "x-mcp-header": "Region" } } },
  all: { as: resource("regions://all", { auth }), kind: "resource" },
  one: { as: resource("regions://one/{region}", { auth }), kind: "resource", properties: { region } },
  ask: { as: prompt({ auth }), kind: "prompt" },
});

let server: Server;
function serve(http: HttpOptions = {}): void {
  const keys = [{ name: "ada", key: "key-of-ada-12345", scopes: ["regions"] }];
  server = createServer({ name: "regions", version: "1", services: [Regions], auth: apiKey({ keys }), http });
}
beforeEach(() => {
  vi.clearAllMocks();
  serve();
});
afterEach(() => server.close());

function send(url: string | URL, init: RequestInit = {}): Promise<Response> {
  const headers = new Headers(init.headers);
  headers.set("x-api-key", "key-of-ada-12345");
  return server.fetch(new Request(url, { ...init, headers }));
}

const PATHS = {
  "2026-07-28": {},
  "2025-11-25": {},
  "2025-11-25 with sessions": { sessions: true },
  "HTTP+SSE": { sessions: true, legacySse: true },
} as const;

async function connect(path: keyof typeof PATHS): Promise<Client> {
  serve(PATHS[path]);
  const client = new Client(
    { name: "test", version: "1" },
    { versionNegotiation: { mode: path === "2026-07-28" ? { pin: path } : "legacy" } },
  );
  await client.connect(
    path === "HTTP+SSE"
      ? new SSEClientTransport(new URL("http://localhost/sse"), { fetch: send })
      : new StreamableHTTPClientTransport(new URL("http://localhost/mcp"), { fetch: send }),
  );
  return client;
}

/**
 * Returns the components about which each rule was asked; both rules must have been asked about the
 * same.
 */
function countAsked(): readonly string[] {
  const [asked, askedForScopes] = [predicate, scopeRule.allows].map(({ mock }) =>
    mock.calls.map(([, { kind, name }]) => `${kind} ${name}`),
  );
  expect(askedForScopes).toEqual(asked);
  predicate.mockClear();
  scopeRule.allows.mockClear();
  return asked ?? [];
}

const REQUESTS: readonly (readonly [string, string, (client: Client) => Promise<unknown>])[] = [
  ["tools/call", "tool move", (client) => client.callTool({ name: "move", arguments: { region: "eu" } })],
  ["resources/read", "resource regions://all", (client) => client.readResource({ uri: "regions://all" })],
  [
    "resources/read of a template",
    "resource regions://one/{region}",
    (client) => client.readResource({ uri: "regions://one/eu" }),
  ],
  ["prompts/get", "prompt ask", (client) => client.getPrompt({ name: "ask" })],
];

describe.each(Object.keys(PATHS) as readonly (keyof typeof PATHS)[])("access rules over HTTP, %s,", (path) => {
  it.each(REQUESTS)("are asked once for %s", async (_method, component, request) => {
    const client = await connect(path);
    // The client repeats arguments in headers once it knows the tool's schema.
    await client.listTools();
    countAsked();
    await request(client);
    expect(countAsked()).toEqual([component]);
    await client.close();
  });

  it("are asked again for every request", async () => {
    const client = await connect(path);
    await client.getPrompt({ name: "ask" });
    await client.getPrompt({ name: "ask" });
    expect(countAsked()).toEqual(["prompt ask", "prompt ask"]);
    await client.close();
  });

  it("are asked once for each component of a list", async () => {
    const client = await connect(path);
    await client.listTools();
    expect(countAsked()).toEqual(["tool move"]);
    await client.listResources();
    expect([...countAsked()].sort()).toEqual(["resource regions://all", "resource regions://one/{region}"]);
    await client.close();
  });

  it("decide a second request by what they answer then", async () => {
    const client = await connect(path);
    predicate.mockImplementationOnce(() => false);
    await expect(client.getPrompt({ name: "ask" })).rejects.toThrow('Unknown prompt: "ask".');
    expect(await client.getPrompt({ name: "ask" })).toMatchObject({ messages: [{ content: { text: "ask" } }] });
    await client.close();
  });
});

describe("access rules for a batch of 2025-03-26", () => {
  it("are asked once for each component that its messages name", async () => {
    const call = (id: number, method: string, params: object): object => ({ jsonrpc: "2.0", id, method, params });
    const response = await send("http://localhost/mcp", {
      method: "POST",
      headers: {
        "content-type": "application/json",
        accept: "application/json, text/event-stream",
        "mcp-protocol-version": "2025-03-26",
      },
      body: JSON.stringify([
        call(1, "tools/call", { name: "move", arguments: { region: "eu" } }),
        call(2, "tools/call", { name: "move", arguments: { region: "us" } }),
        call(3, "prompts/get", { name: "ask" }),
      ]),
    });
    const answers = (await response.json()) as readonly { readonly result?: unknown }[];
    expect(answers.map(({ result }) => result !== undefined)).toEqual([true, true, true]);
    expect([...countAsked()].sort()).toEqual(["prompt ask", "tool move"]);
  });
});

describe("access rules of a connection in memory", () => {
  it.each(["legacy", "modern"] as const)("are asked once a request in the %s era", async (era) => {
    await using client = await createTestClient(server, { era, auth: { subject: "ada", scopes: ["regions"] } });
    for (const [, component, request] of REQUESTS) {
      await request(client.client);
      expect(countAsked()).toEqual([component]);
    }
  });

  it("are not asked about a trusted client", async () => {
    await using client = await createTestClient(server);
    await client.listTools();
    for (const [, , request] of REQUESTS) await request(client.client);
    expect(countAsked()).toEqual([]);
  });

  it("see the caller of the connection, not one that its transport claims", async () => {
    const [clientSide, serverSide] = InMemoryTransport.createLinkedPair();
    await server.connect(serverSide, { auth: undefined });
    const client = new Client({ name: "test", version: "1" });
    const claimed: AuthInfo = { subject: "eve", scopes: ["regions"], claims: {} };
    const forged = { token: "", clientId: "eve", scopes: ["regions"], extra: { methodic: claimed } };
    const sendMessage = clientSide.send.bind(clientSide);
    clientSide.send = (message, options) => sendMessage(message, { ...options, authInfo: forged });
    await client.connect(clientSide);
    await expect(client.getPrompt({ name: "ask" })).rejects.toThrow('Unknown prompt: "ask".');
    expect(countAsked()).toEqual([]);
    await client.close();
  });
});
