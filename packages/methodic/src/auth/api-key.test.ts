import { inspect } from "node:util";
import { afterEach, describe, expect, it, vi } from "vitest";
import { MethodicError, type MethodicErrorCode } from "../errors.ts";
import * as digests from "../util/digest.ts";
import { anyOf } from "./any-of.ts";
import { apiKey, type ApiKeyOptions } from "./api-key.ts";
import type { AuthResult } from "./authenticator.ts";
import { bearer } from "./bearer.ts";

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

function authenticate(
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
  throw new Error("Nothing was thrown.");
}

const rejected = expect.objectContaining({ kind: "rejected", error: "invalid_token" });

describe("apiKey with keys", () => {
  const keys = [
    { name: "reader", key: "secret-1", scopes: ["notes:read"], claims: { roles: ["user"] } },
    { name: "writer", key: "secret-2", scopes: ["notes:read", "notes:write"] },
  ];

  it.each([
    { "x-api-key": "secret-2" },
    { authorization: "Bearer secret-2" },
    { "x-api-key": "secret-2", authorization: "Basic YTpi" },
  ])("accepts a key in %o", async (headers) => {
    expect(await authenticate(apiKey({ keys }), headers)).toEqual({
      kind: "accepted",
      auth: { subject: "writer", clientId: "writer", scopes: ["notes:read", "notes:write"], claims: {} },
    });
  });

  it("passes the claims of a key's owner on", async () => {
    const result = await authenticate(apiKey({ keys }), { "x-api-key": "secret-1" });
    expect(result).toMatchObject({ auth: { subject: "reader", claims: { roles: ["user"] } } });
  });

  it.each(["secret-", "secret-11", "SECRET-1", "secret-1=", "reader"])("rejects the wrong key %j", async (key) => {
    expect(await authenticate(apiKey({ keys }), { "x-api-key": key })).toEqual(rejected);
    expect(await authenticate(apiKey({ keys }), { authorization: `Bearer ${key}` })).toEqual(rejected);
  });

  it("ignores keys in the query", async () => {
    expect(await authenticate(apiKey({ keys }), {})).toEqual({ kind: "missing" });
  });

  it("prefers the key header over Authorization", async () => {
    const headers = { "x-api-key": "wrong", authorization: "Bearer secret-1" };
    expect(await authenticate(apiKey({ keys }), headers)).toEqual(rejected);
  });

  it("reads the key from the header that the option names", async () => {
    const authenticator = apiKey({ keys, header: "X-Notes-Key" });
    expect(await authenticate(authenticator, { "x-notes-key": "secret-1" })).toMatchObject({ kind: "accepted" });
    expect(await authenticate(authenticator, { "x-api-key": "secret-1" })).toEqual({ kind: "missing" });
  });

  it("names keys that have no name", async () => {
    const one = apiKey({ keys: "abc" });
    expect(await authenticate(one, { "x-api-key": "abc" })).toMatchObject({ auth: { subject: "api-key" } });
    const several = apiKey({ keys: ["abc", "def"] });
    expect(await authenticate(several, { "x-api-key": "def" })).toMatchObject({ auth: { subject: "api-key-2" } });
  });

  it("compares all keys, by digests of one length, whichever key matches", async () => {
    const compared = vi.spyOn(digests, "equalDigests");
    const authenticator = apiKey({ keys });
    for (const key of ["secret-1", "secret-2", "x", "secret-1".repeat(100)]) {
      compared.mockClear();
      await authenticate(authenticator, { "x-api-key": key });
      expect(compared.mock.calls.map(([a, b]) => [a.length, b.length])).toEqual([
        [32, 32],
        [32, 32],
      ]);
    }
  });

  it("keeps keys out of the authenticator's visible properties", () => {
    expect(inspect(apiKey({ keys }), { depth: 10, showHidden: true })).not.toContain("secret-");
  });

  it.each<[string, unknown, RegExp]>([
    ["undefined", undefined, /invalid option 'keys': undefined\. Give it a value, or leave it out\./],
    ["an empty string", "", /invalid option 'keys'\. A key must be non-empty printable ASCII/],
    ["an empty list", [], /invalid option 'keys'\. Give at least one key\./],
    ["a key with a space", "secret one", /'keys'\. .* without spaces and commas, to fit into a header/],
    ["a key with a comma", ["ok", "secret,one"], /'keys\[1\]'\. .* without spaces and commas/],
    ["a repeated key", ["secret", "other", "secret"], /'keys\[2\]'\. It is the same key as keys\[0\]; remove one\./],
    ["a key without a name", [{ key: "secret" }], /missing option 'keys\[0\]\.name'\. It must be a non-empty string\./],
    ["an entry without a key", [{ name: "ci" }], /missing option 'keys\[0\]\.key'\. A key must be/],
    [
      "an unknown property",
      [{ name: "ci", key: "secret", scope: "a" }],
      /'keys\[0\]'\. It must have no properties other than name, key, scopes, claims\./,
    ],
    // As { "<key>": "<name>" }.
    ["a key as a property name", [{ "secret-1": "ci" }], /'keys\[0\]'\. It must have no properties other/],
    [
      "scopes in a string",
      [{ name: "ci", key: "secret", scopes: "a b" }],
      /'keys\[0\]\.scopes': "a b"\. It must be an array/,
    ],
    [
      "an invalid scope",
      [{ name: "ci", key: "secret", scopes: ["a b"] }],
      /'keys\[0\]\.scopes\[0\]': "a b"\. It must be a scope/,
    ],
    [
      "claims in a list",
      [{ name: "ci", key: "secret", claims: [] }],
      /'keys\[0\]\.claims': an empty array\. It must be an object\./,
    ],
    ["a number", [7], /'keys\[0\]'\. Give a string, or \{ name: "…", key: "…" \}\./],
  ])("refuses %s without showing a key", (_, given, pattern) => {
    const message = messageOf(() => apiKey({ keys: given } as ApiKeyOptions));
    expect(message).toMatch(pattern);
    expect(message).not.toContain("secret");
  });

  it("reads keys from accessors of a class", async () => {
    class StoredKey {
      readonly name = "ci";
      get key(): string {
        return "secret-1";
      }
      get scopes(): readonly string[] {
        return ["a"];
      }
    }
    const result = await authenticate(apiKey({ keys: [new StoredKey()] }), { "x-api-key": "secret-1" });
    expect(result).toMatchObject({ kind: "accepted", auth: { subject: "ci", scopes: ["a"] } });
  });

  it.each<[string, (options: never) => unknown]>([
    ["apiKey", apiKey],
    ["bearer", bearer],
  ])("%s does not show a key in the place of verify", (_, create) => {
    const message = messageOf(() => create({ verify: "secret" } as never));
    expect(message).toMatch(/invalid option 'verify'\. It must be a function\./);
  });
});

describe("apiKey with keys of the environment", () => {
  it("accepts the keys of both variables", async () => {
    vi.stubEnv("MCP_API_KEY", " one ");
    vi.stubEnv("MCP_API_KEYS", "two, three");
    const authenticator = apiKey();
    for (const key of ["one", "two", "three"]) {
      expect(await authenticate(authenticator, { "x-api-key": key })).toMatchObject({ kind: "accepted" });
    }
    expect(await authenticate(authenticator, { "x-api-key": "two, three" })).toMatchObject({ kind: "rejected" });
  });

  it("reads names and scopes from JSON", async () => {
    vi.stubEnv("MCP_API_KEY", "");
    vi.stubEnv("MCP_API_KEYS", '[{"name":"ci","key":"abc","scopes":["notes:read"]},"plain"]');
    expect(await authenticate(apiKey(), { "x-api-key": "abc" })).toMatchObject({
      auth: { subject: "ci", scopes: ["notes:read"] },
    });
    expect(await authenticate(apiKey(), { "x-api-key": "plain" })).toMatchObject({ kind: "accepted" });
  });

  it("accepts an empty list if the other variable has a key", async () => {
    vi.stubEnv("MCP_API_KEY", "one");
    vi.stubEnv("MCP_API_KEYS", "[]");
    expect(await authenticate(apiKey(), { "x-api-key": "one" })).toMatchObject({ auth: { subject: "api-key" } });
  });

  it("requires a key to serve HTTP, with an error of one line", async () => {
    vi.stubEnv("MCP_API_KEY", " ");
    vi.stubEnv("MCP_API_KEYS", undefined);
    const authenticator = anyOf(apiKey({ keys: "other" }), apiKey());
    expect(messageOf(() => authenticator.assertReady?.(), "MISSING_API_KEY")).toMatch(/MCP_API_KEY .*MCP_API_KEYS/);
    expect(() => authenticator.assertReady?.()).toThrow(
      expect.objectContaining({ stack: expect.not.stringContaining("\n") as string }),
    );
    expect(await authenticate(apiKey(), { "x-api-key": "undefined" })).toMatchObject({ kind: "rejected" });
  });

  it("explains a missing key in a runtime without an environment", () => {
    vi.stubGlobal("process", {});
    const message = messageOf(() => apiKey().assertReady?.(), "MISSING_API_KEY");
    vi.unstubAllGlobals();
    expect(message).toMatch(/no key is configured\..*This runtime has no process\.env; .*nodejs_compat\.$/);
  });

  it.each([
    ["[secret", undefined, /Invalid environment variable MCP_API_KEYS: malformed JSON\. Write \[\{"name"/],
    ['[{"key":"secret"}]', undefined, /Invalid environment variable MCP_API_KEYS\[0\]\.name\. It must be a non-empty/],
    ['{"key":"secret"}', undefined, /Invalid environment variable MCP_API_KEYS\.name\./],
    ["secret,,other", undefined, /variable MCP_API_KEYS\[1\]\. A key must be non-empty/],
    ["[]", undefined, /variable MCP_API_KEYS\. Give at least one key\./],
    ["secret", "se cret", /variable MCP_API_KEY\. A key must be/],
    ["secret", "secret", /MCP_API_KEYS\[0\]\. It is the same key as MCP_API_KEY; remove one\./],
  ])("refuses MCP_API_KEYS=%s with MCP_API_KEY=%s without showing a key", (several, one, pattern) => {
    vi.stubEnv("MCP_API_KEYS", several);
    vi.stubEnv("MCP_API_KEY", one);
    const message = messageOf(() => apiKey(), "INVALID_ENVIRONMENT");
    expect(message).toMatch(pattern);
    expect(message).not.toContain("secret");
  });
});

describe("apiKey with verify", () => {
  it("accepts the caller that verify returns", async () => {
    const authenticator = apiKey({
      verify: async (key) => (key === "abc" ? { subject: "ada", scopes: "a b" } : undefined),
    });
    expect(await authenticate(authenticator, { "x-api-key": "abc" })).toEqual({
      kind: "accepted",
      auth: { subject: "ada", scopes: ["a", "b"], claims: {} },
    });
    expect(await authenticate(authenticator, { "x-api-key": "def" })).toEqual(rejected);
  });

  it.each([false, null, undefined, 1, "yes", ""])("rejects the key if verify returns %j", async (result) => {
    const authenticator = apiKey({ verify: () => result as boolean });
    expect(await authenticate(authenticator, { "x-api-key": "abc" })).toEqual(rejected);
  });

  it("rejects the key if verify throws, and keeps the key out of the log", async () => {
    const authenticator = apiKey({
      verify: (key) => {
        throw new TypeError(`no row for ${key}`);
      },
    });
    const result = await authenticate(authenticator, { "x-api-key": "secret-9" });
    expect(result).toMatchObject({ kind: "rejected", detail: "verify: TypeError: no row for [credentials]" });
    expect(JSON.stringify(result)).not.toContain("secret-9");
  });

  it("reports that the key cannot be verified now", async () => {
    const authenticator = apiKey({ verify: () => ({ kind: "unavailable", description: "The database is away." }) });
    expect(await authenticate(authenticator, { "x-api-key": "abc" })).toMatchObject({ kind: "unavailable" });
  });

  it("rejects an expired caller", async () => {
    const authenticator = apiKey({ verify: () => ({ subject: "ada", expiresAt: 1 }) });
    expect(await authenticate(authenticator, { "x-api-key": "abc" })).toEqual(rejected);
  });
});

describe("the options of apiKey", () => {
  it.each<[unknown, RegExp]>([
    [{ key: "secret" }, /unknown option 'key'\. Did you mean "keys"\? The options are keys, verify, header\./],
    [{ keys: "secret", verify: () => true }, /'keys' and 'verify' are mutually exclusive\. Pass one of them\./],
    [{ verify: undefined }, /invalid option 'verify': undefined\./],
    [{ verify: 7 }, /invalid option 'verify'\. It must be a function\./],
    [{ keys: "secret", header: "x key" }, /invalid option 'header': "x key"\. It must be the name of a header other/],
    [
      { keys: "secret", header: "Authorization" },
      /'header': "Authorization"\. It must be the name of a header other than Authorization/,
    ],
    ["secret", /^apiKey: invalid options\. Pass an object with keys, verify, header\./],
  ])("must not be %o", (options, pattern) => {
    const message = messageOf(() => apiKey(options as ApiKeyOptions));
    expect(message).toMatch(pattern);
    expect(message).not.toContain("secret");
  });
});
