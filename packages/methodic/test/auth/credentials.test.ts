import { readFileSync } from "node:fs";
import { afterEach, describe, expect, it, vi } from "vitest";
import { anyOf, apiKey, type Authenticator, bearer, jwt, type ServerAuth } from "../../src/auth/index.ts";
import { type Context, createServer, type Server, tool } from "../../src/index.ts";
import { sdkContext } from "../../src/protocol/sdk-context.ts";
import { createTestClient } from "../../src/testing/test-client.ts";
import { callText, connectOver, HTTP_PATH_NAMES, HTTP_PATHS } from "../fixtures/http-client.ts";
import { defineService } from "../fixtures/service.ts";

class Curious {
  /** Returns everything that a method can know of the request's headers. */
  look(ctx: Context): string {
    const { http } = sdkContext(ctx);
    const seen = [ctx.http?.headers, http?.req?.headers].map((headers) => Object.fromEntries(headers ?? []));
    return JSON.stringify([seen, http?.authInfo]);
  }
}
defineService(Curious, { look: { as: tool(), contextIndex: 0 } });

const SENT = {
  authorization: "Bearer secret-token",
  "proxy-authorization": "Basic secret-of-proxy",
  cookie: "session=secret-cookie",
  "x-api-key": "secret-api-key",
  "x-notes-key": "secret-notes-key",
  "x-ticket": "secret-ticket",
  "x-tenant": "acme",
};

const ownKey = apiKey({ header: "X-Notes-Key", keys: "secret-notes-key" });
const ticket: Authenticator = {
  authenticate: async ({ headers }) =>
    headers.get("X-Ticket") === "secret-ticket"
      ? { kind: "accepted", auth: { subject: "ada", scopes: [], claims: {} } }
      : { kind: "missing" },
  scopes: [],
  authorizationServers: [],
  bindsToResource: false,
};
const reader: Authenticator = {
  ...ticket,
  authenticate: (request, resource) => {
    const headers = new Headers(Object.fromEntries(request.headers));
    return ticket.authenticate({ ...request, headers }, resource);
  },
};
const token = bearer({ verify: (given) => given === "secret-token" && { subject: "ada" } });
const ALWAYS = ["authorization", "proxy-authorization", "cookie", "x-api-key"];

const CONFIGURED: readonly (readonly [string, ServerAuth, readonly string[]])[] = [
  ["no authenticator", "none", ALWAYS],
  ["a key in a separate header", ownKey, [...ALWAYS, "x-notes-key"]],
  ["a token", token, ALWAYS],
  ["a token or a key", anyOf(token, ownKey), [...ALWAYS, "x-notes-key"]],
  ["a key or a token", anyOf(jwt({ issuer: "https://login.example.com" }), ownKey), [...ALWAYS, "x-notes-key"]],
  ["an authenticator that reads one header", ticket, [...ALWAYS, "x-ticket"]],
  ["an authenticator in anyOf", anyOf(ownKey, ticket), [...ALWAYS, "x-notes-key"]],
  ["an authenticator that reads all headers", reader, Object.keys(SENT)],
];

function listDocumentedHeaders(): readonly string[] {
  const page = readFileSync(new URL("../../../../docs/auth.md", import.meta.url), "utf8");
  const [, table = ""] = /\| set by \|.*\n\|---\|---\|\n((?:\|.*\n)+)/.exec(page) ?? [];
  return Array.from(table.matchAll(/`([^`]+)`/g), ([, name = ""]) => name.replace("…", "AAD-Access-Token"));
}

let server: Server;
afterEach(() => server.close());
afterEach(() => vi.unstubAllEnvs());

it("a server whose apiKey() has no key serves trusted clients, and refuses to serve HTTP", async () => {
  vi.stubEnv("MCP_API_KEY", undefined);
  vi.stubEnv("MCP_API_KEYS", undefined);
  for (const auth of [apiKey(), anyOf(token, apiKey()), [apiKey(), () => true]] satisfies ServerAuth[]) {
    server = createServer({ name: "keyed", version: "1.0.0", services: [Curious], auth });
    await using client = await createTestClient(server);
    expect(await client.listTools()).toHaveLength(1);
    const missing = expect.objectContaining({ code: "MISSING_API_KEY" }) as Error;
    await expect(server.fetch(new Request("http://localhost/mcp"))).rejects.toThrow(missing);
    expect(() => server.nodeHandler()).toThrow(missing);
    await expect(server.serve({ transport: "http", port: 0 })).rejects.toThrow(missing);
  }
});

describe.each(HTTP_PATH_NAMES)("Headers that methods see over %s", (path) => {
  it.each(CONFIGURED)("contain no credentials with %s", async (_, auth, hidden) => {
    server = createServer({ name: "s", version: "1", services: [Curious], auth, http: HTTP_PATHS[path] });
    const client = await connectOver(path, server, SENT);
    const seen = await callText(client, "look");
    for (const [name, value] of Object.entries(SENT)) {
      expect(seen.includes(value.split(/[ =]/).at(-1) ?? value), name).toBe(!hidden.includes(name));
    }
    await client.close();
  });

  it("contain no header of the table in docs/auth.md", async () => {
    server = createServer({ name: "s", version: "1", services: [Curious], auth: "none", http: HTTP_PATHS[path] });
    const documented = listDocumentedHeaders();
    expect(documented.length).toBeGreaterThan(30);
    const sent = Object.fromEntries(documented.map((name) => [name, `secret-${name}`]));
    const client = await connectOver(path, server, { ...sent, "x-tenant": "acme" });
    const seen = await callText(client, "look");
    expect(seen).toContain("acme");
    expect(seen).not.toMatch(/secret-/);
    await client.close();
  });

  it("contain no credentials over Node's HTTP server", async () => {
    server = createServer({ name: "s", version: "1", services: [Curious], auth: anyOf(token, ownKey) });
    const { url } = await server.serve({ transport: "http", port: 0, ...HTTP_PATHS[path] });
    const client = await connectOver(path, url, SENT);
    const seen = await callText(client, "look");
    expect(seen).toContain("acme");
    expect(seen.replaceAll("secret-ticket", "")).not.toContain("secret");
    await client.close();
  });
});
