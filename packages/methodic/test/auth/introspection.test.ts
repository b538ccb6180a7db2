import { inspect } from "node:util";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type AuthResult, type Authenticator, introspection, type IntrospectionOptions } from "../../src/auth/index.ts";
import { MethodicError } from "../../src/index.ts";
import { AuthorizationServer, secondsFromNow } from "../fixtures/authorization-server.ts";

const RESOURCE = "http://localhost/mcp";

let issuer: AuthorizationServer;
beforeEach(async () => {
  issuer = await AuthorizationServer.start();
  issuer.introspect = (token) =>
    token.startsWith("good")
      ? { active: true, sub: token, client_id: "app", scope: "a b", exp: secondsFromNow(3600) }
      : { active: false };
});
afterEach(async () => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  await issuer.close();
});

const create = (options: Partial<IntrospectionOptions> = {}): Authenticator =>
  introspection({
    endpoint: `${issuer.origin}/introspect`,
    clientId: "notes server",
    clientSecret: "s:e/c+r=ét",
    ...options,
  });

function authenticate(authenticator: Authenticator, token: string): Promise<AuthResult> {
  const headers = new Headers({ authorization: `Bearer ${token}` });
  return authenticator.authenticate({ method: "POST", url: RESOURCE, headers }, RESOURCE);
}

const countRequests = (): number => issuer.count("/introspect");
const advanceTime = (ms: number): void => {
  const now = Date.now();
  vi.useFakeTimers({ now: now + ms, toFake: ["Date"] });
};
const rejected = expect.objectContaining({ kind: "rejected", error: "invalid_token" });

describe("introspection", () => {
  it("accepts the caller of an active token", async () => {
    expect(await authenticate(create(), "good-1")).toMatchObject({
      kind: "accepted",
      auth: { subject: "good-1", clientId: "app", scopes: ["a", "b"], claims: { active: true } },
    });
  });

  it("rejects an inactive token", async () => {
    expect(await authenticate(create(), "bad")).toEqual(rejected);
  });

  it.each<[string, object]>([
    ["an expired token", { exp: 1 }],
    ["a token whose exp is not a number", { exp: "soon" }],
    ["a token before its nbf", { nbf: secondsFromNow(60) }],
    ["a token for another server", { aud: "http://localhost/other" }],
    ["a token of another issuer", { iss: "https://evil.example.com" }],
  ])("rejects %s, though it is active", async (_, members) => {
    issuer.introspect = () => ({ active: true, ...members });
    expect(await authenticate(create({ issuer: "https://login.example.com" }), "good")).toEqual(rejected);
  });

  it("requires the configured audience", async () => {
    const authenticator = create({ audience: "api://notes" });
    expect(await authenticate(authenticator, "good-1")).toEqual(rejected);
    issuer.introspect = () => ({ active: true, aud: ["x", "api://notes"] });
    expect(await authenticate(authenticator, "good-2")).toMatchObject({ kind: "accepted" });
  });

  it("accepts a token whose aud is the server's URL", async () => {
    issuer.introspect = () => ({ active: true, aud: RESOURCE });
    expect(await authenticate(create(), "good")).toMatchObject({ kind: "accepted" });
  });

  it("names all required scopes if the token lacks one", async () => {
    expect(await authenticate(create({ scopes: ["c"] }), "good")).toMatchObject({
      error: "insufficient_scope",
      scopes: ["c"],
    });
  });
});

describe("the request to the introspection endpoint", () => {
  it("authenticates this server in the header or in the body", async () => {
    await authenticate(create(), "good");
    const [, credentials = ""] = issuer.introspectionCredentials[0]!.split(" ");
    expect(Buffer.from(credentials, "base64").toString()).toBe("notes+server:s%3Ae%2Fc%2Br%3D%C3%A9t");
    await authenticate(create({ clientAuthentication: "post" }), "good");
    expect(issuer.introspectionCredentials[1]).toBe("notes server:s:e/c+r=ét");
  });

  it.each<[string, { readonly status?: number; readonly body?: string }]>([
    ["responds with an error", { status: 503 }],
    ["does not know this server", { status: 401 }],
    ["redirects", { status: 307 }],
    ["responds with HTML", { body: "<html>" }],
    ["responds with a list", { body: "[]" }],
    ["leaves out active", { body: '{"sub":"ada"}' }],
    ["sends active as a string", { body: '{"active":"true"}' }],
    ["sends more than a megabyte", { body: JSON.stringify({ active: true, sub: "x".repeat(1_100_000) }) }],
  ])("makes tokens unavailable, not invalid, if the endpoint %s", async (_, answer) => {
    issuer.answers.set("/introspect", answer);
    const authenticator = create();
    const result = await authenticate(authenticator, "good-secret");
    expect(result).toMatchObject({ kind: "unavailable" });
    expect(inspect(result)).not.toMatch(/good-secret|s:e\/c/);
    issuer.answers.clear();
    expect(await authenticate(authenticator, "good-secret")).toMatchObject({ kind: "accepted" });
  });

  it("makes uncached tokens unavailable while the endpoint does not respond", async () => {
    const authenticator = create();
    const endpoint = `${issuer.origin}/introspect`;
    expect(await authenticate(authenticator, "good-1")).toMatchObject({ kind: "accepted" });
    await issuer.close();
    expect(await authenticate(authenticator, "good-2")).toEqual({
      kind: "unavailable",
      description: "The access token cannot be verified now.",
      detail: `POST ${endpoint}: no response (ECONNREFUSED)`,
    });
    expect(await authenticate(authenticator, "good-1")).toMatchObject({ kind: "accepted" });
    issuer = await AuthorizationServer.start();
  });
});

describe("the introspection cache", () => {
  // Stops the clock: on a busy machine, a test may take longer than the times that it compares.
  beforeEach(() => advanceTime(0));

  it("keeps results for a minute", async () => {
    const authenticator = create();
    await authenticate(authenticator, "good");
    await authenticate(authenticator, "good");
    expect(countRequests()).toBe(1);
    advanceTime(59_000);
    await authenticate(authenticator, "good");
    expect(countRequests()).toBe(1);
    advanceTime(2000);
    await authenticate(authenticator, "good");
    expect(countRequests()).toBe(2);
  });

  it("keeps no result beyond the token's exp", async () => {
    const end = secondsFromNow(5);
    issuer.introspect = () => ({ active: true, exp: end });
    const authenticator = create({ cache: { ttl: "1h" } });
    expect(await authenticate(authenticator, "good")).toMatchObject({ kind: "accepted" });
    vi.useFakeTimers({ now: end * 1000, toFake: ["Date"] });
    expect(await authenticate(authenticator, "good")).toEqual(rejected);
    expect(countRequests()).toBe(2);
  });

  it("shares one introspection between concurrent requests, though their digests take different times", async () => {
    const authenticator = create({ cache: false });
    const digest = crypto.subtle.digest.bind(crypto.subtle);
    const spy = vi.spyOn(crypto.subtle, "digest").mockImplementation(async (...args) => {
      if (spy.mock.calls.length > 1) await first;
      return await digest(...args);
    });
    const first = authenticate(authenticator, "good");
    const results = await Promise.all([
      first,
      ...Array.from({ length: 49 }, () => authenticate(authenticator, "good")),
    ]);
    expect(results.every(({ kind }) => kind === "accepted")).toBe(true);
    expect(countRequests()).toBe(1);
    await authenticate(authenticator, "good");
    expect(countRequests()).toBe(2);
  });

  it("keeps inactive tokens for ten seconds, apart from active ones", async () => {
    const authenticator = create({ cache: { max: 2 } });
    await authenticate(authenticator, "good");
    for (const token of ["bad-1", "bad-2", "bad-3", "bad-3"])
      expect(await authenticate(authenticator, token)).toEqual(rejected);
    expect(countRequests()).toBe(4);
    await authenticate(authenticator, "good");
    expect(countRequests()).toBe(4);
    advanceTime(10_001);
    await authenticate(authenticator, "bad-3");
    expect(countRequests()).toBe(5);
  });

  it("evicts the least recently used token at its maximum", async () => {
    const authenticator = create({ cache: { max: 2 } });
    for (const token of ["good-1", "good-2", "good-1", "good-3"]) await authenticate(authenticator, token);
    expect(countRequests()).toBe(3);
    await authenticate(authenticator, "good-1");
    expect(countRequests()).toBe(3);
    await authenticate(authenticator, "good-2");
    expect(countRequests()).toBe(4);
  });

  it("returns frozen results", async () => {
    issuer.introspect = () => ({ active: true, groups: { names: ["a"] } });
    const authenticator = create();
    const result = await authenticate(authenticator, "good");
    if (result.kind !== "accepted") throw new Error(result.kind);
    expect(() => (result.auth.scopes as string[]).push("admin")).toThrow(TypeError);
    expect(() => ((result.auth.claims["groups"] as { names: string[] }).names[0] = "admin")).toThrow(TypeError);
  });
});

describe("the options of introspection", () => {
  const valid = { endpoint: "https://login.example.com/introspect", clientId: "a", clientSecret: "hunter2" };
  it.each<[string, unknown, RegExp]>([
    [
      "an endpoint that is not a URL",
      { ...valid, endpoint: "introspect" },
      /'endpoint': "introspect"\. It must be an htt/,
    ],
    ["an empty clientId", { ...valid, clientId: "" }, /invalid option 'clientId': ""\. It must be a non-empty string/],
    ["an empty clientSecret", { ...valid, clientSecret: "" }, /invalid option 'clientSecret'\. It must be a non-empty/],
    ["an undefined clientSecret", { ...valid, clientSecret: undefined }, /missing option 'clientSecret'/],
    ["an unknown clientAuthentication", { ...valid, clientAuthentication: "jwt" }, /must be "basic" or "post"/],
    ["a cache without bounds", { ...valid, cache: { max: Number.POSITIVE_INFINITY } }, /'cache\.max': Infinity/],
    ["an invalid cache.ttl", { ...valid, cache: { ttl: "soon" } }, /'cache\.ttl': "soon"/],
    [
      "a cache that is not an object",
      { ...valid, cache: true },
      /'cache': true\. Pass false, or an object with max, ttl/,
    ],
    ["an unknown option", { ...valid, url: "x" }, /unknown option 'url'/],
    ["an issuer that is not a URL", { ...valid, issuer: "x" }, /'issuer': "x"\. It must be an https or http URL/],
    ["an empty audience", { ...valid, audience: [""] }, /'audience\[0\]': ""/],
    ["a string in place of the options", "hunter2", /^introspection: invalid options\. Pass an object with/],
  ])("must not have %s", (_, options, pattern) => {
    expect(() => introspection(options as IntrospectionOptions)).toThrow(MethodicError);
    expect(() => introspection(options as IntrospectionOptions)).toThrow(pattern);
    expect(() => introspection(options as IntrospectionOptions)).not.toThrow(/hunter2/);
  });

  it("keep the secret out of the authenticator's visible properties", () => {
    expect(inspect(introspection(valid), { depth: 10, showHidden: true })).not.toContain("hunter2");
  });
});
