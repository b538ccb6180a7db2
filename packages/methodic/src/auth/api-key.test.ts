import { inspect } from "node:util";
import { afterEach, describe, expect, it, vi } from "vitest";
import { MethodicError, type MethodicErrorCode } from "../errors.ts";
import { apiKey, type ApiKeyOptions } from "./api-key.ts";
import type { AuthResult } from "./authenticator.ts";
import * as digests from "../util/digest.ts";

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

function ask(
  authenticator: ReturnType<typeof apiKey>,
  headers: { readonly [name: string]: string },
): Promise<AuthResult> {
  const request = {
    method: "POST",
    url: "http://localhost/mcp?api_key=secret-1&access_token=secret-1",
    headers: new Headers(headers),
  };
  return authenticator.authenticate(request, "http://localhost/mcp");
}

function messageOf(make: () => unknown, code: MethodicErrorCode = "INVALID_AUTH_OPTIONS"): string {
  try {
    make();
  } catch (error) {
    expect(error).toBeInstanceOf(MethodicError);
    expect(error).toMatchObject({ code });
    return (error as Error).message;
  }
  throw new Error("It was taken.");
}

const rejected = expect.objectContaining({ kind: "rejected", error: "invalid_token" });

describe("keys", () => {
  const keys = [
    { name: "reader", key: "secret-1", scopes: ["notes:read"], claims: { roles: ["user"] } },
    { name: "writer", key: "secret-2", scopes: ["notes:read", "notes:write"] },
  ];

  it.each([
    { "x-api-key": "secret-2" },
    { authorization: "Bearer secret-2" },
    { "x-api-key": "secret-2", authorization: "Basic YTpi" },
  ])("are taken from %o", async (headers) => {
    expect(await ask(apiKey({ keys }), headers)).toEqual({
      kind: "accepted",
      auth: { subject: "writer", clientId: "writer", scopes: ["notes:read", "notes:write"], claims: {} },
    });
  });

  it("bring the claims of their owner", async () => {
    const result = await ask(apiKey({ keys }), { "x-api-key": "secret-1" });
    expect(result).toMatchObject({ auth: { subject: "reader", claims: { roles: ["user"] } } });
  });

  it.each(["secret-", "secret-11", "SECRET-1", "secret-1=", "reader"])("do not let in %j", async (key) => {
    expect(await ask(apiKey({ keys }), { "x-api-key": key })).toEqual(rejected);
    expect(await ask(apiKey({ keys }), { authorization: `Bearer ${key}` })).toEqual(rejected);
  });

  it("in the query count for nothing", async () => {
    expect(await ask(apiKey({ keys }), {})).toEqual({ kind: "missing" });
  });

  it("in their own header win over those in Authorization", async () => {
    const headers = { "x-api-key": "wrong", authorization: "Bearer secret-1" };
    expect(await ask(apiKey({ keys }), headers)).toEqual(rejected);
  });

  it("may have a header of another name", async () => {
    const authenticator = apiKey({ keys, header: "X-Notes-Key" });
    expect(await ask(authenticator, { "x-notes-key": "secret-1" })).toMatchObject({ kind: "accepted" });
    expect(await ask(authenticator, { "x-api-key": "secret-1" })).toEqual({ kind: "missing" });
  });

  it("without a name get one each", async () => {
    expect(await ask(apiKey({ keys: "abc" }), { "x-api-key": "abc" })).toMatchObject({ auth: { subject: "api-key" } });
    const several = apiKey({ keys: ["abc", "def"] });
    expect(await ask(several, { "x-api-key": "def" })).toMatchObject({ auth: { subject: "api-key-2" } });
  });

  it("are all compared, by digests of one length, whichever it is", async () => {
    const compared = vi.spyOn(digests, "equalDigests");
    const authenticator = apiKey({ keys });
    for (const key of ["secret-1", "secret-2", "x", "secret-1".repeat(100)]) {
      compared.mockClear();
      await ask(authenticator, { "x-api-key": key });
      expect(compared.mock.calls.map(([a, b]) => [a.length, b.length])).toEqual([
        [32, 32],
        [32, 32],
      ]);
    }
  });

  it("cannot be seen in the authenticator", () => {
    expect(inspect(apiKey({ keys }), { depth: 10, showHidden: true })).not.toContain("secret-");
  });

  it.each<[string, unknown, RegExp]>([
    ["undefined", undefined, /'keys' holds something of type undefined/],
    ["an empty text", "", /holds an empty text/],
    ["an empty list", [], /is empty/],
    ["a key with a space", "secret one", /no header can carry.*without spaces and commas/],
    ["a key with a comma", ["ok", "secret,one"], /entry 2.*no header can carry/],
    ["one key twice", ["secret", "other", "secret"], /one key twice, as entries 1 and 3/],
    ["no name", [{ key: "secret" }], /without a 'name'/],
    ["no key", [{ name: "ci" }], /without a 'key'/],
    [
      "an unknown field",
      [{ name: "ci", key: "secret", scope: "a" }],
      /a field that does not exist.*name, key, scopes, claims/,
    ],
    ["scopes in a text", [{ name: "ci", key: "secret", scopes: "a b" }], /'scopes' are no list/],
    ["a bad scope", [{ name: "ci", key: "secret", scopes: ["a b"] }], /the key "ci": "a b" is no scope/],
    ["claims in a list", [{ name: "ci", key: "secret", claims: [] }], /'claims' are no object/],
    ["a number", [7], /of type number/],
  ])("cannot be %s", (_, given, pattern) => {
    const message = messageOf(() => apiKey({ keys: given } as ApiKeyOptions));
    expect(message).toMatch(pattern);
    expect(message).not.toContain("secret");
  });
});

describe("keys of the environment", () => {
  it("are one or several", async () => {
    vi.stubEnv("MCP_API_KEY", " one ");
    vi.stubEnv("MCP_API_KEYS", "two, three");
    const authenticator = apiKey();
    for (const key of ["one", "two", "three"]) {
      expect(await ask(authenticator, { "x-api-key": key })).toMatchObject({ kind: "accepted" });
    }
    expect(await ask(authenticator, { "x-api-key": "two, three" })).toMatchObject({ kind: "rejected" });
  });

  it("are JSON with names and scopes", async () => {
    vi.stubEnv("MCP_API_KEY", "");
    vi.stubEnv("MCP_API_KEYS", '[{"name":"ci","key":"abc","scopes":["notes:read"]},"plain"]');
    expect(await ask(apiKey(), { "x-api-key": "abc" })).toMatchObject({
      auth: { subject: "ci", scopes: ["notes:read"] },
    });
    expect(await ask(apiKey(), { "x-api-key": "plain" })).toMatchObject({ kind: "accepted" });
  });

  it("must be there", () => {
    vi.stubEnv("MCP_API_KEY", " ");
    vi.stubEnv("MCP_API_KEYS", undefined);
    expect(messageOf(() => apiKey(), "MISSING_API_KEY")).toMatch(/MCP_API_KEY .*MCP_API_KEYS/);
    // Whoever starts the server is to read one line, and not a bundle's.
    expect(() => apiKey()).toThrow(expect.objectContaining({ stack: expect.not.stringContaining("\n") as string }));
  });

  it("are missing where there is no environment, which is told", () => {
    vi.stubGlobal("process", {});
    const message = messageOf(() => apiKey(), "MISSING_API_KEY");
    vi.unstubAllGlobals();
    expect(message).toMatch(/there is no key\..*This runtime has no process\.env; .*nodejs_compat\.$/);
  });

  it.each([
    ["[secret", /MCP_API_KEYS starts like JSON and is none/],
    ['[{"key":"secret"}]', /MCP_API_KEYS holds an object without a 'name'/],
    ["secret,,other", /MCP_API_KEYS holds, as entry 2, an empty text/],
    ["[]", /MCP_API_KEYS is empty/],
  ])("are said to be wrong where they are, and not shown: %s", (value, pattern) => {
    vi.stubEnv("MCP_API_KEYS", value);
    vi.stubEnv("MCP_API_KEY", undefined);
    const message = messageOf(() => apiKey(), "INVALID_ENVIRONMENT");
    expect(message).toMatch(pattern);
    expect(message).not.toContain("secret");
  });
});

describe("verify", () => {
  it("tells whose key it is", async () => {
    const authenticator = apiKey({
      verify: async (key) => (key === "abc" ? { subject: "ada", scopes: "a b" } : undefined),
    });
    expect(await ask(authenticator, { "x-api-key": "abc" })).toEqual({
      kind: "accepted",
      auth: { subject: "ada", scopes: ["a", "b"], claims: {} },
    });
    expect(await ask(authenticator, { "x-api-key": "def" })).toEqual(rejected);
  });

  it.each([false, null, undefined, 1, "yes", ""])("refuses with %j", async (verdict) => {
    const authenticator = apiKey({ verify: () => verdict as boolean });
    expect(await ask(authenticator, { "x-api-key": "abc" })).toEqual(rejected);
  });

  it("that throws refuses, and its error goes to the log without the key", async () => {
    const authenticator = apiKey({
      verify: (key) => {
        throw new TypeError(`no row for ${key}`);
      },
    });
    const result = await ask(authenticator, { "x-api-key": "secret-9" });
    expect(result).toMatchObject({ kind: "rejected", detail: "verify: TypeError: no row for [credentials]" });
    expect(JSON.stringify(result)).not.toContain("secret-9");
  });

  it("may say that nobody can tell now", async () => {
    const authenticator = apiKey({ verify: () => ({ kind: "unavailable", description: "The database is away." }) });
    expect(await ask(authenticator, { "x-api-key": "abc" })).toMatchObject({ kind: "unavailable" });
  });

  it("does not revive what has expired", async () => {
    const authenticator = apiKey({ verify: () => ({ subject: "ada", expiresAt: 1 }) });
    expect(await ask(authenticator, { "x-api-key": "abc" })).toEqual(rejected);
  });
});

describe("options", () => {
  it.each<[unknown, RegExp]>([
    [{ key: "secret" }, /there is no option 'key'/],
    [{ keys: "secret", verify: () => true }, /exclude each other/],
    [{ verify: undefined }, /'verify' must be a function/],
    [{ keys: "secret", header: "x key" }, /'header' must be the name of a header/],
    [{ keys: "secret", header: "Authorization" }, /cannot be 'Authorization'/],
    ["secret", /takes one options object/],
  ])("%o are refused", (options, pattern) => {
    const message = messageOf(() => apiKey(options as ApiKeyOptions));
    expect(message).toMatch(pattern);
    expect(message).not.toContain("secret");
  });
});
