import { generateKeyPairSync, sign } from "node:crypto";
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { Client as LegacyClient } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport as LegacyHttp } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { describe, expect, test } from "vitest";
import { serveBundle } from "./serve-bundle.ts";
import { isInstalled, WEB_RUNTIMES } from "./web-runtime.ts";

const issuer = "https://login.example.com";
const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });

const SERVER = `import { createServer } from "methodic";
import { anyOf, apiKey, jwt, requireScopes } from "methodic/auth";
import { Notes } from "./notes.ts";

export default createServer({
  name: "notes",
  version: "1.0.0",
  naming: "snake_case",
  services: [Notes],
  auth: [
    anyOf(
      apiKey({ keys: [{ name: "ci", key: "key-of-ci", scopes: ["notes"] }] }),
      jwt({ issuer: ${JSON.stringify(issuer)}, audience: "api://notes", publicKey: ${JSON.stringify(publicKey.export({ type: "spki", format: "pem" }))} }),
    ),
    requireScopes("notes"),
  ],
});
`;

function issueToken(scope: string, secondsLeft = 60): string {
  const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  const exp = Math.floor(Date.now() / 1000) + secondsLeft;
  const input = `${encode({ alg: "RS256", typ: "at+jwt" })}.${encode({ iss: issuer, aud: "api://notes", sub: "ada", scope, exp })}`;
  return `${input}.${sign("sha256", Buffer.from(input), privateKey).toString("base64url")}`;
}

const bearing = (token: string): { readonly headers: { readonly authorization: string } } => ({
  headers: { authorization: `Bearer ${token}` },
});

async function statusFor(url: URL, token: string): Promise<number> {
  const response = await fetch(url, {
    method: "POST",
    headers: {
      ...bearing(token).headers,
      "content-type": "application/json",
      accept: "application/json, text/event-stream",
    },
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/list" }),
  });
  await response.body?.cancel();
  return response.status;
}

async function expectToAskWhoCalls(url: URL): Promise<void> {
  const modern = new Client(
    { name: "test", version: "1.0.0" },
    { versionNegotiation: { mode: { pin: "2026-07-28" } } },
  );
  await modern.connect(new StreamableHTTPClientTransport(url, { requestInit: bearing(issueToken("notes")) }));
  expect((await modern.listTools()).tools.map(({ name }) => name)).toEqual(["add_note"]);
  await modern.close();
  const legacy = new LegacyClient({ name: "test", version: "1.0.0" });
  await legacy.connect(new LegacyHttp(url, { requestInit: { headers: { "x-api-key": "key-of-ci" } } }) as never);
  expect((await legacy.listTools()).tools.map(({ name }) => name)).toEqual(["add_note"]);
  await legacy.close();
  const [header, payload] = issueToken("notes").split(".");
  expect({
    forged: await statusFor(url, `${header}.${payload}.${issueToken("other").split(".")[2]}`),
    expired: await statusFor(url, issueToken("notes", -1)),
    weak: await statusFor(url, issueToken("other")),
    wrongKey: await statusFor(url, "key-of-c"),
  }).toEqual({ forged: 401, expired: 401, weak: 403, wrongKey: 401 });
  const metadata = await fetch(new URL("/.well-known/oauth-protected-resource/mcp", url));
  expect(await metadata.json()).toMatchObject({ resource: url.href, authorization_servers: [issuer] });
}

describe.each(WEB_RUNTIMES)("a bundle for $name", (runtime) => {
  // The runtimes are optional dependencies of the workspace, which npm has for this platform only.
  test.skipIf(!isInstalled(runtime))("lets in who may", async () => {
    await using server = await serveBundle(runtime, { server: SERVER });
    await expectToAskWhoCalls(server.url);
  });
});
