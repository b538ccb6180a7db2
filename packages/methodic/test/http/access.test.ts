import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { afterEach, describe, expect, it, vi } from "vitest";
import { apiKey, requireRoles, requireScopes } from "../../src/auth/index.ts";
import {
  createServer,
  type Context,
  type ProtocolEra,
  prompt,
  resource,
  type Server,
  service,
  tool,
} from "../../src/index.ts";
import { defineService } from "../fixtures/service.ts";

const ENDPOINT = "http://localhost/mcp";
const open: Server[] = [];
afterEach(async () => void (await Promise.all(open.splice(0).map((server) => server.close()))));

class Notes {
  read(ctx: Context): string {
    const key = ctx.http?.headers.get("x-api-key") ?? "no key";
    return `read by ${ctx.auth?.subject ?? "nobody"} with ${key}`;
  }
  write(): string {
    return "written";
  }
  wipe(): string {
    return "wiped";
  }
  note(name: string): string {
    return name;
  }
  ask(): string {
    return "ask";
  }
  plan(): string {
    return "plan";
  }
  log(): string {
    return "log";
  }
}
defineService(Notes, {
  read: { as: tool(), contextIndex: 0 },
  write: { as: tool({ auth: requireScopes("notes:write") }) },
  wipe: { as: tool({ auth: [requireScopes("notes:write"), requireRoles("admin")] }) },
  note: {
    as: resource("notes://{name}", { auth: requireScopes("notes:write") }),
    kind: "resource",
    properties: { name: { type: "string" } },
  },
  ask: { as: prompt({ auth: requireScopes("notes:write") }), kind: "prompt" },
  plan: { as: prompt({ auth: requireRoles("admin") }), kind: "prompt" },
  log: { as: resource("log://all", { auth: () => false }), kind: "resource" },
});
class Guarded extends Notes {}
service({ auth: requireScopes("notes:read") })(Guarded);

const KEYS = [
  { name: "none", key: "key-of-none" },
  { name: "base", key: "key-of-base", scopes: ["base"] },
  { name: "reader", key: "key-of-reader", scopes: ["notes:read"] },
  { name: "writer", key: "key-of-writer", scopes: ["notes:read", "notes:write"] },
  { name: "admin", key: "key-of-admin", scopes: ["notes:read", "notes:write"], claims: { roles: ["admin"] } },
];

function serve(auth: Parameters<typeof createServer>[0]["auth"] = apiKey({ keys: KEYS })): Server {
  const server = createServer({ name: "notes", version: "1", services: [Guarded], ...(auth && { auth }) });
  open.push(server);
  return server;
}

async function connect(server: Server, era: ProtocolEra, who?: string): Promise<Client> {
  const client = new Client(
    { name: "test", version: "1.0.0" },
    { versionNegotiation: { mode: era === "modern" ? { pin: "2026-07-28" } : "legacy" } },
  );
  const fetch = (url: string | URL, init?: RequestInit): Promise<Response> => {
    const headers = new Headers(init?.headers);
    if (who !== undefined) headers.set("x-api-key", `key-of-${who}`);
    return server.fetch(new Request(url, { ...init, headers }));
  };
  await client.connect(new StreamableHTTPClientTransport(new URL(ENDPOINT), { fetch }));
  return client;
}

/** Sends a request of the 2025 era. */
async function post(
  server: Server,
  who: string,
  request: { readonly method: string; readonly params: object },
): Promise<Response> {
  return server.fetch(
    new Request(ENDPOINT, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        accept: "application/json, text/event-stream",
        "x-api-key": `key-of-${who}`,
      },
      body: JSON.stringify({ jsonrpc: "2.0", id: 1, ...request }),
    }),
  );
}

// The official client reads the scopes from the challenge.
const STEP_UP = { name: "InsufficientScopeError", requiredScope: "notes:read notes:write" };

const namesOf = async (client: Client): Promise<readonly string[]> =>
  (await client.listTools()).tools.map(({ name }) => name);

describe.each(["legacy", "modern"] as const)("access over HTTP in the %s era", (era) => {
  it.each([
    ["none", [], []],
    ["reader", ["read"], []],
    ["writer", ["read", "write"], ["ask"]],
    ["admin", ["read", "write", "wipe"], ["ask", "plan"]],
  ])("lists the components that the rules allow for %s", async (who, tools, prompts) => {
    const client = await connect(serve(), era, who);
    expect(await namesOf(client)).toEqual(tools);
    expect((await client.listPrompts()).prompts.map(({ name }) => name)).toEqual(prompts);
    expect((await client.listResources()).resources).toEqual([]);
    expect((await client.listResourceTemplates()).resourceTemplates).toHaveLength(prompts.length === 0 ? 0 : 1);
    await client.close();
  });

  it("passes the caller to methods, without the key", async () => {
    const client = await connect(serve(), era, "reader");
    expect(await client.callTool({ name: "read" })).toMatchObject({
      content: [{ text: "read by reader with no key" }],
    });
    await client.close();
  });

  it("answers 403 if only scopes are missing, and like an unknown component otherwise", async () => {
    const client = await connect(serve(), era, "reader");
    await expect(client.callTool({ name: "write" })).rejects.toMatchObject(STEP_UP);
    await expect(client.callTool({ name: "wipe" })).rejects.toThrow('Unknown tool: "wipe".');
    await expect(client.getPrompt({ name: "ask" })).rejects.toMatchObject(STEP_UP);
    await expect(client.readResource({ uri: "notes://a" })).rejects.toMatchObject(STEP_UP);
    await client.close();
  });

  it("hides components with rules if the server does not authenticate callers", async () => {
    const client = await connect(serve("none"), era);
    expect(await namesOf(client)).toEqual([]);
    await expect(client.callTool({ name: "read" })).rejects.toThrow('Unknown tool: "read".');
    await client.close();
  });
});

describe("the response to a caller who lacks scopes", () => {
  it("names all scopes of the component", async () => {
    const { status, headers } = await post(serve(), "none", { method: "tools/call", params: { name: "write" } });
    expect(status).toBe(403);
    expect(headers.get("www-authenticate")).toMatch(/^Bearer .*error="insufficient_scope"/);
    expect(headers.get("www-authenticate")).toContain('scope="notes:read notes:write"');
  });

  it("names the scopes of the server as well", async () => {
    const server = serve([apiKey({ keys: KEYS }), requireScopes("base")]);
    for (const [who, scope] of [
      ["none", "base"],
      ["base", "base notes:read notes:write"],
    ] as const) {
      const { status, headers } = await post(server, who, { method: "tools/call", params: { name: "write" } });
      expect(status).toBe(403);
      expect(headers.get("www-authenticate")).toContain(`scope="${scope}"`);
    }
  });

  it.each([
    ["tools/call", { name: "wipe" }, { name: "nope" }],
    ["prompts/get", { name: "plan" }, { name: "nope" }],
    ["resources/read", { uri: "log://all" }, { uri: "log://nope" }],
  ])("does not distinguish denied from unknown components of %s", async (...[method, hidden, absent]) => {
    const server = serve();
    const answers = await Promise.all(
      [hidden, absent].map(async (params) => {
        const response = await post(server, "writer", { method, params });
        const text = await response.text();
        return [response.status, text.replaceAll(Object.values(params)[0] as string, "?")];
      }),
    );
    expect(answers[0]).toEqual(answers[1]);
  });
});

describe("a server with access rules and without an authenticator", () => {
  it("warns about components that no caller can use", async () => {
    const log = vi.spyOn(console, "error").mockReturnValue();
    vi.spyOn(process.stderr, "write").mockReturnValue(true);
    await serve("none").serve({ transport: "http", port: 0 });
    expect(log.mock.calls.flat().join()).toMatch(/no caller can use .*Guarded\.write.* over HTTP: .*authenticator/);
    log.mockClear();
    await serve().serve({ transport: "http", port: 0 });
    expect(log).not.toHaveBeenCalled();
    vi.restoreAllMocks();
  });

  it("warns if the rules of the server itself deny every caller", async () => {
    const log = vi.spyOn(console, "error").mockReturnValue();
    vi.spyOn(process.stderr, "write").mockReturnValue(true);
    await serve(requireScopes("notes:read")).serve({ transport: "http", port: 0 });
    expect(log.mock.calls.flat().join()).toMatch(
      /no caller can use the server over HTTP: .*no authenticator\. Add one/,
    );
    vi.restoreAllMocks();
  });
});
