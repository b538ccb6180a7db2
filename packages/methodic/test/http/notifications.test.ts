import { Client, type ClientOptions, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { afterEach, describe, expect, it } from "vitest";
import { apiKey, bearer, requireScopes } from "../../src/auth/index.ts";
import { type Context, createServer, type ProtocolEra, resource, type Server, tool } from "../../src/index.ts";
import { createTestClient } from "../../src/testing/test-client.ts";
import { Inbox } from "../fixtures/inbox.ts";
import { dataOf } from "../fixtures/answers.ts";
import { defineService } from "../fixtures/service.ts";

class Board {
  open(): string {
    return "open";
  }
  hidden(): string {
    return "hidden";
  }
  page(): string {
    return "page";
  }
  async ask(ctx: Context): Promise<string> {
    const form = (field: string) => ({ type: "object", properties: { [field]: { type: "string" } } });
    const first = await ctx.elicit("First?", form("first"));
    await ctx.elicit("Second?", form("second"));
    return String(dataOf(first)["first"]);
  }
}
defineService(Board, {
  open: { as: resource("board://open"), kind: "resource" },
  hidden: { as: resource("board://hidden", { auth: requireScopes("all") }), kind: "resource" },
  page: {
    as: resource("board://pages/{n}", { auth: requireScopes("all") }),
    kind: "resource",
    properties: { n: { type: "integer" } },
  },
  ask: { as: tool(), contextIndex: 0 },
});

const KEYS = [
  { name: "guest", key: "key-of-guest" },
  { name: "other", key: "key-of-other" },
  // The guest of another issuer.
  { name: "guest", key: "key-of-stranger", claims: { iss: "https://other.example" } },
  { name: "member", key: "key-of-member", scopes: ["all"] },
];
const URIS = ["board://open", "board://hidden", "board://pages/1", "board://pages/x", "board://none"];

const closing: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of closing.splice(0)) await one.close();
});

function serve(options: Partial<Parameters<typeof createServer>[0]> = {}): Server {
  const server = createServer({ name: "board", version: "1", services: [Board], ...options });
  closing.unshift(server);
  return server;
}

interface Connected {
  readonly client: Client;
  readonly heard: Inbox<string>;
  /** Resolves when the stream for notifications outside of calls is open. */
  readonly streaming: Promise<void>;
}

async function connect(
  server: Server,
  era: ProtocolEra,
  options: ClientOptions & { key?: string } = {},
): Promise<Connected> {
  const heard = new Inbox<string>();
  let opened = (): void => undefined;
  const streaming = new Promise<void>((resolve) => (opened = resolve));
  const transport = new StreamableHTTPClientTransport(new URL("http://localhost/mcp"), {
    fetch: async (url, init) => {
      const response = await server.fetch(new Request(url, init));
      if (init?.method === "GET") opened();
      return response;
    },
    ...(options.key !== undefined && { requestInit: { headers: { authorization: `Bearer ${options.key}` } } }),
  });
  const mode = era === "modern" ? ({ pin: "2026-07-28" } as const) : "legacy";
  const client = new Client({ name: "c", version: "1" }, { ...options, versionNegotiation: { mode } });
  client.setNotificationHandler("notifications/tools/list_changed", ({ method }) => heard.add(method));
  client.setNotificationHandler("notifications/resources/updated", ({ params }) => heard.add(params.uri));
  await client.connect(transport);
  closing.unshift(client);
  return { client, heard, streaming };
}

describe("notifications of changes over HTTP", () => {
  it("reach only clients of 2026-07-28 that listen", async () => {
    const server = serve();
    const { client, heard } = await connect(server, "modern");
    const silent = await connect(server, "modern");
    expect(client.getServerCapabilities()).toMatchObject({
      tools: { listChanged: true },
      resources: { listChanged: true, subscribe: true },
    });
    await client.listen({ toolsListChanged: true, resourceSubscriptions: ["board://open"] });
    server.notify.promptsChanged();
    server.notify.resourceUpdated("board://open");
    server.notify.toolsChanged();
    await heard.count(2);
    expect(heard.items).toEqual(["board://open", "notifications/tools/list_changed"]);
    expect(silent.heard.items).toEqual([]);
  });

  it("end on 2026-07-28 when the credentials of the listener expire", async () => {
    const verify = () => ({ subject: "ada", expiresAt: Date.now() / 1000 + 2 });
    const client = new Client({ name: "t", version: "1" }, { versionNegotiation: { mode: { pin: "2026-07-28" } } });
    const server = serve({ auth: bearer({ verify }) });
    const transport = new StreamableHTTPClientTransport(new URL("http://localhost/mcp"), {
      fetch: (url, init) => server.fetch(new Request(url, init)),
      requestInit: { headers: { authorization: "Bearer x" } },
    });
    await client.connect(transport);
    const { closed } = await client.listen({ toolsListChanged: true });
    expect(await closed).not.toBe("local");
    await client.close();
  });

  it("cut off a listener that does not read", async () => {
    const server = serve();
    const response = await server.fetch(
      new Request("http://localhost/mcp", {
        method: "POST",
        headers: {
          "content-type": "application/json",
          accept: "application/json, text/event-stream",
          "mcp-protocol-version": "2026-07-28",
          "mcp-method": "subscriptions/listen",
        },
        body: JSON.stringify({
          jsonrpc: "2.0",
          id: 1,
          method: "subscriptions/listen",
          params: {
            _meta: {
              "io.modelcontextprotocol/protocolVersion": "2026-07-28",
              "io.modelcontextprotocol/clientCapabilities": {},
            },
            notifications: { toolsListChanged: true },
          },
        }),
      }),
    );
    expect(response.headers.get("content-type")).toBe("text/event-stream");
    // About 10 MB in total.
    for (let i = 0; i < 50_000; i++) {
      server.notify.toolsChanged();
      if (i % 1000 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    await expect(response.text()).rejects.toThrow("The client did not read the stream.");
  });

  it("reach clients of 2025-11-25 in their sessions", async () => {
    const server = serve({ http: { sessions: true } });
    const { client, heard, streaming } = await connect(server, "legacy");
    await streaming;
    await client.subscribeResource({ uri: "board://open" });
    server.notify.resourceUpdated("board://other");
    server.notify.resourceUpdated("board://open");
    server.notify.toolsChanged();
    await heard.count(2);
    expect(heard.items).toEqual(["board://open", "notifications/tools/list_changed"]);
  });

  it("are not among the capabilities for clients of 2025-11-25 without a session", async () => {
    const { client } = await connect(serve(), "legacy");
    expect(client.getServerCapabilities()).toEqual({ tools: {}, resources: {}, logging: {} });
    await expect(client.subscribeResource({ uri: "board://open" })).rejects.toThrow("Method not found");
  });
});

describe("notifications about guarded resources", () => {
  const auth = apiKey({ keys: KEYS });

  it.each([
    ["key-of-guest", ["board://open"]],
    ["key-of-member", ["board://open", "board://hidden", "board://pages/1"]],
  ])("reach only listeners of 2026-07-28 that may read the resource, with %s", async (key, readable) => {
    const server = serve({ auth });
    const { client, heard } = await connect(server, "modern", { key });
    const { honoredFilter } = await client.listen({ toolsListChanged: true, resourceSubscriptions: URIS });
    expect(honoredFilter).toEqual({ toolsListChanged: true, resourceSubscriptions: readable });
    for (const uri of URIS) server.notify.resourceUpdated(uri);
    server.notify.toolsChanged();
    await heard.count(readable.length + 1);
    expect(heard.items).toEqual([...readable, "notifications/tools/list_changed"]);
  });

  it.each([
    ["key-of-guest", ["board://open"]],
    ["key-of-member", ["board://open", "board://hidden", "board://pages/1"]],
  ])("reach only sessions that may read the resource, with %s", async (key, readable) => {
    const server = serve({ auth, http: { sessions: true } });
    const { client, heard, streaming } = await connect(server, "legacy", { key });
    await streaming;
    const taken: string[] = [];
    for (const uri of URIS) {
      await client.subscribeResource({ uri }).then(
        () => taken.push(uri),
        () => undefined,
      );
    }
    expect(taken).toEqual(readable);
    for (const uri of URIS) server.notify.resourceUpdated(uri);
    server.notify.toolsChanged();
    await heard.count(readable.length + 1);
    expect(heard.items).toEqual([...readable, "notifications/tools/list_changed"]);
  });

  it("do not reach an in-memory client that may not read the resource", async () => {
    const server = serve();
    await using test = await createTestClient(server, { auth: { scopes: [], claims: {} } });
    const heard = new Inbox<string>();
    test.client.setNotificationHandler("notifications/resources/updated", ({ params }) => heard.add(params.uri));
    await test.client.listen({ resourceSubscriptions: URIS });
    for (const uri of [...URIS].reverse()) server.notify.resourceUpdated(uri);
    await heard.count(1);
    expect(heard.items).toEqual(["board://open"]);
  });

  it("leave the refusal of an invalid filter to the SDK", async () => {
    const { client } = await connect(serve(), "modern");
    for (const resourceSubscriptions of ["board://open", [1]]) {
      await expect(client.listen({ resourceSubscriptions: resourceSubscriptions as never })).rejects.toMatchObject({
        code: -32602,
      });
    }
  });
});

describe("request state over HTTP", () => {
  it("is valid only for the caller that received it", async () => {
    const server = serve({ auth: apiKey({ keys: KEYS }) });
    const send = async (key: string, extra: object): Promise<{ requestState?: string }> => {
      const { client } = await connect(server, "modern", { key, capabilities: { elicitation: { form: {} } } });
      const params = { name: "ask", arguments: {}, ...extra };
      return client.callTool(params as never, { allowInputRequired: true }) as never;
    };
    const { inputRequests } = (await send("key-of-guest", {})) as { inputRequests?: object };
    const [question = ""] = Object.keys(inputRequests ?? {});
    const inputResponses = { [question]: { action: "accept", content: { first: "1" } } };
    const { requestState } = await send("key-of-guest", { inputResponses });
    expect(requestState).toBeTypeOf("string");
    await expect(send("key-of-guest", { requestState })).resolves.toMatchObject({ resultType: "input_required" });
    for (const key of ["key-of-other", "key-of-stranger"]) {
      await expect(send(key, { requestState })).rejects.toMatchObject({
        code: -32602,
        data: { reason: "invalid_request_state" },
      });
    }
  });
});
