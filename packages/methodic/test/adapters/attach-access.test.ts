import { type AuthInfo, createMcpHandler, McpServer } from "@modelcontextprotocol/server";
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { attachToSdkV2 } from "../../src/adapters/sdk-v2.ts";
import { apiKey, requireRoles, requireScopes } from "../../src/auth/index.ts";
import { type Context, createServer, type ServerOptions, tool } from "../../src/index.ts";
import { defineService } from "../fixtures/service.ts";

class Vault {
  open(): string {
    return "open";
  }

  write(): string {
    return "written";
  }

  whoAmI({ auth }: Context): string {
    return JSON.stringify(auth ?? null);
  }
}
defineService(Vault, {
  open: { as: tool({ auth: requireRoles("keeper") }) },
  write: { as: tool({ auth: requireScopes("vault:write") }) },
  whoAmI: { as: tool(), contextIndex: 0 },
});

const KEEPER: AuthInfo = {
  token: "secret",
  clientId: "app",
  scopes: ["vault:write"],
  expiresAt: 4_000_000_000,
  extra: { sub: "ada", roles: ["keeper"], iss: "https://issuer.example" },
};
const GUEST: AuthInfo = { token: "secret", clientId: "app", scopes: [], extra: { sub: "eve" } };

/** Connects a caller that the SDK's entry has authenticated. */
async function connect(authInfo: AuthInfo | undefined, options: Partial<ServerOptions> = {}): Promise<Client> {
  const vault = createServer({ name: "vault", version: "1", services: [Vault], ...options });
  const handler = createMcpHandler(() => {
    const server = new McpServer({ name: "sdk-server", version: "1" });
    server.registerTool("own", {}, () => ({ content: [] }));
    attachToSdkV2(server, vault);
    return server;
  });
  const client = new Client({ name: "c", version: "1" }, { versionNegotiation: { mode: { pin: "2026-07-28" } } });
  await client.connect(
    new StreamableHTTPClientTransport(new URL("http://localhost/mcp"), {
      fetch: (url, init) => handler.fetch(new Request(url, init), authInfo ? { authInfo } : {}),
    }),
  );
  return client;
}

const namesOf = async (client: Client): Promise<readonly string[]> =>
  (await client.listTools()).tools.map(({ name }) => name);

beforeEach(() => void vi.spyOn(console, "error").mockImplementation(() => undefined));
afterEach(() => void vi.restoreAllMocks());

describe("The callers of attached components", () => {
  it("are those that the SDK's entry has authenticated, without their tokens", async () => {
    const client = await connect(KEEPER);
    const { content } = await client.callTool({ name: "whoAmI" });
    expect(JSON.parse((content[0] as { text: string }).text)).toEqual({
      subject: "ada",
      clientId: "app",
      scopes: ["vault:write"],
      expiresAt: 4_000_000_000,
      claims: { roles: ["keeper"], iss: "https://issuer.example" },
    });
  });

  it("see and use the components that access rules allow them", async () => {
    expect(await namesOf(await connect(KEEPER))).toEqual(["own", "open", "write", "whoAmI"]);
    const guest = await connect(GUEST);
    expect(await namesOf(guest)).toEqual(["own", "whoAmI"]);
    await expect(guest.callTool({ name: "open" })).rejects.toThrow('Unknown tool: "open"');
    const unknown = await connect(undefined);
    expect(await namesOf(unknown)).toEqual(["own", "whoAmI"]);
  });

  it("are told which scopes they lack by the SDK's entry", async () => {
    const guest = await connect(GUEST);
    await expect(guest.callTool({ name: "write" })).rejects.toThrow(/insufficient|403|scope/i);
  });

  it("see no attached component if the server's own rules refuse them", async () => {
    const auth = requireRoles("keeper");
    expect(await namesOf(await connect(KEEPER, { auth }))).toEqual(["own", "open", "write", "whoAmI"]);
    const guest = await connect(GUEST, { auth });
    expect(await namesOf(guest)).toEqual(["own"]);
    await expect(guest.callTool({ name: "whoAmI" })).rejects.toThrow("Tool whoAmI not found");
  });

  it("see no attached component without authentication, if the server has an authenticator", async () => {
    const auth = apiKey({ keys: ["a-key-that-is-long-enough-for-this"] });
    expect(await namesOf(await connect(undefined, { auth }))).toEqual(["own"]);
    expect(await namesOf(await connect(GUEST, { auth }))).toEqual(["own", "whoAmI"]);
  });
});
