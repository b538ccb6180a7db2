import { createServer as createHttpServer, type IncomingMessage, type Server as HttpServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Client, ClientCredentialsProvider, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { ClientCredentialsProvider as LegacyCredentials } from "@modelcontextprotocol/sdk/client/auth-extensions.js";
import { Client as LegacyClient } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport as LegacyTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { anyOf, apiKey, introspection, jwt, requireRoles, requireScopes } from "../../src/auth/index.ts";
import {
  type AuthInfo,
  type Context,
  createServer,
  type ProtocolEra,
  type Server,
  type ServerOptions,
  tool,
} from "../../src/index.ts";
import { createTestClient } from "../../src/testing/test-client.ts";
import { AuthorizationServer, secondsFromNow } from "../fixtures/authorization-server.ts";
import { RawConnection } from "../fixtures/raw-http.ts";
import { defineService } from "../fixtures/service.ts";

class Notes {
  whoAmI(ctx: Context): string {
    return JSON.stringify(ctx.auth);
  }
  read(): string {
    return "read";
  }
  write(): string {
    return "written";
  }
  purge(): string {
    return "purged";
  }
}
defineService(Notes, {
  whoAmI: { as: tool(), contextIndex: 0 },
  read: { as: tool({ auth: requireScopes("notes:read") }) },
  write: { as: tool({ auth: requireScopes("notes:write") }) },
  purge: { as: tool({ auth: requireRoles("admin") }) },
});

let issuer: AuthorizationServer;
const open: (() => Promise<unknown>)[] = [];
const logged = vi.fn<(...texts: unknown[]) => void>();
const stderr: string[] = [];

beforeEach(async () => {
  issuer = await AuthorizationServer.start();
  open.push(() => issuer.close());
  vi.spyOn(console, "error").mockImplementation(logged);
  vi.spyOn(process.stderr, "write").mockImplementation((text) => stderr.push(String(text)) > 0);
});
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
  vi.useRealTimers();
  vi.restoreAllMocks();
  logged.mockClear();
  stderr.length = 0;
});

const logs = (): string => JSON.stringify(logged.mock.calls) + stderr.join("");

function create(options: Partial<ServerOptions>): Server {
  const server = createServer({ name: "notes", version: "1.0.0", services: [Notes], ...options });
  open.push(() => server.close());
  return server;
}

async function listen(options: Partial<ServerOptions>): Promise<string> {
  const address = await create(options).serve({ transport: "http", port: 0 });
  return address!.url;
}

function connect(
  url: string,
  era: ProtocolEra,
  transport: ConstructorParameters<typeof StreamableHTTPClientTransport>[1],
): Promise<Client> {
  const client = new Client(
    { name: "test", version: "1.0.0" },
    { versionNegotiation: { mode: era === "modern" ? { pin: "2026-07-28" } : "legacy" } },
  );
  open.push(() => client.close());
  return client.connect(new StreamableHTTPClientTransport(new URL(url), transport)).then(() => client);
}

const textOf = async (client: Client, name: string): Promise<string> => {
  const { content } = await client.callTool({ name, arguments: {} });
  return (content as { readonly text: string }[])[0]!.text;
};

const LIST = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/list" });

function post(url: string, headers: { readonly [name: string]: string } = {}, body: string = LIST): Promise<Response> {
  const all = { "content-type": "application/json", accept: "application/json, text/event-stream", ...headers };
  return fetch(url, { method: "POST", headers: all, body });
}

async function listedTo(url: string, headers: { readonly [name: string]: string }): Promise<readonly string[]> {
  const response = await post(url, headers);
  expect(response.status).toBe(200);
  const text = await response.text();
  const { result } = JSON.parse(text.startsWith("{") ? text : /^data: (.*)$/m.exec(text)![1]!) as {
    result: { tools: { name: string }[] };
  };
  return result.tools.map(({ name }) => name);
}

const bearing = (token: string): { readonly authorization: string } => ({ authorization: `Bearer ${token}` });

describe.each(["legacy", "modern"] as const)("HTTP authentication in the %s era", (era) => {
  it("leads a client to a token, and to more scopes when it needs them", async () => {
    const url = await listen({ auth: [jwt({ issuer: issuer.issuer }), requireScopes("mcp")] });
    const authProvider = new ClientCredentialsProvider({
      clientId: "machine",
      clientSecret: "machine-secret",
      expectedIssuer: issuer.issuer,
    });
    const client = await connect(url, era, { authProvider });
    expect(JSON.parse(await textOf(client, "whoAmI"))).toMatchObject({
      subject: "machine",
      clientId: "client-1",
      scopes: ["mcp"],
    });
    expect(issuer.tokenRequests.map((form) => [form.get("resource"), form.get("scope")])).toEqual([[url, "mcp"]]);
    // Tools that need more scopes are not listed, but a call of one by name leads to the scopes.
    expect((await client.listTools()).tools.map(({ name }) => name)).toEqual(["whoAmI"]);
    expect(await textOf(client, "write")).toBe("written");
    expect(issuer.tokenRequests.at(-1)!.get("scope")!.split(" ")).toContain("notes:write");
    expect(logs()).not.toContain("secret");
  });

  it("shows a client what its API key allows", async () => {
    const keys = [{ name: "ci", key: "key-of-ci", scopes: ["notes:read"], claims: { roles: ["admin"] } }];
    const url = await listen({ auth: apiKey({ keys }) });
    const client = await connect(url, era, { requestInit: { headers: { "x-api-key": "key-of-ci" } } });
    expect((await client.listTools()).tools.map(({ name }) => name)).toEqual(["whoAmI", "read", "purge"]);
    expect(JSON.parse(await textOf(client, "whoAmI"))).toEqual({
      subject: "ci",
      clientId: "ci",
      scopes: ["notes:read"],
      claims: { roles: ["admin"] },
    });
  });

  it("rejects a client without credentials", async () => {
    const url = await listen({ auth: apiKey({ keys: "key-of-ci" }) });
    await expect(connect(url, era, {})).rejects.toThrow(/401|[Uu]nauthorized|credentials/);
  });

  it("accepts the caller that middleware authenticated", async () => {
    const server = create({ auth: [jwt({ issuer: issuer.issuer }), requireScopes("notes:read")] });
    const url = await mount(server, { subject: "bob", scopes: ["notes:read"], claims: {} });
    const client = await connect(url, era, {});
    expect(JSON.parse(await textOf(client, "whoAmI"))).toMatchObject({ subject: "bob" });
    expect((await client.listTools()).tools.map(({ name }) => name)).toEqual(["whoAmI", "read"]);
  });
});

describe("HTTP authentication for a client of SDK 1", () => {
  it.each([false, true])("leads the client to a token (sessions: %s)", async (sessions) => {
    const url = await listen({ auth: [jwt({ issuer: issuer.issuer }), requireScopes("mcp")], http: { sessions } });
    // This client requests the scopes of its options, whatever the challenge says.
    const authProvider = new LegacyCredentials({
      clientId: "machine",
      clientSecret: "machine-secret",
      expectedIssuer: issuer.issuer,
      scope: "mcp notes:write",
    });
    const client = new LegacyClient({ name: "test", version: "1.0.0" });
    open.push(() => client.close());
    await client.connect(new LegacyTransport(new URL(url), { authProvider }) as never);
    const { content } = await client.callTool({ name: "whoAmI", arguments: {} });
    expect(JSON.parse((content as { readonly text: string }[])[0]!.text)).toMatchObject({ subject: "machine" });
    expect(issuer.tokenRequests.map((form) => form.get("resource"))).toEqual([url]);
    expect((await client.callTool({ name: "write", arguments: {} })).content).toEqual([
      { type: "text", text: "written" },
    ]);
  });
});

/** Serves behind middleware that authenticated a caller. */
async function mount(server: Server, auth: AuthInfo): Promise<string> {
  const handler = server.nodeHandler();
  const http: HttpServer = createHttpServer((request, response) => {
    (request as IncomingMessage & { auth: AuthInfo }).auth = auth;
    void handler(request, response);
  });
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  open.push(async () => {
    http.closeAllConnections();
    await new Promise((resolve) => http.close(resolve));
  });
  return `http://127.0.0.1:${(http.address() as AddressInfo).port}/mcp`;
}

/** Sends a request with a Host header, which fetch does not allow, and returns the status. */
async function rawStatus(
  url: string,
  { host, token }: { readonly host: string; readonly token: string },
): Promise<number> {
  const { port, pathname } = new URL(url);
  const connection = await RawConnection.open(Number(port));
  const headers = [
    `Host: ${host}`,
    `X-Forwarded-Host: ${host}`,
    `Authorization: Bearer ${token}`,
    "Content-Type: application/json",
    "Accept: application/json, text/event-stream",
    `Content-Length: ${LIST.length}`,
    "Connection: close",
  ];
  connection.send(`POST ${pathname} HTTP/1.1\r\n${headers.join("\r\n")}\r\n\r\n${LIST}`);
  await new Promise((resolve) => connection.socket.once("close", resolve));
  return Number(/^HTTP\/1\.1 (\d+)/.exec(connection.received)?.[1]);
}

describe("a server with anyOf(jwt, apiKey)", () => {
  let url: string;
  beforeEach(async () => {
    url = await listen({ auth: anyOf(jwt({ issuer: issuer.issuer }), apiKey({ keys: "key-of-ci" })) });
  });

  it("accepts a valid token and a valid key", async () => {
    expect(await listedTo(url, bearing(await issuer.issue({ aud: url, scope: "notes:write" })))).toEqual([
      "whoAmI",
      "write",
    ]);
    expect(await listedTo(url, bearing("key-of-ci"))).toEqual(["whoAmI"]);
    expect(await listedTo(url, { "x-api-key": "key-of-ci" })).toEqual(["whoAmI"]);
  });

  it.each<[string, { readonly [name: string]: string }, number]>([
    ["no credentials", {}, 401],
    ["another scheme", { authorization: "Basic a2V5LW9mLWNp" }, 401],
    ["no token", { authorization: "Bearer" }, 401],
    ["a wrong key", bearing("key-of-c"), 401],
    ["a malformed token", bearing("a.b.c"), 401],
    ["two tokens in one header", bearing("key-of-ci, Bearer key-of-ci"), 400],
    ["a long token", bearing("x".repeat(15_000)), 401],
    ["a cookie", { cookie: "access_token=key-of-ci" }, 401],
  ])("rejects a request with %s", async (_, headers, status) => {
    const response = await post(url, headers);
    expect(response.status).toBe(status);
    expect(response.headers.get("www-authenticate")).toMatch(
      /^Bearer resource_metadata="http:\/\/127\.0\.0\.1:\d+\/\.well-known\/oauth-protected-resource\/mcp"/,
    );
    expect(await response.text()).not.toContain("key-of-ci");
  });

  it("ignores credentials in the query", async () => {
    for (const query of ["?access_token=key-of-ci", "?api_key=key-of-ci", "?x-api-key=key-of-ci"]) {
      expect((await post(url + query)).status).toBe(401);
    }
  });

  it("rejects a request with two Authorization headers", async () => {
    const { port, pathname } = new URL(url);
    const connection = await RawConnection.open(Number(port));
    const lines = [
      "Authorization: Bearer another",
      "Authorization: Bearer key-of-ci",
      "Content-Type: application/json",
    ];
    connection.send(
      `POST ${pathname} HTTP/1.1\r\nHost: localhost\r\n${lines.join("\r\n")}\r\nContent-Length: ${LIST.length}\r\nConnection: close\r\n\r\n${LIST}`,
    );
    await new Promise((resolve) => connection.socket.once("close", resolve));
    expect(connection.received).toMatch(/^HTTP\/1\.1 400 /);
    expect(connection.received).toContain('error="invalid_request"');
  });

  it.each(["GET", "DELETE"])("rejects %s without credentials", async (method) => {
    expect([401, 405]).toContain((await fetch(url, { method, headers: { accept: "text/event-stream" } })).status);
  });

  it("rejects a request before it reads the body", async () => {
    expect((await post(url, {}, "{")).status).toBe(401);
    expect((await post(url, bearing("key-of-ci"), "{")).status).toBe(400);
  });

  it("rejects a token that has expired since the last request", async () => {
    const token = await issuer.issue({ aud: url, exp: secondsFromNow(60) });
    expect((await post(url, bearing(token))).status).toBe(200);
    vi.useFakeTimers({ now: Date.now() + 61_000, toFake: ["Date"] });
    const response = await post(url, bearing(token));
    expect(response.status).toBe(401);
    expect(response.headers.get("www-authenticate")).toContain(
      'error="invalid_token", error_description="The credentials have expired."',
    );
  });

  it("rejects a token for another server, whatever the Host header", async () => {
    const other = await listen({ auth: jwt({ issuer: issuer.issuer }) });
    const token = await issuer.issue({ aud: other });
    expect((await post(other, bearing(token))).status).toBe(200);
    expect((await post(url, bearing(token))).status).toBe(401);
    expect(await rawStatus(url, { host: new URL(other).host, token })).toBe(401);
    expect(await rawStatus(other, { host: new URL(other).host, token })).toBe(200);
    const evil = await issuer.issue({ aud: "http://mcp.example.com/mcp" });
    expect(await rawStatus(url, { host: "mcp.example.com", token: evil })).toBe(403);
  });

  it("lets web pages read the challenge", async () => {
    const response = await post(url, { origin: "http://localhost:5173" });
    expect(response.status).toBe(401);
    expect(response.headers.get("access-control-allow-origin")).toBe("http://localhost:5173");
    expect(response.headers.get("access-control-expose-headers")?.toLowerCase()).toContain("www-authenticate");
  });

  it("keeps credentials out of the log", async () => {
    const token = await issuer.issue({ aud: url });
    issuer.answers.set("/jwks", { status: 500 });
    expect((await post(url, bearing(token))).status).toBe(503);
    await post(url, bearing("not-the-key"));
    await post(url, { "x-api-key": "not-the-key" });
    expect(logs()).toContain("the response status is 500");
    expect(logs()).not.toContain(token.slice(0, 20));
    expect(logs()).not.toContain("the-key");
  });
});

describe("a server whose authorization server does not respond", () => {
  it("responds with 503 and Retry-After to new tokens", async () => {
    const url = await listen({ auth: jwt({ issuer: issuer.issuer }) });
    const token = await issuer.issue({ aud: url });
    issuer.answers.set("/.well-known/oauth-authorization-server", { status: 502 });
    const response = await post(url, bearing(token));
    expect(response.status).toBe(503);
    expect(response.headers.get("retry-after")).toBe("5");
    expect(response.headers.get("www-authenticate")).toBeNull();
    issuer.answers.clear();
    expect((await post(url, bearing(token))).status).toBe(200);
  });

  it("accepts tokens that were introspected before", async () => {
    issuer.introspect = () => ({ active: true, sub: "ada", scope: "notes:read" });
    const auth = introspection({
      endpoint: `${issuer.origin}/introspect`,
      clientId: "notes",
      clientSecret: "s",
      issuer: issuer.issuer,
    });
    const url = await listen({ auth });
    expect(await listedTo(url, bearing("opaque"))).toEqual(["whoAmI", "read"]);
    issuer.answers.set("/introspect", { status: 500 });
    expect(await listedTo(url, bearing("opaque"))).toEqual(["whoAmI", "read"]);
    expect((await post(url, bearing("another"))).status).toBe(503);
  });
});

describe("a tool that the caller may not use", () => {
  const call = (name: string): string =>
    JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/call", params: { name, arguments: {} } });

  it("answers 403 if only scopes are missing, and like an unknown tool otherwise", async () => {
    const url = await listen({ auth: [jwt({ issuer: issuer.issuer }), requireScopes("mcp")] });
    const headers = bearing(await issuer.issue({ aud: url, scope: "mcp notes:read" }));
    const scopes = await post(url, headers, call("write"));
    expect(scopes.status).toBe(403);
    expect(scopes.headers.get("www-authenticate")).toMatch(
      /^Bearer resource_metadata="[^"]+", scope="mcp notes:write", error="insufficient_scope", error_description="[^"]+"$/,
    );
    const [hidden, unknown] = [await post(url, headers, call("purge")), await post(url, headers, call("nothing"))];
    expect([hidden.status, unknown.status]).toEqual([200, 200]);
    expect((await hidden.text()).replaceAll("purge", "nothing")).toBe(await unknown.text());
  });
});

describe("the protected-resource metadata", () => {
  it("names the resource, its issuers and all scopes", async () => {
    const url = await listen({
      auth: [anyOf(apiKey({ keys: "k" }), jwt({ issuer: issuer.issuer })), requireScopes("mcp")],
      http: { path: "/v1/mcp" },
    });
    const { origin } = new URL(url);
    const response = await fetch(`${origin}/.well-known/oauth-protected-resource/v1/mcp`, {
      headers: { origin: "https://elsewhere.example.com" },
    });
    expect(response.status).toBe(200);
    expect(response.headers.get("access-control-allow-origin")).toBe("*");
    expect(await response.json()).toEqual({
      resource: `${origin}/v1/mcp`,
      authorization_servers: [issuer.issuer],
      scopes_supported: ["mcp", "notes:read", "notes:write"],
      bearer_methods_supported: ["header"],
      resource_name: "notes",
    });
  });

  it("names the public URL behind a proxy, for which tokens must be issued", async () => {
    const server = create({
      auth: jwt({ issuer: issuer.issuer }),
      http: { publicUrl: "https://mcp.example.com/notes/mcp" },
    });
    const ask = (token: string): Promise<Response> =>
      server.fetch(
        new Request("http://mcp.example.com/mcp", {
          method: "POST",
          body: LIST,
          headers: {
            ...bearing(token),
            "content-type": "application/json",
            accept: "application/json, text/event-stream",
          },
        }),
      );
    const refusal = await ask("x");
    expect(refusal.headers.get("www-authenticate")).toContain(
      'resource_metadata="https://mcp.example.com/.well-known/oauth-protected-resource/notes/mcp"',
    );
    expect((await ask(await issuer.issue({ aud: "https://mcp.example.com/notes/mcp" }))).status).toBe(200);
    expect((await ask(await issuer.issue({ aud: "http://mcp.example.com/mcp" }))).status).toBe(401);
    const metadata = await server.fetch(
      new Request("http://mcp.example.com/.well-known/oauth-protected-resource/notes/mcp"),
    );
    expect(await metadata.json()).toMatchObject({ resource: "https://mcp.example.com/notes/mcp" });
  });

  it("does not exist for API keys alone", async () => {
    const url = await listen({ auth: apiKey({ keys: "k" }) });
    expect((await fetch(new URL("/.well-known/oauth-protected-resource/mcp", url))).status).toBe(404);
  });
});

describe("the rules of a server", () => {
  it("apply to a caller connected in memory", async () => {
    const server = create({ auth: [apiKey({ keys: "k" }), requireScopes("mcp")] });
    const client = await createTestClient(server, { auth: { scopes: ["mcp"] } });
    expect((await client.listTools()).map(({ name }) => name)).toEqual(["whoAmI"]);
    await client.close();
    for (const auth of [{ scopes: ["notes:read"] }, undefined]) {
      await expect(createTestClient(server, { auth })).rejects.toThrow(/refuse this caller/);
    }
    const trusted = await createTestClient(server);
    expect(await trusted.listTools()).toHaveLength(4);
    await trusted.close();
  });
});

describe("an invalid option auth", () => {
  it("is reported by createServer with all other problems", () => {
    expect(() => create({ auth: "jwt" as never, strict: "x" as never })).toThrow(
      /'strict'[\s\S]*'auth': a string|'auth': a string[\s\S]*'strict'/,
    );
    expect(() => create({ auth: [apiKey({ keys: "a" }), apiKey({ keys: "b" })] })).toThrow(/anyOf/);
  });

  it("is reported by nodeHandler", () => {
    const server = create({});
    expect(() => server.nodeHandler({ auth: {} as never })).toThrow(
      /nodeHandler: invalid option 'auth': an object\. It must be "none"/,
    );
  });

  it("is reported if a caller could choose the audience with a Host header", async () => {
    const server = create({ auth: jwt({ issuer: issuer.issuer }), http: { allowedHosts: "*" } });
    await expect(server.fetch(new Request("http://any.example.com/mcp"))).rejects.toThrow(/publicUrl/);
    const wide = create({ auth: jwt({ issuer: issuer.issuer }), http: { allowedHosts: ["*.example.com"] } });
    await expect(wide.fetch(new Request("http://any.example.com/mcp"))).rejects.toThrow(/publicUrl/);
  });
});
