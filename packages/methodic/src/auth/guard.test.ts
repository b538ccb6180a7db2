import { describe, expect, it, vi } from "vitest";
import type { AuthInfo } from "../context/auth-info.ts";
import { MethodicError } from "../errors.ts";
import { requireRoles, requireScopes } from "./rules.ts";

import { apiKey } from "./api-key.ts";
import { anyOf } from "./any-of.ts";
import type { AuthResult } from "./authenticator.ts";
import { bearer } from "./bearer.ts";
import { type AuthGuard, type AuthGuardDeps, createAuthGuard } from "./guard.ts";
import type { EndpointRequest } from "./protected-resource.ts";
import type { ServerAuth } from "./server-auth.ts";

const WELL_KNOWN = "/.well-known/oauth-protected-resource";
const authorizationServers = ["https://login.example.com"];

/** Accepts tokens that name their scopes: `ok:a+b`. */
const tokens = bearer({
  authorizationServers,
  verify: (token): AuthResult | { subject: string; scopes: string; claims: { roles: string[] } } | undefined => {
    if (token === "away") return { kind: "unavailable", description: "Come back later.", detail: "db: refused" };
    return token.startsWith("ok")
      ? { subject: "ada", scopes: token.slice(3).replaceAll("+", " "), claims: { roles: ["user"] } }
      : undefined;
  },
});

function createGuard(auth: ServerAuth, options: Partial<AuthGuardDeps> = {}): AuthGuard {
  return createAuthGuard({
    auth,
    name: "notes",
    path: "/mcp",
    getScopesSupported: () => [],
    log: () => undefined,
    ...options,
  });
}

function request(
  url = "http://localhost:3000/mcp",
  { token, ...more }: { token?: string; auth?: AuthInfo; mountPath?: string; method?: string } = {},
): EndpointRequest {
  return {
    method: "POST",
    url,
    headers: new Headers(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    ...more,
  };
}

async function readRefusal(
  guard: AuthGuard,
  asked: EndpointRequest,
): Promise<{ status: number; challenge: string | null; body: { [key: string]: string } }> {
  const response = await guard.authorize(asked);
  if (!(response instanceof Response)) throw new Error("The request was accepted.");
  expect(response.headers.get("cache-control")).toBe("no-store");
  return {
    status: response.status,
    challenge: response.headers.get("www-authenticate"),
    body: (await response.json()) as { [key: string]: string },
  };
}

describe("AuthGuard", () => {
  it("challenges a request without credentials, without an error", async () => {
    expect(await readRefusal(createGuard(tokens), request())).toEqual({
      status: 401,
      challenge: `Bearer resource_metadata="http://localhost:3000${WELL_KNOWN}/mcp"`,
      body: { error: "unauthorized", error_description: expect.any(String) },
    });
  });

  it("names the required scopes in the challenge", async () => {
    const { challenge } = await readRefusal(
      createGuard([tokens, requireScopes("a", "b"), requireScopes("b", "c")]),
      request(),
    );
    expect(challenge).toBe(`Bearer resource_metadata="http://localhost:3000${WELL_KNOWN}/mcp", scope="a b c"`);
  });

  it("names the error of an invalid token in the challenge", async () => {
    const { status, challenge } = await readRefusal(createGuard(tokens), request(undefined, { token: "bad" }));
    expect(status).toBe(401);
    expect(challenge).toBe(
      `Bearer resource_metadata="http://localhost:3000${WELL_KNOWN}/mcp", error="invalid_token", error_description="The credentials are not valid."`,
    );
  });

  it("names no metadata without an authorization server", async () => {
    const { status, challenge } = await readRefusal(createGuard(apiKey({ keys: "abc" })), request());
    expect({ status, challenge }).toEqual({ status: 401, challenge: 'Bearer realm="mcp"' });
  });

  it("answers 400 to two credentials", async () => {
    const { status, challenge } = await readRefusal(
      createGuard(tokens),
      request(undefined, { token: "ok:a, Bearer ok:b" }),
    );
    expect(status).toBe(400);
    expect(challenge).toContain('error="invalid_request"');
  });

  it("answers 503 while credentials cannot be verified, and logs why once", async () => {
    const log = vi.fn<(text: string) => void>();
    const guard = createGuard(tokens, { log });
    for (let i = 0; i < 3; i++) {
      expect(await readRefusal(guard, request(undefined, { token: "away" }))).toEqual({
        status: 503,
        challenge: null,
        body: { error: "temporarily_unavailable", error_description: "Come back later." },
      });
    }
    expect(log.mock.calls).toEqual([["methodic: auth: db: refused", { level: "warn" }]]);
  });

  it("accepts a valid token", async () => {
    expect(await createGuard(tokens).authorize(request(undefined, { token: "ok:a+b" }))).toMatchObject({
      auth: { subject: "ada", scopes: ["a", "b"], claims: { roles: ["user"] } },
    });
  });

  it("requests all scopes of the server if one is missing", async () => {
    const guard = createGuard([tokens, requireScopes("a"), requireScopes("b", "c")]);
    const { status, challenge, body } = await readRefusal(guard, request(undefined, { token: "ok:a+b" }));
    expect(status).toBe(403);
    expect(challenge).toMatch(
      /^Bearer resource_metadata="[^"]+", scope="a b c", error="insufficient_scope", error_description="[^"]+"$/,
    );
    expect(body["error"]).toBe("insufficient_scope");
    expect(await guard.authorize(request(undefined, { token: "ok:a+b+c+d" }))).toMatchObject({
      auth: { subject: "ada" },
    });
  });

  it("requests the scopes of the authenticator as well", async () => {
    const lacking: AuthResult = { kind: "rejected", error: "insufficient_scope", description: "No.", scopes: ["b"] };
    const guard = createGuard([bearer({ verify: () => lacking }), requireScopes("a")]);
    expect(await readRefusal(guard, request(undefined, { token: "x" }))).toMatchObject({
      status: 403,
      challenge: 'Bearer scope="a b", error="insufficient_scope", error_description="No."',
    });
  });

  it("answers 403 without a challenge if another token would not help", async () => {
    const guard = createGuard([tokens, requireRoles("admin")]);
    expect(await readRefusal(guard, request(undefined, { token: "ok:a" }))).toMatchObject({
      status: 403,
      challenge: null,
    });
  });

  it("accepts a caller only if every predicate returns true", async () => {
    const asked = vi.fn<(auth: AuthInfo, request: object) => boolean>(() => true);
    expect(await createGuard([tokens, asked]).authorize(request(undefined, { token: "ok:" }))).toMatchObject({
      auth: { subject: "ada" },
    });
    expect(asked).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ subject: "ada" }), {
      kind: "server",
      name: "notes",
    });
    const log = vi.fn<(text: string) => void>();
    const failing = (): boolean => {
      throw new TypeError("ada has no rights");
    };
    for (const rule of [failing, async () => "yes" as never, async () => Promise.reject(new Error("x"))]) {
      expect(
        await readRefusal(createGuard([tokens, rule], { log }), request(undefined, { token: "ok:" })),
      ).toMatchObject({
        status: 403,
      });
    }
    expect(log.mock.calls.join()).not.toContain("ada");
  });

  it("accepts every caller with none", async () => {
    expect(await createGuard("none").authorize(request())).toMatchObject({ auth: undefined });
  });

  it("applies the rules to a caller that middleware authenticated", async () => {
    const auth = { subject: "bob", scopes: ["a"], claims: {} };
    const guard = createGuard([tokens, requireScopes("a")]);
    expect(await guard.authorize(request(undefined, { auth }))).toMatchObject({ auth });
    expect(await readRefusal(guard, request(undefined, { auth: { ...auth, scopes: [] } }))).toMatchObject({
      status: 403,
    });
    expect(await readRefusal(guard, request(undefined, { auth: { ...auth, expiresAt: 1 } }))).toMatchObject({
      status: 401,
    });
    expect(await createGuard("none").authorize(request(undefined, { auth }))).toMatchObject({ auth });
    expect(await createGuard(requireScopes("a")).authorize(request(undefined, { auth }))).toMatchObject({ auth });
    expect(await readRefusal(createGuard(requireScopes("a")), request())).toMatchObject({
      status: 401,
      challenge: 'Bearer scope="a"',
    });
  });

  it("answers 503 if a custom authenticator throws, and does not log its message", async () => {
    const log = vi.fn<(text: string) => void>();
    const authenticate = (): Promise<AuthResult> => Promise.reject(new Error("token abc"));
    const guard = createGuard({ authenticate, scopes: [], authorizationServers: [], bindsToResource: false }, { log });
    expect(await readRefusal(guard, request())).toMatchObject({ status: 503 });
    expect(log.mock.calls.join()).not.toContain("abc");
  });
});

describe("AuthGuard.challengeScopes", () => {
  it("names the scopes of a component", async () => {
    const response = createGuard(tokens).challengeScopes(request(), ["a", "b"]);
    expect(response.status).toBe(403);
    expect(response.headers.get("www-authenticate")).toMatch(/scope="a b", error="insufficient_scope"/);
  });

  it("escapes text that could end the header", () => {
    const response = createGuard(tokens).challengeScopes(request(), ['a", error="none"\r\nSet-Cookie: x=y', "ü\\"]);
    expect(response.headers.get("www-authenticate")).toContain("scope=\"a', error='none'''Set-Cookie: x=y ''\"");
    expect(response.headers.get("set-cookie")).toBeNull();
  });
});

describe("anyOf", () => {
  const auth = anyOf(tokens, apiKey({ keys: "abc" }));
  const guard = createGuard(auth);

  it("accepts the callers of each authenticator", async () => {
    expect(await guard.authorize(request(undefined, { token: "abc" }))).toMatchObject({ auth: { subject: "api-key" } });
    expect(await guard.authorize({ ...request(), headers: new Headers({ "x-api-key": "abc" }) })).toMatchObject({
      auth: { subject: "api-key" },
    });
    expect(await guard.authorize(request(undefined, { token: "ok:" }))).toMatchObject({ auth: { subject: "ada" } });
  });

  it("names an error only if the request has credentials", async () => {
    expect((await readRefusal(guard, request())).challenge).not.toContain("error");
    expect(await readRefusal(guard, request(undefined, { token: "bad" }))).toMatchObject({
      status: 401,
      challenge: expect.stringContaining("invalid_token"),
    });
    expect(await readRefusal(guard, { ...request(), headers: new Headers({ "x-api-key": "bad" }) })).toMatchObject({
      status: 401,
    });
  });

  it("answers 503 if one authenticator is unavailable", async () => {
    expect(await readRefusal(guard, request(undefined, { token: "away" }))).toMatchObject({ status: 503 });
  });

  it("refuses an argument that is not an authenticator", () => {
    expect(() => anyOf()).toThrow(MethodicError);
    expect(() => anyOf(requireScopes("a") as never)).toThrow(/every argument must be an authenticator/);
  });
});

describe("AuthGuard.serveMetadata", () => {
  async function metadata(guard: AuthGuard, asked: EndpointRequest): Promise<unknown> {
    const response = guard.serveMetadata({ ...asked, method: "GET" });
    return response && (await response.json());
  }

  it("names the authorization servers, under the endpoint's path and under the root", async () => {
    const guard = createGuard([tokens, requireScopes("a")], { getScopesSupported: () => ["a", "b"] });
    for (const path of [`${WELL_KNOWN}/mcp`, WELL_KNOWN, `${WELL_KNOWN}/`, `${WELL_KNOWN}/mcp?x=y`]) {
      expect(await metadata(guard, request(`http://localhost:3000${path}`))).toEqual({
        resource: "http://localhost:3000/mcp",
        authorization_servers: authorizationServers,
        scopes_supported: ["a", "b"],
        bearer_methods_supported: ["header"],
        resource_name: "notes",
      });
    }
  });

  it.each([
    "/mcp",
    `${WELL_KNOWN}/other`,
    `${WELL_KNOWN}x`,
    `${WELL_KNOWN}/x/mcp`,
    "/.well-known/oauth-authorization-server",
    "/",
  ])("is not served at %s", (path) => {
    expect(
      createGuard(tokens).serveMetadata({ ...request(`http://localhost:3000${path}`), method: "GET" }),
    ).toBeUndefined();
  });

  it("do not exist without an authorization server", () => {
    for (const auth of ["none", apiKey({ keys: "abc" }), requireScopes("a")] as const) {
      expect(
        createGuard(auth).serveMetadata({ ...request(`http://localhost${WELL_KNOWN}`), method: "GET" }),
      ).toBeUndefined();
    }
  });

  it("may be read by web pages, and not written", async () => {
    const guard = createGuard(tokens);
    const ask = (method: string): Response =>
      guard.serveMetadata({ ...request(`http://localhost${WELL_KNOWN}/mcp`), method })!;
    expect(ask("GET").headers.get("access-control-allow-origin")).toBe("*");
    expect(ask("GET").headers.get("content-type")).toBe("application/json");
    expect(await ask("HEAD").text()).toBe("");
    expect(ask("OPTIONS").status).toBe(204);
    expect(ask("OPTIONS").headers.get("access-control-allow-headers")).toBe("*");
    expect(ask("POST").status).toBe(405);
    expect(ask("POST").headers.get("allow")).toBe("GET, HEAD, OPTIONS");
  });

  it.each([
    { publicUrl: "https://mcp.example.com/notes/mcp", path: "/mcp", resource: "https://mcp.example.com/notes/mcp" },
    { publicUrl: "https://mcp.example.com", path: "/mcp", resource: "https://mcp.example.com/mcp" },
    { publicUrl: "https://mcp.example.com:8443/mcp/", path: "/mcp", resource: "https://mcp.example.com:8443/mcp" },
    { publicUrl: "https://mcp.example.com/", path: "/", resource: "https://mcp.example.com" },
    { publicUrl: undefined, path: "/api/v1/mcp", resource: "http://localhost:3000/api/v1/mcp" },
    { publicUrl: undefined, path: "/", resource: "http://localhost:3000" },
  ])("names the public URL $publicUrl with the path $path", async ({ publicUrl, path, resource }) => {
    const guard = createGuard(tokens, { publicUrl, path });
    const { challenge } = await readRefusal(guard, request(`http://localhost:3000${path}`));
    const url = /resource_metadata="([^"]+)"/.exec(challenge ?? "")![1]!;
    const { origin, pathname } = new URL(resource);
    expect(url).toBe(`${origin}${WELL_KNOWN}${pathname === "/" ? "" : pathname}`);
    // A proxy may forward the prefix or remove it.
    for (const asked of [new URL(url).pathname, WELL_KNOWN + path, WELL_KNOWN]) {
      expect(await metadata(guard, request(`http://localhost:3000${asked}`))).toMatchObject({ resource });
    }
  });

  it.each([
    { mountPath: "/api", path: "/mcp" },
    { mountPath: "/api", path: "/api/mcp" },
  ])("names the mount path of a router: $path under $mountPath", async ({ mountPath, path }) => {
    const guard = createGuard(tokens, { path });
    const { challenge } = await readRefusal(guard, request("http://localhost:3000/api/mcp", { mountPath }));
    expect(challenge).toContain(`"http://localhost:3000${WELL_KNOWN}/api/mcp"`);
    const resource = "http://localhost:3000/api/mcp";
    expect(await metadata(guard, request(`http://localhost:3000/api${WELL_KNOWN}/mcp`, { mountPath }))).toMatchObject({
      resource,
    });
    // The same handler, mounted once more for the metadata.
    for (const wellKnown of [
      "/.well-known/oauth-protected-resource",
      "/.well-known/oauth-protected-resource/api/mcp",
    ]) {
      const asked = request(`http://localhost:3000${WELL_KNOWN}/api/mcp`, { mountPath: wellKnown });
      expect(await metadata(guard, asked)).toMatchObject({ resource });
    }
  });

  it("names a mount path that is the whole path", async () => {
    const { challenge } = await readRefusal(
      createGuard(tokens),
      request("http://localhost:3000/notes", { mountPath: "/notes" }),
    );
    expect(challenge).toContain(`"http://localhost:3000${WELL_KNOWN}/notes"`);
    const asked = request(`http://localhost:3000${WELL_KNOWN}/notes`, { mountPath: WELL_KNOWN });
    expect(await metadata(createGuard(tokens), asked)).toMatchObject({ resource: "http://localhost:3000/notes" });
  });

  it("requires a public URL if a caller could choose the audience with a Host header", () => {
    const bound = { ...tokens, bindsToResource: true };
    expect(() => createGuard(bound, { acceptsAnyHost: true })).toThrow(/publicUrl/);
    expect(() => createGuard(bound, { acceptsAnyHost: true, publicUrl: "https://mcp.example.com" })).not.toThrow();
    expect(() => createGuard(tokens, { acceptsAnyHost: true })).not.toThrow();
  });
});

describe("an invalid option auth", () => {
  it.each<[string, unknown, RegExp]>([
    ["two authenticators", [tokens, apiKey({ keys: "abc" })], /'auth': 2 authenticators\. .*anyOf/],
    ["none in a list", ["none", requireScopes("a")], /'auth': a list with "none"/],
    ["an empty list", [], /'auth': an empty array/],
    ["undefined", undefined, /'auth': undefined/],
    ["a string", "jwt", /'auth': a string/],
    ["the options of an authenticator", { issuer: "https://login.example.com" }, /'auth': an object/],
    ["a list with undefined", [tokens, undefined], /'auth': an array/],
  ])("is refused: %s", (_, auth, pattern) => {
    expect(() => createGuard(auth as ServerAuth)).toThrow(pattern);
  });
});

describe("requireScopes", () => {
  it.each([["notes write"], [""], ['a"b'], ["a\\b"], ["ä"], [7 as never]])("refuses the invalid scope %j", (scope) => {
    expect(() => requireScopes(scope)).toThrow(/invalid option 'scopes\[0\]': .* It must be a scope \(RFC 6749/);
  });

  it("requires at least one scope", () => {
    expect(() => requireScopes()).toThrow(/no scope given/);
  });
});

describe("requireRoles", () => {
  const asked = { kind: "tool", name: "x" } as const;
  const claims = {
    roles: ["editor"],
    realm_access: { roles: ["admin"] },
    "https://example.com/roles": ["owner"],
    role: "a b",
  };
  const auth = { scopes: [], claims };

  it("requires at least one non-empty role", () => {
    for (const roles of [[], [""]]) expect(() => requireRoles(...roles)).toThrow(/every role must be a non-empty/);
    expect(() => requireRoles([])).toThrow(/every role must be a non-empty/);
  });

  it("refuses an unknown option", () => {
    const options = { claims: "roles" } as object;
    expect(() => requireRoles(["admin"], options)).toThrow(/unknown option 'claims'\. Did you mean "claim"/);
  });

  it("accepts a caller with one of the roles", () => {
    expect(requireRoles("admin", "editor").allows(auth, asked)).toBe(true);
    expect(requireRoles("admin", "owner").allows(auth, asked)).toBe(false);
    expect(requireRoles(["editor"]).allows(auth, asked)).toBe(true);
  });

  it.each([
    ["realm_access.roles", "admin"],
    ["https://example.com/roles", "owner"],
    ["role", "b"],
  ])("finds roles in the claim %s", (claim, role) => {
    expect(requireRoles([role], { claim }).allows(auth, asked)).toBe(true);
    expect(requireRoles(["other"], { claim }).allows(auth, asked)).toBe(false);
  });

  it.each(["__proto__.roles", "constructor.name", "realm_access", "none", "roles.length"])(
    "finds no roles in the claim %s",
    (claim) => {
      expect(requireRoles(["Object", "1"], { claim }).allows(auth, asked)).toBe(false);
    },
  );
});
