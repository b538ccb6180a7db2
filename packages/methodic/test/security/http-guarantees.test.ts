import { createHmac, generateKeyPairSync, sign } from "node:crypto";
import { afterEach, describe, expect, vi } from "vitest";
import { eventually } from "../../../../fixtures/eventually.ts";
import { anyOf, apiKey, jwt, type ServerAuth } from "../../src/auth/index.ts";
import { type Context, createServer, type HttpOptions, type Server, tool } from "../../src/index.ts";
import { callText, connectOver } from "../fixtures/http-client.ts";
import { describePromises } from "../fixtures/guarantees.ts";
import { RawConnection } from "../fixtures/raw-http.ts";
import { defineService } from "../fixtures/service.ts";

class Service {
  hello(): string {
    return "hi";
  }
  secret(): string {
    return "secret";
  }
  headers(ctx: Context): string {
    return JSON.stringify(Object.fromEntries(ctx.http?.headers ?? []));
  }
  async wait(ctx: Context): Promise<string> {
    await new Promise((resolve) => ctx.signal.addEventListener("abort", resolve));
    return "late";
  }
  async flood(ctx: Context): Promise<string> {
    for (let i = 0; i < 100 && !ctx.signal.aborted; i++) ctx.log.info("x".repeat(1000));
    return "done";
  }
  fail(text: string): string {
    throw new Error(text);
  }
  items(items: readonly string[]): string {
    return String(items.length);
  }
}
const list = { type: "array", items: { type: "string" } } as const;
defineService(Service, {
  hello: { as: tool() },
  // Not scopes, which a client must be told to obtain.
  secret: { as: tool({ auth: () => false }) },
  headers: { as: tool(), contextIndex: 0 },
  wait: { as: tool(), contextIndex: 0 },
  flood: { as: tool(), contextIndex: 0 },
  fail: { as: tool(), properties: { text: { type: "string" } } },
  items: { as: tool(), properties: { items: list } },
});

const open: Server[] = [];
let log: string[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.close()));
  vi.restoreAllMocks();
});

function create(auth?: ServerAuth, http: HttpOptions = {}): Server {
  log = [];
  vi.spyOn(console, "error").mockImplementation((text: string) => void log.push(text));
  const server = createServer({
    name: "s",
    version: "1",
    services: [Service],
    shutdownTimeout: 0,
    http,
    ...(auth && { auth }),
  });
  open.push(server);
  return server;
}

type Headers = Readonly<Record<string, string>>;
const call = (name: string, args: object = {}): object => ({ method: "tools/call", params: { name, arguments: args } });

interface SendOptions {
  readonly headers?: Headers;
  readonly url?: string;
  readonly connection?: unknown;
}

function send(server: Server, message: object | string, options: SendOptions = {}): Promise<Response> {
  const { headers = {}, url = "http://localhost/mcp", connection } = options;
  const body = typeof message === "string" ? message : JSON.stringify({ jsonrpc: "2.0", id: 1, ...message });
  const all = { "content-type": "application/json", accept: "application/json, text/event-stream", ...headers };
  return server.fetch(new Request(url, { method: "POST", headers: all, body }), connection);
}

const statusOf = async (...request: Parameters<typeof send>): Promise<number> => (await send(...request)).status;

const issuer = "https://login.example.com";
const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const pem = publicKey.export({ type: "spki", format: "pem" }) as string;
const audience = "api://notes";

function issueToken(claims: object = {}, header: object = {}, key: "private" | "none" | "public" = "private"): Headers {
  const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  const exp = Math.floor(Date.now() / 1000) + 60;
  const payload = { iss: issuer, aud: audience, sub: "ada", exp, ...claims };
  const input = `${encode({ alg: "RS256", typ: "at+jwt", ...header })}.${encode(payload)}`;
  const signatures = {
    private: () => sign("sha256", Buffer.from(input), privateKey).toString("base64url"),
    none: () => "",
    public: () => createHmac("sha256", pem).update(input).digest("base64url"),
  };
  return { authorization: `Bearer ${input}.${signatures[key]()}` };
}

const tokens = jwt({ issuer, audience, publicKey: pem });
const keys = apiKey({
  keys: [
    { name: "ada", key: "key-of-ada" },
    { name: "bob", key: "key-of-bob" },
  ],
});

/** Opens a session and returns the status of its use by another caller. */
async function useSession(server: Server, owner: Headers, other: Headers): Promise<number> {
  const clientInfo = { name: "c", version: "1" };
  const params = { protocolVersion: "2025-11-25", capabilities: {}, clientInfo };
  const opened = await send(server, { method: "initialize", params }, { headers: owner });
  const id = opened.headers.get("mcp-session-id") ?? "";
  return await statusOf(server, call("hello"), { headers: { ...other, "mcp-session-id": id } });
}

/** Checks that requests of a page, by its own or a rebound name, are refused. */
async function refuseWebPages(): Promise<void> {
  const server = create();
  const evil = "http://evil.example/mcp";
  expect(await statusOf(server, call("hello"), { url: evil })).toBe(403);
  expect(await statusOf(server, call("hello"), { headers: { origin: "http://evil.example" } })).toBe(403);
  for (const path of ["/health", "/ready"]) {
    expect((await server.fetch(new Request(new URL(path, evil)))).status).toBe(200);
  }
}

async function useSessions(): Promise<void> {
  const [ada, bob] = [{ "x-api-key": "key-of-ada" }, { "x-api-key": "key-of-bob" }];
  const guarded = create(keys, { sessions: true });
  expect([await useSession(guarded, ada, ada), await useSession(guarded, ada, bob)]).toEqual([200, 404]);
  expect(await useSession(create("none", { sessions: true }), {}, {})).toBe(200);
}

describe("Guarantees over HTTP", () => {
  describePromises("Over HTTP, without any configuration:", {
    "The server listens on 127.0.0.1.": async () => {
      vi.spyOn(process.stderr, "write").mockReturnValue(true);
      expect(await create().serve({ transport: "http", port: 0 })).toMatchObject({ host: "127.0.0.1" });
    },
    'On any other address, it requires host names and authentication; `auth: "none"` and `"*"` must be explicit.':
      async () => {
        const wide = { transport: "http", port: 0, host: "0.0.0.0" } as const;
        const problem = {
          code: "UNSAFE_BIND",
          message: expect.stringMatching(/allowedHosts is not set.*auth is not set/),
        };
        await expect(create().serve(wide)).rejects.toMatchObject(problem);
        vi.spyOn(process.stderr, "write").mockReturnValue(true);
        await create("none").serve({ ...wide, allowedHosts: "*" });
      },
    "Mounted in another server, or run by Bun or Deno, it refuses connections from other machines as long as `auth` is not set.":
      async () => {
        const connections = [
          { incoming: { socket: { localAddress: "10.0.0.1", remoteAddress: "10.0.0.2" } } },
          { requestIP: () => ({ address: "10.0.0.2" }) },
          { remoteAddr: { hostname: "10.0.0.2" } },
        ];
        for (const connection of connections) {
          expect(await statusOf(create(), call("hello"), { connection })).toBe(403);
          expect(await statusOf(create("none"), call("hello"), { connection })).toBe(200);
        }
      },
    "`Host` and `Origin` are checked on every request except those for `/health` and `/ready`.": refuseWebPages,
    "This protects local servers from web pages (DNS rebinding).": refuseWebPages,
    "Pages of other origins get no CORS headers.": async () => {
      const corsOf = async (origin: string): Promise<string | null> =>
        (await send(create(), call("hello"), { headers: { origin } })).headers.get("access-control-allow-origin");
      expect([await corsOf("http://evil.example"), await corsOf("http://localhost:1")]).toEqual([
        null,
        "http://localhost:1",
      ]);
    },
    "Keys are compared in constant time.": async () => {
      const server = create(keys);
      const digest = vi.spyOn(crypto.subtle, "digest");
      const counts: number[] = [];
      // A key's digest is compared, never the key; the first request computes those of the keys.
      for (const key of ["warm-up", "key-of-ada", "key-of-bob", "key-of-adx", "x"]) {
        digest.mockClear();
        await send(server, call("hello"), { headers: { "x-api-key": key } });
        counts.push(digest.mock.calls.length);
      }
      expect(counts.slice(1)).toEqual([1, 1, 1, 1]);
    },
    "Tokens must be signed by the issuer, have an expiration time, and name this server as their audience.":
      async () => {
        const server = create(tokens);
        const statusWith = (headers: Headers): Promise<number> => statusOf(server, call("hello"), { headers });
        expect(await statusWith(issueToken())).toBe(200);
        for (const claims of [
          { iss: "https://evil.example" },
          { exp: undefined },
          { exp: 1 },
          { aud: "api://other" },
        ]) {
          expect(await statusWith(issueToken(claims))).toBe(401);
        }
        const { authorization = "" } = issueToken();
        expect(await statusWith({ authorization: `${authorization.slice(0, -4)}AAAA` })).toBe(401);
      },
    "The algorithm `none` is never accepted, nor is a shared secret in place of a public key.": async () => {
      const server = create(tokens);
      for (const headers of [issueToken({}, { alg: "none" }, "none"), issueToken({}, { alg: "HS256" }, "public")]) {
        expect(await statusOf(server, call("hello"), { headers })).toBe(401);
      }
    },
    "Credentials in a URL are ignored.": async () => {
      const server = create(keys);
      for (const query of ["access_token=key-of-ada", "api_key=key-of-ada"]) {
        expect(await statusOf(server, call("hello"), { url: `http://localhost/mcp?${query}` })).toBe(401);
      }
    },
    "Logs, error messages, and the request headers that methods see contain no credentials.": async () => {
      const server = create(anyOf(tokens, apiKey({ keys: "key-of-ada", header: "X-Notes-Key" })));
      const sent = { "x-notes-key": "key-of-ada", authorization: "Bearer key-of-eve", cookie: "a=key-of-cookie" };
      const client = await connectOver("2026-07-28", server, sent);
      expect(await callText(client, "headers")).not.toContain("key-of");
      await client.close();
      const refused = await send(server, call("hello"), { headers: { authorization: "Bearer key-of-eve" } });
      expect(JSON.stringify([await refused.text(), [...refused.headers], log])).not.toContain("key-of");
    },
    "Components that a caller may not use are not listed and cannot be told apart from unknown ones.": async () => {
      const server = create(keys);
      const headers = { "x-api-key": "key-of-ada" };
      expect(await (await send(server, { method: "tools/list" }, { headers })).text()).not.toContain("secret");
      const [known, unknown] = [call("secret"), call("absent")].map((message) => send(server, message, { headers }));
      expect((await (await known)!.text()).replace("secret", "absent")).toBe(await (await unknown)!.text());
    },
    "One event of the log is one line of at most 8 KB, with control characters escaped: clients cannot forge events.":
      async () => {
        const server = create("none");
        const forged = `x\nmethodic: [deadbeef] Tool pay failed\u001b[2J${"y".repeat(20_000)}`;
        await send(server, call("fail", { text: forged }));
        expect(log).toHaveLength(1);
        expect(log[0]).toContain("Tool pay failed");
        // oxlint-disable-next-line no-control-regex
        expect(log[0]).not.toMatch(/[\0-\x1f]/);
        expect(Buffer.byteLength(log[0] ?? "")).toBeLessThanOrEqual(8 * 1024);
      },
    "Body size, header size, JSON depth, requests, subscriptions, sessions, time, and data buffered for slow clients are bounded, for all callers together and for each of them, so that one caller cannot shut out the others ([limits](docs/http.md#set-limits)).":
      async () => {
        // caller-shares.test.ts and unread-responses.test.ts have the others, and those of each
        // caller.
        const server = create("none", {
          limits: { bodySize: 200, jsonDepth: 4, concurrentRequests: 1, callTimeout: 50 },
        });
        expect(await statusOf(server, call("items", { items: ["x".repeat(200)] }))).toBe(413);
        expect(await statusOf(server, "[[[[[]]]]]")).toBe(400);
        const waiting = [send(server, call("wait")), send(server, call("wait"))];
        expect((await Promise.all(waiting)).map(({ status }) => status).sort()).toEqual([503, 504]);
        vi.spyOn(process.stderr, "write").mockReturnValue(true);
        const { port } = await server.serve({ transport: "http", port: 0, limits: { headersSize: 2000 } });
        using connection = await RawConnection.open(port);
        connection.request("GET", "/health", { headers: { "X-Long": "x".repeat(3000) } });
        expect(await connection.closed()).toMatch(/^HTTP\/1\.1 431 /);
      },
    "With `server.fetch`, the runtime writes the responses and must bound the data that waits for slow clients, except that of event streams, which the server bounds.":
      async () => {
        const server = create("none", { limits: { streamBuffer: 2000 } });
        const { body } = await send(server, call("flood"));
        // Nothing was read, so the stream is cut off instead of growing.
        await eventually(async () => {
          await expect(new Response(body).text()).rejects.toThrow("did not read");
        });
      },
    "The time to validate arguments is linear in their size, whatever the schema and whether they are valid.":
      async () => {
        const server = create("none");
        const lengths: number[] = [];
        // The work ends at a small number of problems, which shows in the answer's length.
        for (const count of [1000, 100_000]) {
          const response = await send(server, call("items", { items: Array.from({ length: count }, () => 1) }));
          lengths.push((await response.text()).length);
        }
        expect(lengths[1]).toBeLessThan((lengths[0] ?? 0) + 100);
      },
    "A session belongs to the caller that started it.": useSessions,
    "Its id alone grants no access, unless the server has no authentication.": useSessions,
  });
});
