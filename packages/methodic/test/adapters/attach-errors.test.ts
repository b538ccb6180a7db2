import { createMcpHandler, InMemoryTransport, McpServer, Server as SdkServer } from "@modelcontextprotocol/server";
import { McpServer as McpServerV1 } from "@modelcontextprotocol/sdk/server/mcp.js";
import { Client } from "@modelcontextprotocol/client";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { attachToSdkV1 } from "../../src/adapters/sdk-v1.ts";
import { attachToSdkV2, eventBus } from "../../src/adapters/sdk-v2.ts";
import { createServer, type Server } from "../../src/index.ts";
import { attachTo, createSdkServer } from "../fixtures/attached-paths.ts";
import { NotesService } from "../fixtures/notes.ts";

const INFO = { name: "sdk-server", version: "9.8.7" };
const newNotes = (options: object = {}): Server =>
  createServer({ name: "notes", version: "1", services: [NotesService], ...options });

async function connect(server: { connect(transport: never): Promise<void> }): Promise<Client> {
  const [near, far] = InMemoryTransport.createLinkedPair();
  await server.connect(far as never);
  const client = new Client({ name: "c", version: "1" });
  await client.connect(near);
  return client;
}

beforeEach(() => void vi.spyOn(console, "error").mockImplementation(() => undefined));
afterEach(() => void vi.restoreAllMocks());

describe.each(["v1", "v2"] as const)("Attaching to a server of the SDK, %s", (sdk) => {
  const prepare = (): { server: McpServer; attach: () => void } => {
    const server = createSdkServer(sdk) as McpServer;
    return { server, attach: () => attachTo(server, newNotes()) };
  };
  const DUPLICATES =
    'Two components have one name: the tool "addNote" of the SDK\'s server and NotesService.addNote; the resource ' +
    '"notes://all" of the SDK\'s server and NotesService.all. Rename one of each two.';
  const registerDuplicates = (server: McpServer): void => {
    server.registerTool("addNote", {}, () => ({ content: [] }));
    server.registerTool("other", {}, () => ({ content: [] }));
    server.registerResource("all", "notes://all", {}, () => ({ contents: [] }));
  };

  it("names all components that both servers have", () => {
    const { server, attach } = prepare();
    registerDuplicates(server);
    expect(attach).toThrow(expect.objectContaining({ code: "DUPLICATE_NAME", message: DUPLICATES }));
  });

  it("finds names that the server registers later when it connects", async () => {
    const { server, attach } = prepare();
    attach();
    registerDuplicates(server);
    await expect(connect(server)).rejects.toThrow(DUPLICATES);
  });

  it("finds names that a connected server registers when a client lists them", async () => {
    const { server, attach } = prepare();
    server.registerTool("other", {}, () => ({ content: [] }));
    attach();
    const client = await connect(server);
    server.registerTool("addNote", {}, () => ({ content: [] }));
    await expect(client.listTools()).rejects.toThrow(
      'the tool "addNote" of the SDK\'s server and NotesService.addNote',
    );
    await client.close();
  });

  it("refuses a server that is connected", async () => {
    const { server, attach } = prepare();
    const client = await connect(server);
    expect(attach).toThrow("the SDK's server is connected, and its client knows its capabilities. Attach before");
    await client.close();
  });

  it("refuses a second server", () => {
    const { attach } = prepare();
    attach();
    expect(attach).toThrow("the SDK's server has an attached server. Pass all services to one createServer.");
  });
});

describe("The adapters", () => {
  it("refuse servers of the other version of the SDK", () => {
    expect(() => attachToSdkV1(new McpServer(INFO), newNotes())).toThrow("Use attachToSdkV2 of methodic/sdk.");
    expect(() => attachToSdkV2(new McpServerV1(INFO) as never, newNotes())).toThrow(
      "Use attachToSdkV1 of methodic/sdk-v1.",
    );
  });

  it("refuse other values", () => {
    expect(() => attachToSdkV2({} as never, newNotes())).toThrow(
      "attachToSdkV2: the first argument is not a server of the SDK. Pass its McpServer or Server.",
    );
    expect(() => attachToSdkV2(new McpServer(INFO), {} as never)).toThrow(
      "attachToSdkV2: invalid server: an object. Pass what createServer returned.",
    );
    expect(() => eventBus(undefined as never)).toThrow("eventBus: invalid server: undefined.");
  });
});

describe("A low-level server of the SDK", () => {
  const tool = (name: string) => ({ name, inputSchema: { type: "object" as const } });
  const pages = [[tool("one")], [tool("two")], [tool("three")]];

  it("keeps its pages, which come before the attached components", async () => {
    const server = new SdkServer(INFO, { capabilities: { tools: {} } });
    server.setRequestHandler("tools/list", ({ params }) => {
      const page = Number(params?.cursor ?? 0);
      return { tools: pages[page] ?? [], ...(page < 2 && { nextCursor: String(page + 1) }) };
    });
    server.setRequestHandler("tools/call", ({ params }) => ({ content: [{ type: "text", text: params.name }] }));
    attachToSdkV2(server, newNotes());
    const client = await connect(server);
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toEqual(["one", "two", "three", "addNote", "getNote", "count", "index"]);
    expect(await client.callTool({ name: "two" })).toEqual({ content: [{ type: "text", text: "two" }] });
    expect(await client.callTool({ name: "count" })).toMatchObject({ structuredContent: { result: 0 } });
    await client.close();
  });

  it("answers other methods by its fallback handler", async () => {
    const server = new SdkServer(INFO);
    server.fallbackRequestHandler = async ({ method }) => ({ fell: method });
    attachToSdkV2(server, newNotes());
    const client = await connect(server);
    expect(await client.callTool({ name: "count" })).toMatchObject({ structuredContent: { result: 0 } });
    const anything = {
      "~standard": { version: 1, vendor: "test", validate: (value: unknown) => ({ value }) },
    } as const;
    expect(await client.request({ method: "acme/x" }, anything)).toEqual({ fell: "acme/x" });
    await client.close();
  });
});

describe("The lifecycle of attached components", () => {
  it("starts them before the first call, once for all connections", async () => {
    const events: string[] = [];
    const notes = newNotes({ onStart: () => void events.push("start"), onStop: () => void events.push("stop") });
    const servers = [new McpServer(INFO), new McpServer(INFO)];
    for (const server of servers) attachToSdkV2(server, notes);
    expect(events).toEqual([]);
    const clients = await Promise.all(servers.map(connect));
    await clients[0]?.callTool({ name: "count" });
    await Promise.all(servers.map((server) => server.close()));
    expect(events).toEqual(["start"]);
    await notes.close();
    expect(events).toEqual(["start", "stop"]);
  });

  it("fails the connection if they cannot start", async () => {
    const fail = (): never => {
      throw new Error("no database");
    };
    const server = new McpServer(INFO);
    attachToSdkV2(server, newNotes({ onStart: fail }));
    await expect(connect(server)).rejects.toMatchObject({ code: "START_FAILED" });
  });

  it("leaves the SDK's server open when they close: their calls fail, its own go on", async () => {
    const notes = newNotes();
    const server = new McpServer(INFO);
    server.registerTool("own", {}, () => ({ content: [] }));
    attachToSdkV2(server, notes);
    const client = await connect(server);
    await client.callTool({ name: "count" });
    await notes.close();
    await expect(client.callTool({ name: "count" })).rejects.toThrow("The server 'notes' was closed.");
    expect(await client.callTool({ name: "own" })).toEqual({ content: [] });
    await expect(connect(Object.assign(new McpServer(INFO)))).resolves.toBeDefined();
  });

  it("creates nothing for requests over HTTP to the SDK's own tools", async () => {
    const notes = newNotes();
    const handler = createMcpHandler(() => {
      const server = new McpServer(INFO);
      server.registerTool("own", {}, () => ({ content: [] }));
      attachToSdkV2(server, notes);
      return server;
    });
    const post = async (name: string): Promise<unknown> => {
      const response = await handler.fetch(
        new Request("http://localhost/mcp", {
          method: "POST",
          headers: {
            "content-type": "application/json",
            accept: "application/json, text/event-stream",
            "mcp-protocol-version": "2026-07-28",
            "mcp-method": "tools/call",
            "mcp-name": name,
          },
          body: JSON.stringify({
            jsonrpc: "2.0",
            id: 1,
            method: "tools/call",
            params: {
              name,
              _meta: {
                "io.modelcontextprotocol/protocolVersion": "2026-07-28",
                "io.modelcontextprotocol/clientInfo": { name: "c", version: "1" },
                "io.modelcontextprotocol/clientCapabilities": {},
              },
            },
          }),
        }),
      );
      return response.json();
    };
    expect(await post("own")).toMatchObject({ result: { content: [] } });
    expect(await post("count")).toMatchObject({ result: { structuredContent: 0 } });
    expect(await post("none")).toMatchObject({ error: { message: "Tool none not found" } });
  });
});
