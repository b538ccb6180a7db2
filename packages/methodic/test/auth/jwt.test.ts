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

function authenticate(authenticator: ReturnType<typeof jwt>, token: string, resource = RESOURCE): Promise<AuthResult> {
  const headers = new Headers({ authorization: `Bearer ${token}` });
  return authenticator.authenticate({ method: "POST", url: resource, headers }, resource);
}

const rejected = (description: unknown = expect.any(String)): unknown => ({
  kind: "rejected",
  error: "invalid_token",
  description,
});
const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
const pem = (key: KeyObject, type: "spki" | "pkcs1" = "spki"): string =>
  String(key.export({ type: type as "spki", format: "pem" }));

describe("jwt", () => {
  const create = (): ReturnType<typeof jwt> => jwt({ issuer: issuer.issuer, jwksUri: issuer.jwksUri });

  it("accepts the caller of a valid token", async () => {
    const token = await issuer.issue({ scope: "notes:read notes:write", roles: ["admin"] });
    const result = await authenticate(create(), token);
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
    ["scp as a string (Entra ID)", { scp: "a b", azp: "app" }, { scopes: ["a", "b"] }],
    ["scp as a list (Okta)", { scp: ["a", "b"], cid: "app" }, { scopes: ["a", "b"] }],
    ["no scopes", {}, { scopes: [] }],
    ["azp (Keycloak)", { azp: "app", client_id: undefined }, { clientId: "app" }],
    ["an audience among several", { aud: ["account", RESOURCE] }, { subject: "ada" }],
    ["an audience that ends with a slash", { aud: `${RESOURCE}/` }, { subject: "ada" }],
    ["an iat slightly in the future", { iat: secondsFromNow(30) }, { subject: "ada" }],
  ])("accepts a token with %s", async (_, claims, auth) => {
    expect(await authenticate(create(), await issuer.issue({ ...claims }))).toMatchObject({ kind: "accepted", auth });
  });

  it.each(["JWT", "jwt", "at+jwt", "application/at+jwt", undefined])("accepts a token of type %s", async (typ) => {
    const token = await issuer.issue({}, { header: typ === undefined ? { typ: undefined as never } : { typ } });
    expect(await authenticate(create(), token)).toMatchObject({ kind: "accepted" });
  });

  const EXPIRED = "The credentials have expired.";
  const WRONG_AUDIENCE = "The access token was not issued for this server.";
  const NOT_YET_VALID = "The access token is not valid yet.";
  it.each<[string, { readonly [claim: string]: unknown }, string?]>([
    ["an expired token", { exp: secondsFromNow(-1) }, EXPIRED],
    ["a token that expires now", { exp: secondsFromNow(0) }, EXPIRED],
    ["a token without exp", { exp: undefined }],
    ["a token whose exp is a string", { exp: "9999999999" }],
    ["a token before its nbf", { nbf: secondsFromNow(60) }, NOT_YET_VALID],
    ["a token whose iat is in the future", { iat: secondsFromNow(3600) }, NOT_YET_VALID],
    ["a token of another issuer", { iss: "https://evil.example.com" }],
    ["a token whose iss has an additional slash", { iss: "http://127.0.0.1/" }],
    ["a token without iss", { iss: undefined }],
    ["a token for another server", { aud: "http://localhost/other" }, WRONG_AUDIENCE],
    ["a token for another server of the same origin", { aud: "http://localhost" }, WRONG_AUDIENCE],
    ["a token for a URL with the same prefix", { aud: `${RESOURCE}2` }, WRONG_AUDIENCE],
    ["a token without aud", { aud: undefined }, WRONG_AUDIENCE],
    ["a token with an empty aud", { aud: [] }, WRONG_AUDIENCE],
    ["a token whose aud is an object", { aud: { [RESOURCE]: true } }, WRONG_AUDIENCE],
  ])("rejects %s", async (_, claims, description) => {
    // The log names the URL that the server has for itself; callers do not see it.
    const detail = expect.stringContaining(`but this server's URL is "${RESOURCE}". If both mean this`) as string;
    const result = await authenticate(create(), await issuer.issue(claims));
    const expected = rejected(description) as object;
    expect(result).toEqual(description === WRONG_AUDIENCE ? { ...expected, detail } : expected);
  });

  it.each(["dpop+jwt", "logout+jwt", "secevent+jwt", "JWE", ""])("rejects a token of type %j", async (typ) => {
    expect(await authenticate(create(), await issuer.issue({}, { header: { typ } }))).toEqual(rejected());
  });

  it.each(["", "a", "a.b", "a.b.c", "a.b.c.d.e", "..", "eyJhbGciOiJub25lIn0..", "ä.ö.ü"])(
    "rejects %j, which is not a JWT, without a request to the issuer",
    async (token) => {
      const result = await authenticate(create(), token === "ä.ö.ü" ? "x.y.z" : token);
      expect(["rejected", "missing"]).toContain(result.kind);
      expect(issuer.requests).toEqual([]);
    },
  );

  it("rejects a token whose payload was replaced", async () => {
    const [header, , signature] = (await issuer.issue()).split(".");
    const payload = encode({ iss: issuer.issuer, aud: RESOURCE, sub: "eve", exp: secondsFromNow(60) });
    expect(await authenticate(create(), `${header}.${payload}.${signature}`)).toEqual(rejected());
  });

  it("rejects a token signed with a key that the token names", async () => {
    const own = await createKey("first");
    for (const header of [{ jwk: own.publicJwk }, { jku: "http://127.0.0.1:1/jwks" }, { x5u: "http://127.0.0.1:1/" }]) {
      expect(await authenticate(create(), await issuer.issue({}, { key: own, header: header as object }))).toEqual(
        rejected(),
      );
    }
  });

  it("names all required scopes if the token lacks one", async () => {
    const authenticator = jwt({ issuer: issuer.issuer, scopes: ["a", "b"] });
    expect(await authenticate(authenticator, await issuer.issue({ scope: "a" }))).toMatchObject({
      kind: "rejected",
      error: "insufficient_scope",
      scopes: ["a", "b"],
    });
    expect(await authenticate(authenticator, await issuer.issue({ scope: "b a" }))).toMatchObject({ kind: "accepted" });
  });
});

describe("the options of jwt", () => {
  it("require the exact audience", async () => {
    const authenticator = jwt({ issuer: issuer.issuer, audience: ["api://notes", "api://old"] });
    expect(await authenticate(authenticator, await issuer.issue({ aud: "api://old" }))).toMatchObject({
      kind: "accepted",
    });
    expect(await authenticate(authenticator, await issuer.issue({ aud: "api://notes/" }))).toEqual(rejected());
    expect(await authenticate(authenticator, await issuer.issue())).toEqual(rejected());
    expect(authenticator.bindsToResource).toBe(false);
  });

  it("name the claims for subject, client and scopes", async () => {
    const claims = { subject: "user.mail", clientId: "app", scopes: "permissions" };
    const authenticator = jwt({ issuer: issuer.issuer, claims });
    const token = await issuer.issue({
      user: { mail: "a@example.com" },
      app: "x",
      permissions: ["a", 7, "b"],
      scope: "c",
    });
    expect(await authenticate(authenticator, token)).toMatchObject({
      auth: { subject: "a@example.com", clientId: "x", scopes: ["a", "b"] },
    });
  });

  it("tolerate clocks that differ", async () => {
    const authenticator = jwt({ issuer: issuer.issuer, clockTolerance: "10s" });
    expect(await authenticate(authenticator, await issuer.issue({ exp: secondsFromNow(-5) }))).toMatchObject({
      kind: "accepted",
    });
    expect(await authenticate(authenticator, await issuer.issue({ nbf: secondsFromNow(5) }))).toMatchObject({
      kind: "accepted",
    });
    expect(await authenticate(authenticator, await issuer.issue({ exp: secondsFromNow(-15) }))).toEqual(rejected());
  });

  const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const base = { issuer: "https://login.example.com" };
  it.each<[string, unknown, RegExp]>([
    ["no key", {}, /no key to verify tokens with\. Pass 'issuer', or one of jwksUri, jwks, publicKey, secret\./],
    [
      "an unknown option",
      { ...base, jwksURL: "https://x.example.com" },
      /unknown option 'jwksURL'\. Did you mean "jwksUri"/,
    ],
    [
      "an undefined option",
      { ...base, audience: undefined },
      /'audience': undefined\. Give it a value, or leave it out\./,
    ],
    [
      "two keys",
      { ...base, jwksUri: "https://x.example.com", secret: "s".repeat(32) },
      /'jwksUri' and 'secret' are mutually exclusive/,
    ],
    [
      "an issuer that is not a URL",
      { issuer: "login.example.com" },
      /'issuer': "login\.example\.com"\. It must be an htt/,
    ],
    ["an empty audience", { ...base, audience: "" }, /invalid option 'audience': ""/],
    ["an empty list of audiences", { ...base, audience: [] }, /invalid option 'audience': an empty array/],
    ["a file as jwksUri", { ...base, jwksUri: "file:///etc/passwd" }, /'jwksUri': .* It must be an https or http URL/],
    [
      "the algorithm none",
      { ...base, algorithms: ["none"] },
      /'algorithms': "none"\. It cannot be used with a public key/,
    ],
    [
      "a symmetric algorithm for a public key",
      { publicKey: pem(rsa.publicKey), algorithms: ["RS256", "HS256"] },
      /"HS256".*public key.*could sign/,
    ],
    ["a symmetric algorithm for fetched keys", { ...base, algorithms: ["HS512"] }, /"HS512"/],
    [
      "an asymmetric algorithm for a secret",
      { secret: "s".repeat(32), algorithms: ["RS256"] },
      /"RS256".*with a secret/,
    ],
    ["an empty list of algorithms", { ...base, algorithms: [] }, /'algorithms': an empty array/],
    ["a short secret", { secret: "hunter2" }, /'secret'\. It has 7 bytes; a secret needs at least 32\./],
    ["a number as secret", { secret: 7 }, /'secret'\. It must be a string or a Uint8Array\./],
    ["a public key as secret", { secret: pem(rsa.publicKey) }, /'secret'\. It is a PEM key/],
    ["a private key", { publicKey: rsa.privateKey.export({ type: "pkcs8", format: "pem" }) }, /is a private key/],
    ["a PKCS #1 key", { publicKey: pem(rsa.publicKey, "pkcs1") }, /PKCS #1.*openssl/],
    ["a public key that is not PEM text", { publicKey: "hunter2" }, /'publicKey'\. It must be a public key: PEM text/],
    ["a number as public key", { publicKey: 7 }, /'publicKey'\. It must be a public key: PEM text/],
    ["a private JWK", { publicKey: rsa.privateKey.export({ format: "jwk" }) }, /'publicKey'\. It is a private key/],
    ["a secret JWK", { publicKey: { kty: "oct", k: "hunter2" } }, /'publicKey'\. It is a secret/],
    ["a secret in a JWKS", { jwks: { keys: [{ kty: "oct", k: "hunter2" }] } }, /'jwks\.keys\[0\]'\. It is a secret/],
    ["an empty JWKS", { jwks: { keys: [] } }, /'jwks'\. It must be a JWKS/],
    ["an invalid scope", { ...base, scopes: ["a b"] }, /'scopes\[0\]': "a b"\. It must be a scope/],
    ["an invalid clockTolerance", { ...base, clockTolerance: "5 seconds" }, /'clockTolerance': "5 seconds"/],
    [
      "an unknown claim name",
      { ...base, claims: { scope: "x" } },
      /unknown option 'claims\.scope'\. Did you mean "scopes"/,
    ],
    ["an undefined claim name", { ...base, claims: { scopes: undefined } }, /'claims\.scopes': undefined/],
    [
      "an authorization server that is not a URL",
      { ...base, authorizationServers: ["login"] },
      /'authorizationServers\[0\]': "login"/,
    ],
    ["a secret in place of the options", "hunter2", /^jwt: invalid options\. Pass an object with issuer, audience/],
  ])("must not have %s", (_, options, pattern) => {
    expect(() => jwt(options as JwtOptions)).toThrow(MethodicError);
    expect(() => jwt(options as JwtOptions)).toThrow(pattern);
    expect(() => jwt(options as JwtOptions)).not.toThrow(/hunter2/);
  });

  it("keep the secret out of the authenticator's visible properties", () => {
    expect(inspect(jwt({ secret: "hunter2-".repeat(8) }), { depth: 10, showHidden: true })).not.toContain("hunter2");
  });
});

describe("jwt with a public key", () => {
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
  ])("accepts %s", async (_, publicKey) => {
    expect(await authenticate(jwt({ publicKey: publicKey! }), await issuer.issue({}, { key }))).toMatchObject({
      kind: "accepted",
    });
    expect(await authenticate(jwt({ publicKey: publicKey! }), await issuer.issue())).toEqual(rejected());
  });

  it.each(["HS256", "HS384", "HS512"])("rejects a %s signature made with the public key as secret", async (alg) => {
    const input = `${encode({ alg, typ: "JWT" })}.${encode({ aud: RESOURCE, iss: issuer.issuer, exp: secondsFromNow(60) })}`;
    for (const secret of [publicPem, publicPem.trim(), rsa.publicKey.export({ type: "spki", format: "der" })]) {
      const signature = createHmac(`sha${alg.slice(2)}`, secret)
        .update(input)
        .digest("base64url");
      expect(await authenticate(jwt({ publicKey: publicPem }), `${input}.${signature}`)).toEqual(rejected());
    }
  });

  it.each(["none", "None", "NONE", "nOnE", ""])("rejects an unsigned token with the algorithm %j", async (alg) => {
    const token = `${encode({ alg, typ: "JWT" })}.${encode({ aud: RESOURCE, exp: secondsFromNow(60) })}.`;
    expect(await authenticate(jwt({ publicKey: publicPem }), token)).toEqual(rejected());
  });

  it("rejects an algorithm that the options do not allow", async () => {
    expect(
      await authenticate(jwt({ publicKey: publicPem, algorithms: ["RS512"] }), await issuer.issue({}, { key })),
    ).toEqual(rejected());
  });

  it("reports a malformed key in the log, not as an invalid token", async () => {
    const publicKey = "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----";
    expect(await authenticate(jwt({ publicKey }), await issuer.issue())).toMatchObject({
      kind: "unavailable",
      detail: expect.stringContaining("'publicKey' is not a key for"),
    });
  });
});

describe("jwt with a secret", () => {
  it("accepts tokens signed with HS256 and that secret only", async () => {
    const secret = "a-secret-of-more-than-thirty-two-bytes";
    const sign = (alg: string, key: string): string => {
      const input = `${encode({ alg })}.${encode({ aud: RESOURCE, sub: "ada", exp: secondsFromNow(60) })}`;
      return `${input}.${createHmac("sha256", key).update(input).digest("base64url")}`;
    };
    const authenticator = jwt({ secret });
    expect(await authenticate(authenticator, sign("HS256", secret))).toMatchObject({
      kind: "accepted",
      auth: { subject: "ada" },
    });
    expect(await authenticate(authenticator, sign("HS256", "another"))).toEqual(rejected());
    expect(await authenticate(authenticator, await issuer.issue())).toEqual(rejected());
    expect(authenticator.authorizationServers).toEqual([]);
  });
});

describe("jwt with a JWKS", () => {
  it("finds the key by its ID, or tries each key", async () => {
    const [a, b, c] = [await createKey("a"), await createKey("b"), await createKey("c")];
    const authenticator = jwt({ jwks: { keys: [a.publicJwk, b.publicJwk] } });
    expect(await authenticate(authenticator, await issuer.issue({}, { key: b }))).toMatchObject({ kind: "accepted" });
    const header = { kid: undefined as never };
    expect(await authenticate(authenticator, await issuer.issue({}, { key: b, header }))).toMatchObject({
      kind: "accepted",
    });
    expect(await authenticate(authenticator, await issuer.issue({}, { key: c, header }))).toEqual(rejected());
    expect(await authenticate(authenticator, await issuer.issue({}, { key: c }))).toEqual(rejected());
  });
});

describe("jwt with fetched keys", () => {
  const fetches = (): number => issuer.count("/jwks");
  const create = (): ReturnType<typeof jwt> => jwt({ issuer: issuer.issuer, jwksUri: issuer.jwksUri });
  const advanceTime = (minutes: number): void => {
    const now = Date.now();
    vi.useFakeTimers({ now: now + minutes * 60_000, toFake: ["Date"] });
  };

  it("fetches the keys once for many tokens", async () => {
    const authenticator = create();
    expect(fetches()).toBe(0);
    const token = await issuer.issue();
    const results = await Promise.all(Array.from({ length: 20 }, () => authenticate(authenticator, token)));
    expect(results.every(({ kind }) => kind === "accepted")).toBe(true);
    expect(fetches()).toBe(1);
  });

  it("fetches the keys again for a token with a new key, and drops the old ones", async () => {
    const authenticator = create();
    const old = await issuer.issue();
    await authenticate(authenticator, old);
    issuer.keys = [await createKey("second")];
    expect(await authenticate(authenticator, await issuer.issue())).toMatchObject({ kind: "accepted" });
    expect(fetches()).toBe(2);
    expect(await authenticate(authenticator, old)).toEqual(rejected());
  });

  it("fetches the keys again if a key was replaced under its ID", async () => {
    const authenticator = create();
    await authenticate(authenticator, await issuer.issue());
    issuer.keys = [await createKey("first")];
    expect(await authenticate(authenticator, await issuer.issue())).toMatchObject({ kind: "accepted" });
  });

  it("limits how often forged tokens cause a fetch", async () => {
    const authenticator = create();
    const stranger = await createKey("stranger");
    for (let i = 0; i < 20; i++) {
      const token = await issuer.issue({}, { key: { ...stranger, kid: `stranger-${i}` } });
      expect(await authenticate(authenticator, token)).toEqual(rejected());
    }
    expect(fetches()).toBe(6);
    const nextKey = await createKey("second");
    issuer.keys.push(nextKey);
    expect(await authenticate(authenticator, await issuer.issue({}, { key: nextKey }))).toEqual(rejected());
    advanceTime(0.6);
    expect(await authenticate(authenticator, await issuer.issue({}, { key: nextKey }))).toMatchObject({
      kind: "accepted",
    });
    expect(fetches()).toBe(7);
  });

  it("rejects a withdrawn key once the cached keys are too old", async () => {
    const authenticator = create();
    const token = await issuer.issue();
    await authenticate(authenticator, token);
    issuer.keys = [await createKey("second")];
    advanceTime(9);
    expect(await authenticate(authenticator, token)).toMatchObject({ kind: "accepted" });
    advanceTime(2);
    expect(await authenticate(authenticator, token)).toEqual(rejected());
  });

  it("keeps the cached keys while fetching fails", async () => {
    const authenticator = create();
    const token = await issuer.issue({ exp: secondsFromNow(100_000) });
    await authenticate(authenticator, token);
    for (const answer of [{ status: 500 }, { body: "<html>" }, { body: '{"keys":7}' }, { status: 302 }]) {
      issuer.answers.set("/jwks", answer);
      const before = fetches();
      advanceTime(11);
      expect(await authenticate(authenticator, token)).toMatchObject({ kind: "accepted" });
      expect(await authenticate(authenticator, token)).toMatchObject({ kind: "accepted" });
      // The second token caused no other fetch.
      expect(fetches()).toBe(before + 1);
    }
  });

  it("reports unavailable keys, not an invalid token, if no keys are cached", async () => {
    const authenticator = create();
    const token = await issuer.issue();
    issuer.answers.set("/jwks", { status: 500 });
    expect(await authenticate(authenticator, token)).toEqual({
      kind: "unavailable",
      description: "The issuer's keys are not available.",
      detail: `GET ${issuer.jwksUri}: the response status is 500`,
    });
    issuer.answers.clear();
    expect(await authenticate(authenticator, token)).toMatchObject({ kind: "accepted" });
  });

  it("stops waiting for the keys after a few seconds", async () => {
    vi.spyOn(AbortSignal, "timeout").mockImplementation(() =>
      AbortSignal.abort(new DOMException("late", "TimeoutError")),
    );
    expect(await authenticate(create(), await issuer.issue())).toMatchObject({
      kind: "unavailable",
      detail: expect.stringContaining("no response within 5000 ms"),
    });
    vi.restoreAllMocks();
  });

  it("bounds the size of a JWKS", async () => {
    issuer.answers.set("/jwks", { body: `{"keys":[${'{"kty":"EC"},'.repeat(100_000)}{}]}` });
    expect(await authenticate(create(), await issuer.issue())).toMatchObject({
      kind: "unavailable",
      detail: expect.stringContaining("longer than"),
    });
  });

  it("does not follow redirects to keys", async () => {
    issuer.answers.set("/elsewhere", { status: 302, location: issuer.jwksUri });
    const authenticator = jwt({ jwksUri: `${issuer.origin}/elsewhere` });
    expect(await authenticate(authenticator, await issuer.issue())).toMatchObject({
      kind: "unavailable",
      detail: `GET ${issuer.origin}/elsewhere: the response status is 302`,
    });
    expect(fetches()).toBe(0);
  });

  it("keeps the query of the JWKS URL out of the log", async () => {
    const authenticator = jwt({ jwksUri: `${issuer.origin}/nothing?token=hunter2` });
    const result = await authenticate(authenticator, await issuer.issue());
    expect(result).toMatchObject({
      kind: "unavailable",
      detail: `GET ${issuer.origin}/nothing: the response status is 404`,
    });
  });

  it("does not fetch keys for a token that is invalid anyway", async () => {
    await authenticate(create(), await issuer.issue({ iss: "https://evil.example.com" }));
    await authenticate(create(), await issuer.issue({}, { header: { typ: "dpop+jwt" } }));
    await authenticate(create(), `${encode({ alg: "HS256" })}.${encode({ iss: issuer.issuer })}.${encode({})}`);
    expect(fetches()).toBe(0);
  });
});

describe("jwt discovery", () => {
  const OAUTH = "/.well-known/oauth-authorization-server";
  const OPENID = "/.well-known/openid-configuration";

  it("finds the keys through the issuer, once, when the first token arrives", async () => {
    const authenticator = jwt({ issuer: issuer.issuer });
    expect(issuer.requests).toEqual([]);
    const token = await issuer.issue();
    await Promise.all([authenticate(authenticator, token), authenticate(authenticator, token)]);
    expect(await authenticate(authenticator, token)).toMatchObject({ kind: "accepted" });
    expect(issuer.requests).toEqual([`GET ${OAUTH}`, "GET /jwks"]);
    expect(authenticator.authorizationServers).toEqual([issuer.issuer]);
  });

  it.each(["/tenant", "/realms/notes"])("tries all metadata URLs of the issuer %s", async (path) => {
    const tenant = await AuthorizationServer.start(path);
    const token = await tenant.issue();
    expect(await authenticate(jwt({ issuer: tenant.issuer }), token)).toMatchObject({ kind: "accepted" });
    tenant.answers.set(OAUTH + path, { status: 404 });
    tenant.answers.set(path + OPENID, { body: JSON.stringify(tenant.metadata) });
    tenant.requests.length = 0;
    expect(await authenticate(jwt({ issuer: tenant.issuer }), token)).toMatchObject({ kind: "accepted" });
    expect(tenant.requests).toEqual([
      `GET ${OAUTH}${path}`,
      `GET ${OPENID}${path}`,
      `GET ${path}${OPENID}`,
      "GET /jwks",
    ]);
    await tenant.close();
  });

  it("keeps a trailing slash of the issuer", async () => {
    const named = `${issuer.issuer}/`;
    issuer.answers.set(OAUTH, { body: JSON.stringify({ ...issuer.metadata, issuer: named }) });
    expect(await authenticate(jwt({ issuer: named }), await issuer.issue({ iss: named }))).toMatchObject({
      kind: "accepted",
    });
  });

  it("rejects metadata of another issuer, or without a usable jwks_uri", async () => {
    for (const metadata of [
      { issuer: "https://evil.example.com" },
      { issuer: `${issuer.issuer}/` },
      { jwks_uri: "file:///x" },
      { jwks_uri: undefined },
    ]) {
      issuer.answers.set(OAUTH, { body: JSON.stringify({ ...issuer.metadata, ...metadata }) });
      expect(await authenticate(jwt({ issuer: issuer.issuer }), await issuer.issue())).toMatchObject({
        kind: "unavailable",
      });
    }
    expect(issuer.count("/jwks")).toBe(0);
  });

  it("reads the metadata again if the keys have moved", async () => {
    const authenticator = jwt({ issuer: issuer.issuer });
    await authenticate(authenticator, await issuer.issue());
    issuer.answers.set("/jwks", { status: 404 });
    const moved = await createKey("second");
    issuer.answers.set("/keys", { body: JSON.stringify({ keys: [moved.publicJwk] }) });
    issuer.answers.set(OAUTH, { body: JSON.stringify({ ...issuer.metadata, jwks_uri: `${issuer.origin}/keys` }) });
    const token = await issuer.issue({}, { key: moved });
    expect(await authenticate(authenticator, token)).toMatchObject({ kind: "accepted" });
  });
});

describe("anyOf with two issuers", () => {
  it("asks only the issuer that a token names", async () => {
    const other = await AuthorizationServer.start();
    const authenticator = anyOf(jwt({ issuer: issuer.issuer }), jwt({ issuer: other.issuer }));
    expect(await authenticate(authenticator, await other.issue({ sub: "bob" }))).toMatchObject({
      kind: "accepted",
      auth: { subject: "bob" },
    });
    expect(issuer.requests).toEqual([]);
    const forged = await other.issue({ iss: issuer.issuer });
    expect(await authenticate(authenticator, forged)).toEqual(rejected());
    await other.close();
  });
});
