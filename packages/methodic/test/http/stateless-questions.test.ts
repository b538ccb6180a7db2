import {
  Client,
  SSEClientTransport,
  StreamableHTTPClientTransport,
  type Transport,
} from "@modelcontextprotocol/client";
import { afterEach, beforeEach, describe, expect, it, type MockInstance, vi } from "vitest";
import { type Context, createServer, type HttpOptions, prompt, resource, type Server, tool } from "../../src/index.ts";
import { inputRequired, sdkContext } from "../../src/protocol/sdk-context.ts";
import { defineService } from "../fixtures/service.ts";

const DISH = { type: "object", properties: { dish: { type: "string", enum: ["soup", "rice"] } }, required: ["dish"] };

class Menu {
  /** Ask for a dish. */
  async pick(ctx: Context): Promise<string> {
    return JSON.stringify(await ctx.elicit("Which dish?", DISH));
  }

  async sample(ctx: Context): Promise<string> {
    const { content } = await sdkContext(ctx).mcpReq.requestSampling({ messages: [], maxTokens: 1 });
    return JSON.stringify(content);
  }

  async roots(ctx: Context): Promise<string> {
    return JSON.stringify(await sdkContext(ctx).mcpReq.send({ method: "roots/list" }));
  }

  returned(): unknown {
    return inputRequired({ inputRequests: { roots: inputRequired.listRoots() } });
  }

  async page(ctx: Context): Promise<string> {
    return this.pick(ctx);
  }

  advice(): unknown {
    return this.returned();
  }
}
const context = { contextIndex: 0 };
defineService(Menu, {
  pick: { as: tool(), ...context },
  sample: { as: tool(), ...context },
  roots: { as: tool(), ...context },
  returned: { as: tool() },
  page: { as: resource("x://page"), kind: "resource", ...context },
  advice: { as: prompt(), kind: "prompt" },
});

const NO_SESSION =
  "This call needs an answer from the client, but the request belongs to no session, so the server cannot ask. " +
  "Turn on sessions on the server (http: { sessions: true }), or use a client of MCP 2026-07-28.";

let log: MockInstance<typeof console.error>;
beforeEach(() => {
  log = vi.spyOn(console, "error").mockImplementation(() => undefined);
});
afterEach(() => {
  vi.restoreAllMocks();
});

const newServer = (http: HttpOptions = {}): Server =>
  createServer({ name: "menu", version: "1.0.0", services: [Menu], auth: "none", http, maskErrors: true });

/** Connects a client that can answer every request of a server. */
async function connect(
  transport: Transport,
  mode: "legacy" | { readonly pin: "2026-07-28" } = "legacy",
): Promise<Client> {
  const capabilities = { elicitation: { form: {} }, sampling: {}, roots: {} };
  const client = new Client({ name: "test", version: "1.0.0" }, { capabilities, versionNegotiation: { mode } });
  client.setRequestHandler("elicitation/create", () => ({ action: "accept" as const, content: { dish: "soup" } }));
  client.setRequestHandler("sampling/createMessage", () => ({
    role: "assistant" as const,
    model: "m",
    content: { type: "text" as const, text: "a" },
  }));
  client.setRequestHandler("roots/list", () => ({ roots: [] }));
  await client.connect(transport);
  return client;
}

const overFetch = (server: Server): Transport =>
  new StreamableHTTPClientTransport(new URL("http://localhost/mcp"), {
    fetch: (url, init) => server.fetch(new Request(url, init)),
  });

describe("a question to a client of 2025-11-25 without a session", () => {
  it.each(["pick", "sample", "roots", "returned"])(
    "fails with its cause, for the client and the log: %s",
    async (name) => {
      const server = newServer();
      const client = await connect(overFetch(server));
      expect(await client.callTool({ name })).toMatchObject({ isError: true, content: [{ text: NO_SESSION }] });
      expect(log.mock.calls).toEqual([[`methodic: Tool ${name} failed: ${NO_SESSION}`]]);
      await client.close();
      await server.close();
    },
  );

  it("fails in resources and prompts", async () => {
    const server = newServer();
    const client = await connect(overFetch(server));
    await expect(client.readResource({ uri: "x://page" })).rejects.toThrow(NO_SESSION);
    await expect(client.getPrompt({ name: "advice" })).rejects.toThrow(NO_SESSION);
    expect(log).toHaveBeenCalledTimes(2);
    await client.close();
    await server.close();
  });

  it("fails over a socket", async () => {
    const server = newServer();
    const { url } = await server.serve({ transport: "http", port: 0 });
    log.mockClear();
    const client = await connect(new StreamableHTTPClientTransport(new URL(url)));
    expect(await client.callTool({ name: "pick" })).toMatchObject({ isError: true, content: [{ text: NO_SESSION }] });
    expect(log).toHaveBeenCalledTimes(1);
    await client.close();
    await server.close();
  });
});

describe("a question over HTTP", () => {
  it.each<[string, (server: Server) => Promise<Client>, HttpOptions]>([
    ["in a session", (server) => connect(overFetch(server)), { sessions: true }],
    ["to a client of 2026-07-28", (server) => connect(overFetch(server), { pin: "2026-07-28" }), {}],
    [
      "over HTTP+SSE",
      async (server) => {
        const { url } = await server.serve({ transport: "http", port: 0 });
        return connect(new SSEClientTransport(new URL(url.replace(/mcp$/, "sse"))));
      },
      { legacySse: true },
    ],
  ])("is answered %s", async (...[, open, http]) => {
    const server = newServer(http);
    const client = await open(server);
    expect(await client.callTool({ name: "pick" })).toMatchObject({
      content: [{ text: '{"action":"accept","data":{"dish":"soup"}}' }],
    });
    await client.close();
    await server.close();
  });
});
