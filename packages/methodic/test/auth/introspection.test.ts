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
  await issuer.close();
});

const create = (options: Partial<IntrospectionOptions> = {}): Authenticator =>
  introspection({
    endpoint: `${issuer.origin}/introspect`,
    clientId: "notes server",
    clientSecret: "s:e/c+r=ét",
    ...options,
  });

function ask(authenticator: Authenticator, token: string): Promise<AuthResult> {
  const headers = new Headers({ authorization: `Bearer ${token}` });
  return authenticator.authenticate({ method: "POST", url: RESOURCE, headers }, RESOURCE);
}

const asked = (): number => issuer.count("/introspect");
const later = (ms: number): void => {
  const now = Date.now();
  vi.useFakeTimers({ now: now + ms, toFake: ["Date"] });
};
const refused = expect.objectContaining({ kind: "rejected", error: "invalid_token" });

describe("a token", () => {
  it("that is active says who calls", async () => {
    expect(await ask(create(), "good-1")).toMatchObject({
      kind: "accepted",
      auth: { subject: "good-1", clientId: "app", scopes: ["a", "b"], claims: { active: true } },
    });
  });

  it("that is not active is refused", async () => {
    expect(await ask(create(), "bad")).toEqual(refused);
  });

  it.each<[string, object]>([
    ["has expired", { exp: 1 }],
    ["expires at a time that is none", { exp: "soon" }],
    ["is not valid yet", { nbf: secondsFromNow(60) }],
    ["is for another server", { aud: "http://localhost/other" }],
    ["is of another issuer", { iss: "https://evil.example.com" }],
  ])("that is active but %s is refused", async (_, facts) => {
    issuer.introspect = () => ({ active: true, ...facts });
    expect(await ask(create({ issuer: "https://login.example.com" }), "good")).toEqual(refused);
  });

  it("must name the audience that is wanted", async () => {
    const authenticator = create({ audience: "api://notes" });
    expect(await ask(authenticator, "good-1")).toEqual(refused);
    issuer.introspect = () => ({ active: true, aud: ["x", "api://notes"] });
    expect(await ask(authenticator, "good-2")).toMatchObject({ kind: "accepted" });
  });

  it("may name this server", async () => {
    issuer.introspect = () => ({ active: true, aud: RESOURCE });
    expect(await ask(create(), "good")).toMatchObject({ kind: "accepted" });
  });

  it("that lacks a scope that all need is told which", async () => {
    expect(await ask(create({ scopes: ["c"] }), "good")).toMatchObject({ error: "insufficient_scope", scopes: ["c"] });
  });
});

describe("the authorization server", () => {
  it("learns who asks, in the header or in the form", async () => {
    await ask(create(), "good");
    const [, credentials = ""] = issuer.introspectionCredentials[0]!.split(" ");
    expect(Buffer.from(credentials, "base64").toString()).toBe("notes+server:s%3Ae%2Fc%2Br%3D%C3%A9t");
    await ask(create({ clientAuthentication: "post" }), "good");
    expect(issuer.introspectionCredentials[1]).toBe("notes server:s:e/c+r=ét");
  });

  it.each<[string, { readonly status?: number; readonly body?: string }]>([
    ["is down", { status: 503 }],
    ["does not know us", { status: 401 }],
    ["sends us elsewhere", { status: 307 }],
    ["answers with a page", { body: "<html>" }],
    ["answers with a list", { body: "[]" }],
    ["does not say whether it is active", { body: '{"sub":"ada"}' }],
    ["says so in other words", { body: '{"active":"true"}' }],
    ["sends more than a megabyte", { body: JSON.stringify({ active: true, sub: "x".repeat(1_100_000) }) }],
  ])("that %s makes nobody's token bad", async (_, answer) => {
    issuer.answers.set("/introspect", answer);
    const authenticator = create();
    const result = await ask(authenticator, "good-secret");
    expect(result).toMatchObject({ kind: "unavailable" });
    expect(inspect(result)).not.toMatch(/good-secret|s:e\/c/);
    issuer.answers.clear();
    expect(await ask(authenticator, "good-secret")).toMatchObject({ kind: "accepted" });
  });

  it("that is gone makes nobody's token bad", async () => {
    const authenticator = create();
    const endpoint = `${issuer.origin}/introspect`;
    expect(await ask(authenticator, "good-1")).toMatchObject({ kind: "accepted" });
    await issuer.close();
    expect(await ask(authenticator, "good-2")).toEqual({
      kind: "unavailable",
      description: "The access token cannot be checked now.",
      detail: `POST ${endpoint}: no answer (ECONNREFUSED)`,
    });
    // What is remembered goes on working.
    expect(await ask(authenticator, "good-1")).toMatchObject({ kind: "accepted" });
    issuer = await AuthorizationServer.start();
  });
});

describe("answers", () => {
  it("are remembered for a minute", async () => {
    const authenticator = create();
    await ask(authenticator, "good");
    await ask(authenticator, "good");
    expect(asked()).toBe(1);
    later(59_000);
    await ask(authenticator, "good");
    expect(asked()).toBe(1);
    later(2000);
    await ask(authenticator, "good");
    expect(asked()).toBe(2);
  });

  it("are not remembered beyond the token's end", async () => {
    const end = secondsFromNow(5);
    issuer.introspect = () => ({ active: true, exp: end });
    const authenticator = create({ cache: { ttl: "1h" } });
    expect(await ask(authenticator, "good")).toMatchObject({ kind: "accepted" });
    vi.useFakeTimers({ now: end * 1000, toFake: ["Date"] });
    expect(await ask(authenticator, "good")).toEqual(refused);
    expect(asked()).toBe(2);
  });

  it("are shared by requests at the same time", async () => {
    const authenticator = create({ cache: false });
    const results = await Promise.all(Array.from({ length: 50 }, () => ask(authenticator, "good")));
    expect(results.every(({ kind }) => kind === "accepted")).toBe(true);
    expect(asked()).toBe(1);
    await ask(authenticator, "good");
    expect(asked()).toBe(2);
  });

  it("that are no are remembered for seconds only, and push out no others", async () => {
    const authenticator = create({ cache: { max: 2 } });
    await ask(authenticator, "good");
    for (const token of ["bad-1", "bad-2", "bad-3", "bad-3"]) expect(await ask(authenticator, token)).toEqual(refused);
    expect(asked()).toBe(4);
    await ask(authenticator, "good");
    expect(asked()).toBe(4);
    later(10_001);
    await ask(authenticator, "bad-3");
    expect(asked()).toBe(5);
  });

  it("are bounded in number; those not asked for the longest go first", async () => {
    const authenticator = create({ cache: { max: 2 } });
    for (const token of ["good-1", "good-2", "good-1", "good-3"]) await ask(authenticator, token);
    expect(asked()).toBe(3);
    await ask(authenticator, "good-1");
    expect(asked()).toBe(3);
    await ask(authenticator, "good-2");
    expect(asked()).toBe(4);
  });

  it("cannot be changed by who sees them", async () => {
    issuer.introspect = () => ({ active: true, groups: { names: ["a"] } });
    const authenticator = create();
    const result = await ask(authenticator, "good");
    if (result.kind !== "accepted") throw new Error(result.kind);
    expect(() => (result.auth.scopes as string[]).push("admin")).toThrow(TypeError);
    expect(() => ((result.auth.claims["groups"] as { names: string[] }).names[0] = "admin")).toThrow(TypeError);
  });
});

describe("options", () => {
  const sound = { endpoint: "https://login.example.com/introspect", clientId: "a", clientSecret: "hunter2" };
  it.each<[string, object, RegExp]>([
    ["no endpoint", { ...sound, endpoint: "introspect" }, /'endpoint' must be a URL/],
    ["no client", { ...sound, clientId: "" }, /'clientId' must be/],
    ["no secret", { ...sound, clientSecret: "" }, /'clientSecret' must be/],
    ["an undefined secret", { ...sound, clientSecret: undefined }, /'clientSecret' is undefined/],
    ["another way to authenticate", { ...sound, clientAuthentication: "jwt" }, /"basic" or "post"/],
    ["a cache without bounds", { ...sound, cache: { max: Number.POSITIVE_INFINITY } }, /'cache.max'/],
    ["a bad time", { ...sound, cache: { ttl: "soon" } }, /'cache.ttl'/],
    ["a cache that is no object", { ...sound, cache: true }, /'cache' must be false/],
    ["an unknown option", { ...sound, url: "x" }, /no option 'url'/],
    ["a bad issuer", { ...sound, issuer: "x" }, /'issuer' must be a URL/],
    ["a bad audience", { ...sound, audience: [""] }, /'audience' must be/],
  ])("cannot be: %s", (_, options, pattern) => {
    expect(() => introspection(options as IntrospectionOptions)).toThrow(MethodicError);
    expect(() => introspection(options as IntrospectionOptions)).toThrow(pattern);
    expect(() => introspection(options as IntrospectionOptions)).not.toThrow(/hunter2/);
  });

  it("cannot be seen in the authenticator", () => {
    expect(inspect(introspection(sound), { depth: 10, showHidden: true })).not.toContain("hunter2");
  });
});
