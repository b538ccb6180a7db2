import { createHmac, generateKeyPairSync, type KeyObject } from "node:crypto";
import { inspect } from "node:util";
import { importPKCS8 } from "jose";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type AuthResult, anyOf, jwt, type JwtOptions } from "../../src/auth/index.ts";
import { MethodicError } from "../../src/index.ts";
import { AuthorizationServer, createKey, secondsFromNow, type SigningKey } from "../fixtures/authorization-server.ts";

const RESOURCE = "http://localhost/mcp";

let issuer: AuthorizationServer;
beforeEach(async () => void (issuer = await AuthorizationServer.start()));
afterEach(async () => {
  vi.useRealTimers();
  await issuer.close();
});

function ask(authenticator: ReturnType<typeof jwt>, token: string, resource = RESOURCE): Promise<AuthResult> {
  const headers = new Headers({ authorization: `Bearer ${token}` });
  return authenticator.authenticate({ method: "POST", url: resource, headers }, resource);
}

const refused = (description: unknown = expect.any(String)): unknown => ({
  kind: "rejected",
  error: "invalid_token",
  description,
});
const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
const pem = (key: KeyObject, type: "spki" | "pkcs1" = "spki"): string =>
  String(key.export({ type: type as "spki", format: "pem" }));

describe("a token", () => {
  const check = (): ReturnType<typeof jwt> => jwt({ issuer: issuer.issuer, jwksUri: issuer.jwksUri });

  it("says who calls", async () => {
    const token = await issuer.issue({ scope: "notes:read notes:write", roles: ["admin"] });
    const result = await ask(check(), token);
    expect(result).toMatchObject({
      kind: "accepted",
      auth: {
        subject: "ada",
        clientId: "client-1",
        scopes: ["notes:read", "notes:write"],
        claims: { iss: issuer.issuer, roles: ["admin"] },
        expiresAt: expect.any(Number),
      },
    });
    expect(inspect(result, { depth: 10 })).not.toContain(token.slice(-20));
  });

  it.each<[string, object, object]>([
    ["scp as a text (Entra ID)", { scp: "a b", azp: "app" }, { scopes: ["a", "b"] }],
    ["scp as a list (Okta)", { scp: ["a", "b"], cid: "app" }, { scopes: ["a", "b"] }],
    ["no scopes", {}, { scopes: [] }],
    ["azp (Keycloak)", { azp: "app", client_id: undefined }, { clientId: "app" }],
    ["an audience among several", { aud: ["account", RESOURCE] }, { subject: "ada" }],
    ["an audience that ends with a slash", { aud: `${RESOURCE}/` }, { subject: "ada" }],
    ["an issue time a little ahead", { iat: secondsFromNow(30) }, { subject: "ada" }],
  ])("may have %s", async (_, claims, auth) => {
    expect(await ask(check(), await issuer.issue({ ...claims }))).toMatchObject({ kind: "accepted", auth });
  });

  it.each(["JWT", "jwt", "at+jwt", "application/at+jwt", undefined])("may be of the type %s", async (typ) => {
    const token = await issuer.issue({}, { header: typ === undefined ? { typ: undefined as never } : { typ } });
    expect(await ask(check(), token)).toMatchObject({ kind: "accepted" });
  });

  const EXPIRED = "The credentials have expired.";
  const FOR_ANOTHER = "The access token was not issued for this server.";
  const EARLY = "The access token is not valid yet.";
  it.each<[string, { readonly [claim: string]: unknown }, string?]>([
    ["that has expired", { exp: secondsFromNow(-1) }, EXPIRED],
    ["that expires now", { exp: secondsFromNow(0) }, EXPIRED],
    ["that never expires", { exp: undefined }],
    ["whose exp is a text", { exp: "9999999999" }],
    ["that is not valid yet", { nbf: secondsFromNow(60) }, EARLY],
    ["from the future", { iat: secondsFromNow(3600) }, EARLY],
    ["of another issuer", { iss: "https://evil.example.com" }],
    ["of an issuer with one slash more", { iss: "http://127.0.0.1/" }],
    ["without an issuer", { iss: undefined }],
    ["for another server", { aud: "http://localhost/other" }, FOR_ANOTHER],
    ["for another server of the same origin", { aud: "http://localhost" }, FOR_ANOTHER],
    ["for a server whose URL only begins the same", { aud: `${RESOURCE}2` }, FOR_ANOTHER],
    ["for nobody", { aud: undefined }, FOR_ANOTHER],
    ["for a list of nobody", { aud: [] }, FOR_ANOTHER],
    ["for something that is no text", { aud: { [RESOURCE]: true } }, FOR_ANOTHER],
  ])("%s is refused", async (_, claims, description) => {
    // Whoever runs the server is told what it takes itself for; callers are not.
    const detail = expect.stringContaining(`and this server is "${RESOURCE}". If both are the same`) as string;
    const answer = await ask(check(), await issuer.issue(claims));
    const expected = refused(description) as object;
    expect(answer).toEqual(description === FOR_ANOTHER ? { ...expected, detail } : expected);
  });

  it.each(["dpop+jwt", "logout+jwt", "secevent+jwt", "JWE", ""])("of the type %j is refused", async (typ) => {
    expect(await ask(check(), await issuer.issue({}, { header: { typ } }))).toEqual(refused());
  });

  it.each(["", "a", "a.b", "a.b.c", "a.b.c.d.e", "..", "eyJhbGciOiJub25lIn0..", "ä.ö.ü"])(
    "that is none is refused: %j",
    async (token) => {
      const result = await ask(check(), token === "ä.ö.ü" ? "x.y.z" : token);
      expect(["rejected", "missing"]).toContain(result.kind);
      expect(issuer.requests).toEqual([]);
    },
  );

  it("with another payload under its signature is refused", async () => {
    const [header, , signature] = (await issuer.issue()).split(".");
    const payload = encode({ iss: issuer.issuer, aud: RESOURCE, sub: "eve", exp: secondsFromNow(60) });
    expect(await ask(check(), `${header}.${payload}.${signature}`)).toEqual(refused());
  });

  it("signed with a key that it brings along is refused", async () => {
    const own = await createKey("first");
    for (const header of [{ jwk: own.publicJwk }, { jku: "http://127.0.0.1:1/jwks" }, { x5u: "http://127.0.0.1:1/" }]) {
      expect(await ask(check(), await issuer.issue({}, { key: own, header: header as object }))).toEqual(refused());
    }
  });

  it("that lacks a scope that all need is told which", async () => {
    const authenticator = jwt({ issuer: issuer.issuer, scopes: ["a", "b"] });
    expect(await ask(authenticator, await issuer.issue({ scope: "a" }))).toMatchObject({
      kind: "rejected",
      error: "insufficient_scope",
      scopes: ["a", "b"],
    });
    expect(await ask(authenticator, await issuer.issue({ scope: "b a" }))).toMatchObject({ kind: "accepted" });
  });
});

describe("options", () => {
  it("name an audience, to the letter", async () => {
    const authenticator = jwt({ issuer: issuer.issuer, audience: ["api://notes", "api://old"] });
    expect(await ask(authenticator, await issuer.issue({ aud: "api://old" }))).toMatchObject({ kind: "accepted" });
    expect(await ask(authenticator, await issuer.issue({ aud: "api://notes/" }))).toEqual(refused());
    expect(await ask(authenticator, await issuer.issue())).toEqual(refused());
    expect(authenticator.bindsToResource).toBe(false);
  });

  it("name claims", async () => {
    const claims = { subject: "user.mail", clientId: "app", scopes: "permissions" };
    const authenticator = jwt({ issuer: issuer.issuer, claims });
    const token = await issuer.issue({
      user: { mail: "a@example.com" },
      app: "x",
      permissions: ["a", 7, "b"],
      scope: "c",
    });
    expect(await ask(authenticator, token)).toMatchObject({
      auth: { subject: "a@example.com", clientId: "x", scopes: ["a", "b"] },
    });
  });

  it("allow for clocks that differ", async () => {
    const authenticator = jwt({ issuer: issuer.issuer, clockTolerance: "10s" });
    expect(await ask(authenticator, await issuer.issue({ exp: secondsFromNow(-5) }))).toMatchObject({
      kind: "accepted",
    });
    expect(await ask(authenticator, await issuer.issue({ nbf: secondsFromNow(5) }))).toMatchObject({
      kind: "accepted",
    });
    expect(await ask(authenticator, await issuer.issue({ exp: secondsFromNow(-15) }))).toEqual(refused());
  });

  const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const base = { issuer: "https://login.example.com" };
  it.each<[string, unknown, RegExp]>([
    ["no key", {}, /nothing says how to check tokens.*'issuer'.*jwksUri, jwks, publicKey, secret/],
    ["an unknown option", { ...base, jwksURL: "https://x.example.com" }, /no option 'jwksURL'/],
    ["an option without a value", { ...base, audience: undefined }, /'audience' is undefined/],
    [
      "two keys",
      { ...base, jwksUri: "https://x.example.com", secret: "s".repeat(32) },
      /'jwksUri' and 'secret' exclude each other/,
    ],
    ["an issuer that is no URL", { issuer: "login.example.com" }, /'issuer' must be a URL/],
    ["an empty audience", { ...base, audience: "" }, /'audience' must be/],
    ["no audience in a list", { ...base, audience: [] }, /'audience' must be/],
    ["a file as JWKS", { ...base, jwksUri: "file:///etc/passwd" }, /'jwksUri' must be a URL of HTTP/],
    ["none", { ...base, algorithms: ["none"] }, /"none", which cannot be used/],
    [
      "a secret's algorithm for a public key",
      { publicKey: pem(rsa.publicKey), algorithms: ["RS256", "HS256"] },
      /"HS256".*public key.*could sign/,
    ],
    ["a secret's algorithm for fetched keys", { ...base, algorithms: ["HS512"] }, /"HS512"/],
    [
      "a public key's algorithm for a secret",
      { secret: "s".repeat(32), algorithms: ["RS256"] },
      /"RS256".*with a secret/,
    ],
    ["no algorithm", { ...base, algorithms: [] }, /'algorithms' must be a list/],
    ["a short secret", { secret: "hunter2" }, /7 bytes; a secret has 32 or more/],
    ["a public key as secret", { secret: pem(rsa.publicKey) }, /'secret' is a PEM key/],
    ["a private key", { publicKey: rsa.privateKey.export({ type: "pkcs8", format: "pem" }) }, /is a private key/],
    ["a key of PKCS #1", { publicKey: pem(rsa.publicKey, "pkcs1") }, /PKCS #1.*openssl/],
    ["a text as key", { publicKey: "hunter2" }, /must be PEM text/],
    ["a private JWK", { publicKey: rsa.privateKey.export({ format: "jwk" }) }, /has a private key/],
    ["a secret JWK", { publicKey: { kty: "oct", k: "hunter2" } }, /has a secret/],
    ["a secret in a JWKS", { jwks: { keys: [{ kty: "oct", k: "hunter2" }] } }, /'jwks' has a secret/],
    ["an empty JWKS", { jwks: { keys: [] } }, /'jwks' must be a JWKS/],
    ["a bad scope", { ...base, scopes: ["a b"] }, /"a b" is no scope/],
    ["a bad time", { ...base, clockTolerance: "5 seconds" }, /'clockTolerance' must be a time/],
    ["bad claims", { ...base, claims: { scope: "x" } }, /'claims' must name claims/],
    [
      "bad authorization servers",
      { ...base, authorizationServers: ["login"] },
      /must be a list of URLs, and has "login"/,
    ],
  ])("cannot be: %s", (_, options, pattern) => {
    expect(() => jwt(options as JwtOptions)).toThrow(MethodicError);
    expect(() => jwt(options as JwtOptions)).toThrow(pattern);
    expect(() => jwt(options as JwtOptions)).not.toThrow(/hunter2/);
  });

  it("cannot be seen in the authenticator", () => {
    expect(inspect(jwt({ secret: "hunter2-".repeat(8) }), { depth: 10, showHidden: true })).not.toContain("hunter2");
  });
});

describe("a public key", () => {
  const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const publicPem = pem(rsa.publicKey);
  let key: SigningKey;
  beforeEach(async () => {
    const privateKey = await importPKCS8(String(rsa.privateKey.export({ type: "pkcs8", format: "pem" })), "RS256");
    key = { kid: "x", alg: "RS256", privateKey, publicJwk: {} };
  });

  it.each<[string, JwtOptions["publicKey"]]>([
    ["PEM", publicPem],
    ["PEM with \\n, as in environment variables", publicPem.trim().replaceAll("\n", String.raw`\n`)],
    ["a JWK", rsa.publicKey.export({ format: "jwk" }) as { kty: string }],
  ])("may be %s", async (_, publicKey) => {
    expect(await ask(jwt({ publicKey: publicKey! }), await issuer.issue({}, { key }))).toMatchObject({
      kind: "accepted",
    });
    expect(await ask(jwt({ publicKey: publicKey! }), await issuer.issue())).toEqual(refused());
  });

  it.each(["HS256", "HS384", "HS512"])("is no secret: %s signed with it is refused", async (alg) => {
    const input = `${encode({ alg, typ: "JWT" })}.${encode({ aud: RESOURCE, iss: issuer.issuer, exp: secondsFromNow(60) })}`;
    for (const secret of [publicPem, publicPem.trim(), rsa.publicKey.export({ type: "spki", format: "der" })]) {
      const signature = createHmac(`sha${alg.slice(2)}`, secret)
        .update(input)
        .digest("base64url");
      expect(await ask(jwt({ publicKey: publicPem }), `${input}.${signature}`)).toEqual(refused());
    }
  });

  it.each(["none", "None", "NONE", "nOnE", ""])("is not passed by with %j", async (alg) => {
    const token = `${encode({ alg, typ: "JWT" })}.${encode({ aud: RESOURCE, exp: secondsFromNow(60) })}.`;
    expect(await ask(jwt({ publicKey: publicPem }), token)).toEqual(refused());
  });

  it("is for the algorithms that are allowed", async () => {
    expect(await ask(jwt({ publicKey: publicPem, algorithms: ["RS512"] }), await issuer.issue({}, { key }))).toEqual(
      refused(),
    );
  });

  it("that is broken is told in the log, and to nobody as a bad token", async () => {
    const publicKey = "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----";
    expect(await ask(jwt({ publicKey }), await issuer.issue())).toMatchObject({
      kind: "unavailable",
      detail: expect.stringContaining("'publicKey' is no key for"),
    });
  });
});

describe("a secret", () => {
  it("signs with HS256", async () => {
    const secret = "a-secret-of-more-than-thirty-two-bytes";
    const sign = (alg: string, key: string): string => {
      const input = `${encode({ alg })}.${encode({ aud: RESOURCE, sub: "ada", exp: secondsFromNow(60) })}`;
      return `${input}.${createHmac("sha256", key).update(input).digest("base64url")}`;
    };
    const authenticator = jwt({ secret });
    expect(await ask(authenticator, sign("HS256", secret))).toMatchObject({
      kind: "accepted",
      auth: { subject: "ada" },
    });
    expect(await ask(authenticator, sign("HS256", "another"))).toEqual(refused());
    expect(await ask(authenticator, await issuer.issue())).toEqual(refused());
    expect(authenticator.authorizationServers).toEqual([]);
  });
});

describe("given keys", () => {
  it("are found by their id, or tried one by one", async () => {
    const [a, b, c] = [await createKey("a"), await createKey("b"), await createKey("c")];
    const authenticator = jwt({ jwks: { keys: [a.publicJwk, b.publicJwk] } });
    expect(await ask(authenticator, await issuer.issue({}, { key: b }))).toMatchObject({ kind: "accepted" });
    const header = { kid: undefined as never };
    expect(await ask(authenticator, await issuer.issue({}, { key: b, header }))).toMatchObject({ kind: "accepted" });
    expect(await ask(authenticator, await issuer.issue({}, { key: c, header }))).toEqual(refused());
    expect(await ask(authenticator, await issuer.issue({}, { key: c }))).toEqual(refused());
  });
});

describe("fetched keys", () => {
  const fetches = (): number => issuer.count("/jwks");
  const check = (): ReturnType<typeof jwt> => jwt({ issuer: issuer.issuer, jwksUri: issuer.jwksUri });
  const later = (minutes: number): void => {
    const now = Date.now();
    vi.useFakeTimers({ now: now + minutes * 60_000, toFake: ["Date"] });
  };

  it("are fetched once for many tokens", async () => {
    const authenticator = check();
    expect(fetches()).toBe(0);
    const token = await issuer.issue();
    const results = await Promise.all(Array.from({ length: 20 }, () => ask(authenticator, token)));
    expect(results.every(({ kind }) => kind === "accepted")).toBe(true);
    expect(fetches()).toBe(1);
  });

  it("are fetched again for a token with a new key, and the old ones are gone then", async () => {
    const authenticator = check();
    const old = await issuer.issue();
    await ask(authenticator, old);
    issuer.keys = [await createKey("second")];
    expect(await ask(authenticator, await issuer.issue())).toMatchObject({ kind: "accepted" });
    expect(fetches()).toBe(2);
    expect(await ask(authenticator, old)).toEqual(refused());
  });

  it("are fetched again when a key was replaced under its id", async () => {
    const authenticator = check();
    await ask(authenticator, await issuer.issue());
    issuer.keys = [await createKey("first")];
    expect(await ask(authenticator, await issuer.issue())).toMatchObject({ kind: "accepted" });
  });

  it("are not fetched for every token that somebody made up", async () => {
    const authenticator = check();
    const stranger = await createKey("stranger");
    for (let i = 0; i < 20; i++) {
      const token = await issuer.issue({}, { key: { ...stranger, kid: `stranger-${i}` } });
      expect(await ask(authenticator, token)).toEqual(refused());
    }
    expect(fetches()).toBe(6);
    const nextKey = await createKey("second");
    issuer.keys.push(nextKey);
    expect(await ask(authenticator, await issuer.issue({}, { key: nextKey }))).toEqual(refused());
    later(0.6);
    expect(await ask(authenticator, await issuer.issue({}, { key: nextKey }))).toMatchObject({ kind: "accepted" });
    expect(fetches()).toBe(7);
  });

  it("are fetched again after a while, and one that was withdrawn is refused then", async () => {
    const authenticator = check();
    const token = await issuer.issue();
    await ask(authenticator, token);
    issuer.keys = [await createKey("second")];
    later(9);
    expect(await ask(authenticator, token)).toMatchObject({ kind: "accepted" });
    later(2);
    expect(await ask(authenticator, token)).toEqual(refused());
  });

  it("go on working while they cannot be fetched", async () => {
    const authenticator = check();
    const token = await issuer.issue({ exp: secondsFromNow(100_000) });
    await ask(authenticator, token);
    for (const answer of [{ status: 500 }, { body: "<html>" }, { body: '{"keys":7}' }, { status: 302 }]) {
      issuer.answers.set("/jwks", answer);
      const before = fetches();
      later(11);
      expect(await ask(authenticator, token)).toMatchObject({ kind: "accepted" });
      expect(await ask(authenticator, token)).toMatchObject({ kind: "accepted" });
      // The second did not wait for another try.
      expect(fetches()).toBe(before + 1);
    }
  });

  it("that were never there are no fault of the token", async () => {
    const authenticator = check();
    const token = await issuer.issue();
    issuer.answers.set("/jwks", { status: 500 });
    expect(await ask(authenticator, token)).toEqual({
      kind: "unavailable",
      description: "The keys of the issuer cannot be had.",
      detail: `GET ${issuer.jwksUri}: the answer is 500`,
    });
    issuer.answers.clear();
    expect(await ask(authenticator, token)).toMatchObject({ kind: "accepted" });
  });

  it("are waited for no longer than some seconds", async () => {
    vi.spyOn(AbortSignal, "timeout").mockImplementation(() =>
      AbortSignal.abort(new DOMException("late", "TimeoutError")),
    );
    expect(await ask(check(), await issuer.issue())).toMatchObject({
      kind: "unavailable",
      detail: expect.stringContaining("no answer within 5000 ms"),
    });
    vi.restoreAllMocks();
  });

  it("may not be too many", async () => {
    issuer.answers.set("/jwks", { body: `{"keys":[${'{"kty":"EC"},'.repeat(100_000)}{}]}` });
    expect(await ask(check(), await issuer.issue())).toMatchObject({
      kind: "unavailable",
      detail: expect.stringContaining("longer than"),
    });
  });

  it("come from where the author said, and not from where that points to", async () => {
    issuer.answers.set("/elsewhere", { status: 302, location: issuer.jwksUri });
    const authenticator = jwt({ jwksUri: `${issuer.origin}/elsewhere` });
    expect(await ask(authenticator, await issuer.issue())).toMatchObject({
      kind: "unavailable",
      detail: `GET ${issuer.origin}/elsewhere: the answer is 302`,
    });
    expect(fetches()).toBe(0);
  });

  it("tell nothing of a URL's secrets", async () => {
    const authenticator = jwt({ jwksUri: `${issuer.origin}/nothing?token=hunter2` });
    const result = await ask(authenticator, await issuer.issue());
    expect(result).toMatchObject({ kind: "unavailable", detail: `GET ${issuer.origin}/nothing: the answer is 404` });
  });

  it("are not fetched for tokens of others", async () => {
    await ask(check(), await issuer.issue({ iss: "https://evil.example.com" }));
    await ask(check(), await issuer.issue({}, { header: { typ: "dpop+jwt" } }));
    await ask(check(), `${encode({ alg: "HS256" })}.${encode({ iss: issuer.issuer })}.${encode({})}`);
    expect(fetches()).toBe(0);
  });
});

describe("discovery", () => {
  const OAUTH = "/.well-known/oauth-authorization-server";
  const OPENID = "/.well-known/openid-configuration";

  it("finds the keys by the issuer alone, once, when first needed", async () => {
    const authenticator = jwt({ issuer: issuer.issuer });
    expect(issuer.requests).toEqual([]);
    const token = await issuer.issue();
    await Promise.all([ask(authenticator, token), ask(authenticator, token)]);
    expect(await ask(authenticator, token)).toMatchObject({ kind: "accepted" });
    expect(issuer.requests).toEqual([`GET ${OAUTH}`, "GET /jwks"]);
    expect(authenticator.authorizationServers).toEqual([issuer.issuer]);
  });

  it.each(["/tenant", "/realms/notes"])("looks in all places for the issuer %s", async (path) => {
    const tenant = await AuthorizationServer.start(path);
    const token = await tenant.issue();
    expect(await ask(jwt({ issuer: tenant.issuer }), token)).toMatchObject({ kind: "accepted" });
    tenant.answers.set(OAUTH + path, { status: 404 });
    tenant.answers.set(path + OPENID, { body: JSON.stringify(tenant.metadata) });
    tenant.requests.length = 0;
    expect(await ask(jwt({ issuer: tenant.issuer }), token)).toMatchObject({ kind: "accepted" });
    expect(tenant.requests).toEqual([
      `GET ${OAUTH}${path}`,
      `GET ${OPENID}${path}`,
      `GET ${path}${OPENID}`,
      "GET /jwks",
    ]);
    await tenant.close();
  });

  it("keeps the slash at the end of an issuer's name", async () => {
    const named = `${issuer.issuer}/`;
    issuer.answers.set(OAUTH, { body: JSON.stringify({ ...issuer.metadata, issuer: named }) });
    expect(await ask(jwt({ issuer: named }), await issuer.issue({ iss: named }))).toMatchObject({ kind: "accepted" });
  });

  it("does not take one server's word for another", async () => {
    for (const metadata of [
      { issuer: "https://evil.example.com" },
      { issuer: `${issuer.issuer}/` },
      { jwks_uri: "file:///x" },
      { jwks_uri: undefined },
    ]) {
      issuer.answers.set(OAUTH, { body: JSON.stringify({ ...issuer.metadata, ...metadata }) });
      expect(await ask(jwt({ issuer: issuer.issuer }), await issuer.issue())).toMatchObject({ kind: "unavailable" });
    }
    expect(issuer.count("/jwks")).toBe(0);
  });

  it("looks again when the keys have moved", async () => {
    const authenticator = jwt({ issuer: issuer.issuer });
    await ask(authenticator, await issuer.issue());
    issuer.answers.set("/jwks", { status: 404 });
    const moved = await createKey("second");
    issuer.answers.set("/keys", { body: JSON.stringify({ keys: [moved.publicJwk] }) });
    issuer.answers.set(OAUTH, { body: JSON.stringify({ ...issuer.metadata, jwks_uri: `${issuer.origin}/keys` }) });
    const token = await issuer.issue({}, { key: moved });
    expect(await ask(authenticator, token)).toMatchObject({ kind: "accepted" });
  });
});

describe("several issuers", () => {
  it("are told apart, and asked only for their own", async () => {
    const other = await AuthorizationServer.start();
    const authenticator = anyOf(jwt({ issuer: issuer.issuer }), jwt({ issuer: other.issuer }));
    expect(await ask(authenticator, await other.issue({ sub: "bob" }))).toMatchObject({
      kind: "accepted",
      auth: { subject: "bob" },
    });
    expect(issuer.requests).toEqual([]);
    const forged = await other.issue({ iss: issuer.issuer });
    expect(await ask(authenticator, forged)).toEqual(refused());
    await other.close();
  });
});
