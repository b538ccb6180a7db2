import { afterEach, describe, expect, it } from "vitest";
import { anyOf, apiKey, type Authenticator, bearer, type ServerAuth } from "../../src/auth/index.ts";
import { type Context, createServer, type Server, tool } from "../../src/index.ts";
import { dataOf } from "../fixtures/answers.ts";
import { defineService } from "../fixtures/service.ts";

class Asking {
  async ask(ctx: Context): Promise<string> {
    const form = { type: "object", properties: { name: { type: "string" } } } as const;
    const first = await ctx.elicit("Who are you?", form);
    const second = await ctx.elicit("Greet which person?", form);
    return `${String(dataOf(first)["name"])} greets ${String(dataOf(second)["name"])}.`;
  }
}
defineService(Asking, { ask: { as: tool(), contextIndex: 0 } });

let server: Server;
afterEach(() => server.close());

type Headers = Readonly<Record<string, string>>;
const bearing = (token: string): Headers => ({ authorization: `Bearer ${token}` });

function post(headers: Headers, message: object): Promise<Response> {
  const all = { "content-type": "application/json", accept: "application/json, text/event-stream", ...headers };
  const body = JSON.stringify({ jsonrpc: "2.0", id: 1, ...message });
  return server.fetch(new Request("http://localhost/mcp", { method: "POST", headers: all, body }));
}

/** Opens a session as one caller, and returns the status of its use by another. */
async function useSession(owner: Headers, other: Headers): Promise<number> {
  const clientInfo = { name: "c", version: "1" };
  const params = { protocolVersion: "2025-11-25", capabilities: {}, clientInfo };
  const opened = await post(owner, { method: "initialize", params });
  expect(opened.status).toBe(200);
  const id = opened.headers.get("mcp-session-id") ?? "";
  return (await post({ ...other, "mcp-session-id": id }, { method: "ping" })).status;
}

/** Answers a question as one caller, and returns the error of another that continues the call. */
async function useState(owner: Headers, other: Headers): Promise<unknown> {
  const meta = {
    "io.modelcontextprotocol/protocolVersion": "2026-07-28",
    "io.modelcontextprotocol/clientInfo": { name: "c", version: "1" },
    "io.modelcontextprotocol/clientCapabilities": { elicitation: { form: {} } },
  };
  const call = async (headers: Headers, more: object): Promise<Asked> => {
    const modern = { "mcp-protocol-version": "2026-07-28", "mcp-method": "tools/call", "mcp-name": "ask" };
    const params = { name: "ask", arguments: {}, _meta: meta, ...more };
    return (await (await post({ ...modern, ...headers }, { method: "tools/call", params })).json()) as never;
  };
  const answer = ({ result }: Asked): object => ({
    inputResponses: Object.fromEntries(
      Object.keys(result?.inputRequests ?? {}).map((key) => [key, { action: "accept", content: { name: "Ada" } }]),
    ),
    ...(result?.requestState !== undefined && { requestState: result.requestState }),
  });
  const second = await call(owner, answer(await call(owner, {})));
  expect(second.result?.requestState).toBeDefined();
  return (await call(other, answer(second))).error?.message;
}

interface Asked {
  readonly result?: { readonly inputRequests?: object; readonly requestState?: string };
  readonly error?: { readonly message: string };
}

const anonymous = bearer({ verify: (token) => token.startsWith("good-") });
const claimsOnly = bearer({ verify: (token) => ({ claims: { tier: token }, scopes: ["a"] }) });
const shared = { clientId: "agents", scopes: [], claims: {} };
const ownResult = bearer({ verify: () => ({ kind: "accepted", auth: shared }) });
const keys = apiKey({ verify: (key) => key.startsWith("good-") });
const custom: Authenticator = {
  authenticate: async ({ headers }) =>
    headers.has("x-ticket") ? { kind: "accepted", auth: { scopes: [], claims: {} } } : { kind: "missing" },
  scopes: [],
  authorizationServers: [],
  bindsToResource: false,
};
const named = (prefix: string): Authenticator =>
  bearer({ verify: (token) => token.startsWith(prefix) && { subject: "ada" } });

const DIFFERENT: readonly (readonly [string, ServerAuth, readonly [Headers, Headers]])[] = [
  ["tokens of anonymous callers", anonymous, [bearing("good-ada"), bearing("good-eve")]],
  ["tokens with claims but no subject", claimsOnly, [bearing("ada"), bearing("eve")]],
  ["tokens for which verify returns one frozen caller", ownResult, [bearing("ada"), bearing("eve")]],
  ["keys of anonymous callers", keys, [{ "x-api-key": "good-ada" }, { "x-api-key": "good-eve" }]],
  ["headers of a custom authenticator", custom, [{ "x-ticket": "ada" }, { "x-ticket": "eve" }]],
  ["tokens in anyOf", anyOf(keys, anonymous), [bearing("good-ada"), bearing("good-eve")]],
  ["the same subject of two authenticators", anyOf(named("a"), named("b")), [bearing("a1"), bearing("b1")]],
  ["the same subject of nested ones", anyOf(anyOf(named("a")), named("b")), [bearing("a1"), bearing("b1")]],
];

const SAME: readonly (readonly [string, ServerAuth, readonly [Headers, Headers]])[] = [
  ["two tokens of one subject", named("a"), [bearing("a1"), bearing("a2")]],
  [
    "one token, whose scheme is written differently",
    anonymous,
    [bearing("good-ada"), { authorization: "BEARER good-ada" }],
  ],
  ["one key, in two headers", keys, [{ "x-api-key": "good-ada" }, bearing("good-ada")]],
  [
    "one key, next to another that is ignored",
    keys,
    [{ "x-api-key": "good-a" }, { "x-api-key": "good-a", ...bearing("x") }],
  ],
];

describe("Caller of a request", () => {
  it.each(DIFFERENT)("does not open the sessions of another: %s", async (_, auth, [ada, eve]) => {
    server = createServer({ name: "s", version: "1", services: [Asking], auth, http: { sessions: true } });
    expect([await useSession(ada, ada), await useSession(ada, eve)]).toEqual([200, 404]);
  });

  it.each(SAME)("opens its own sessions: %s", async (_, auth, [first, second]) => {
    server = createServer({ name: "s", version: "1", services: [Asking], auth, http: { sessions: true } });
    expect([await useSession(first, second), await useSession(second, first)]).toEqual([200, 200]);
  });

  it("opens any session by its id without authentication", async () => {
    server = createServer({ name: "s", version: "1", services: [Asking], auth: "none", http: { sessions: true } });
    expect(await useSession({}, { "user-agent": "another" })).toBe(200);
  });

  it.each(DIFFERENT)("does not continue the calls of another: %s", async (_, auth, [ada, eve]) => {
    server = createServer({ name: "s", version: "1", services: [Asking], auth });
    expect([await useState(ada, ada), await useState(ada, eve)]).toEqual([
      undefined,
      "Invalid or expired requestState",
    ]);
  });

  it.each(SAME)("continues its own calls: %s", async (_, auth, [first, second]) => {
    server = createServer({ name: "s", version: "1", services: [Asking], auth });
    expect(await useState(first, second)).toBeUndefined();
  });
});
