import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { describe, expect, it, vi } from "vitest";
import { eventually } from "../../../../fixtures/eventually.ts";
import { StreamableHttpHandler } from "../../src/http/streamable-2025/handler.ts";
import { call, createFactory, fetchFrom, type FixtureTools, readMessages, send } from "../fixtures/streamable-2025.ts";

const onError = vi.fn<(error: Error) => void>();

function serve(tools: FixtureTools = {}): StreamableHttpHandler {
  const factory = createFactory({ hello: () => "hi", ...tools });
  return new StreamableHttpHandler({ stateless: factory, session: factory, onError });
}

const answer = (text: string, id: string | number = 1): object => ({
  jsonrpc: "2.0",
  id,
  result: { content: [{ type: "text", text }] },
});

describe("POST without a session", () => {
  it("is answered in JSON if its answer is the only message", async () => {
    const response = await send(serve(), call(1, "hello"));
    expect([response.status, response.headers.get("content-type")]).toEqual([200, "application/json"]);
    expect(response.headers.get("mcp-session-id")).toBeNull();
    expect(await response.json()).toEqual(answer("hi"));
  });

  it("is answered with a stream if its method sends messages", async () => {
    const handler = serve({
      work: async (_, { mcpReq }) => {
        await mcpReq.notify({ method: "notifications/progress", params: { progressToken: "t", progress: 1 } });
        await mcpReq.log("info", "half way");
        return "done";
      },
    });
    const response = await send(handler, call("a", "work"));
    expect(response.headers.get("content-type")).toBe("text/event-stream");
    expect(await readMessages(response)).toMatchObject([
      { method: "notifications/progress", params: { progressToken: "t", progress: 1 } },
      { method: "notifications/message", params: { level: "info", data: "half way" } },
      answer("done", "a"),
    ]);
  });

  it.each([
    ["2025-11-25", "2025-11-25"],
    ["2025-06-18", "2025-06-18"],
    ["2025-03-26", "2025-03-26"],
    ["1999-01-01", "2025-11-25"],
  ])("negotiates %s as %s, without a session id", async (requested, negotiated) => {
    const params = { protocolVersion: requested, capabilities: {}, clientInfo: { name: "c", version: "1" } };
    const response = await send(
      serve(),
      { jsonrpc: "2.0", id: 0, method: "initialize", params },
      // initialize negotiates the version, so its header does not count.
      { headers: { "mcp-protocol-version": requested } },
    );
    expect(response.headers.get("mcp-session-id")).toBeNull();
    expect(await response.json()).toMatchObject({ id: 0, result: { protocolVersion: negotiated } });
  });

  it("is rejected if it names an unknown protocol version", async () => {
    const response = await send(serve(), call(1, "hello"), { headers: { "mcp-protocol-version": "2099-01-01" } });
    expect(response.status).toBe(400);
    const { error } = (await response.json()) as { error: { message: string } };
    expect(error.message).toContain('"2099-01-01"');
    expect(error.message).toContain("2025-11-25, 2025-06-18, 2025-03-26");
  });

  it("gets an empty 202 for a notification or a response", async () => {
    const notification = { jsonrpc: "2.0", method: "notifications/initialized" };
    for (const message of [notification, { jsonrpc: "2.0", id: 5, result: {} }]) {
      const response = await send(serve(), message);
      expect([response.status, await response.text()]).toEqual([202, ""]);
    }
  });

  it.each(["GET", "DELETE"])("is the only HTTP method: %s gets 405", async (method) => {
    const response = await send(serve(), undefined, { method });
    expect([response.status, response.headers.get("allow")]).toEqual([405, "POST"]);
  });

  it("fails at once if its method sends a request, which no client could answer", async () => {
    const handler = serve({ ask: (_, { mcpReq }) => mcpReq.send({ method: "ping" }) });
    expect(await (await send(handler, call(1, "ask"))).json()).toMatchObject({
      error: { message: expect.stringContaining("Cannot send ping to the client") },
    });
  });

  it("gets an error without the cause if its server cannot be created", async () => {
    const factory = (): never => {
      throw new Error("secret");
    };
    const handler = new StreamableHttpHandler({ stateless: factory, session: factory, onError });
    const response = await send(handler, call(1, "hello"));
    expect(response.status).toBe(500);
    expect(await response.text()).not.toContain("secret");
    expect(onError).toHaveBeenCalledWith(expect.objectContaining({ message: "secret" }));
  });
});

describe("Accept header", () => {
  it.each([
    ["application/json, text/event-stream", 200],
    ["text/event-stream;q=0.5,application/json", 200],
    ["*/*", 200],
    ["application/*, text/*", 200],
    ["APPLICATION/JSON, Text/Event-Stream", 200],
    ["application/json", 200],
    ["application/*", 200],
    ["text/event-stream", 406],
    ["text/html", 406],
    ["*/*, application/json;q=0", 406],
    ["application/json, text/event-stream; q=0.000", 200],
    ["application/json;q=0.000, text/event-stream", 406],
    ["application/jsonp, text/event-stream", 406],
    ["", 406],
  ])("gets for %j the status %i", async (accept, status) => {
    expect((await send(serve(), call(1, "hello"), { headers: { accept } })).status).toBe(status);
  });
});

describe("POST of an invalid message", () => {
  it.each<[unknown, unknown]>([
    ["text", null],
    [null, null],
    [{}, null],
    [{ jsonrpc: "1.0", id: 7, method: "ping" }, 7],
    [{ jsonrpc: "2.0", id: null, method: "ping" }, null],
    [{ jsonrpc: "2.0", id: "x", method: 5 }, "x"],
    [{ jsonrpc: "2.0", id: 1, method: "ping", params: [1] }, 1],
    [{ jsonrpc: "2.0", id: 1, result: {}, error: { code: 1, message: "" } }, 1],
    [{ jsonrpc: "2.0", id: {}, method: "ping" }, null],
  ])("of %j is rejected with the id %j", async (message, id) => {
    const response = await send(serve(), message);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ jsonrpc: "2.0", id, error: { code: -32_600 } });
  });
});

describe("Batch", () => {
  const ping = (id: number): object => ({ jsonrpc: "2.0", id, method: "ping" });

  it("is answered with an array, in order, on 2025-03-26", async () => {
    const notification = { jsonrpc: "2.0", method: "notifications/roots/list_changed" };
    const response = await send(serve(), [call(1, "hello"), notification, ping(2)], {
      headers: { "mcp-protocol-version": "2025-03-26" },
    });
    expect(await response.json()).toEqual([answer("hi"), { jsonrpc: "2.0", id: 2, result: {} }]);
  });

  it("of one message is answered with an array", async () => {
    expect(await (await send(serve(), [ping(2)])).json()).toEqual([{ jsonrpc: "2.0", id: 2, result: {} }]);
  });

  it("is answered with a stream if one of its methods sends messages", async () => {
    const handler = serve({ log: (_, { mcpReq }) => mcpReq.log("info", "x").then(() => "logged") });
    const messages = await readMessages(await send(handler, [ping(1), call(2, "log"), ping(3)]));
    expect(messages.map(({ id, method }) => id ?? method).sort()).toEqual([1, 2, 3, "notifications/message"]);
  });

  it("without requests gets 202", async () => {
    expect((await send(serve(), [{ jsonrpc: "2.0", method: "notifications/initialized" }])).status).toBe(202);
  });

  const initialize = { jsonrpc: "2.0", id: 1, method: "initialize", params: {} };
  it.each<[string, unknown[], string | undefined]>([
    ["without messages", [], undefined],
    ["of more than 100 messages", Array.from({ length: 101 }, (_, i) => ping(i)), undefined],
    ["with initialize", [initialize, ping(2)], undefined],
    ["with two requests of the same id", [ping(1), ping(1)], undefined],
    ["with an invalid message", [ping(1), 5], undefined],
    ["of batches", [[ping(1)]], undefined],
    ["on 2025-06-18", [ping(1)], "2025-06-18"],
    ["on 2025-11-25", [ping(1)], "2025-11-25"],
  ])("%s is rejected", async (_, body, version) => {
    const headers = version === undefined ? {} : { "mcp-protocol-version": version };
    const response = await send(serve(), body, { headers });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { code: -32_600 } });
  });
});

describe("Client that disconnects", () => {
  const hanging = (): { handler: StreamableHttpHandler; entered: Promise<AbortSignal> } => {
    let enter: (signal: AbortSignal) => void = () => undefined;
    const entered = new Promise<AbortSignal>((resolve) => (enter = resolve));
    const hang = (signal: AbortSignal): Promise<never> => {
      enter(signal);
      return new Promise((_, reject) => {
        signal.addEventListener("abort", () => reject(new Error("aborted")));
      });
    };
    const handler = serve({
      hang: (_, { mcpReq }) => hang(mcpReq.signal),
      stream: async (_, { mcpReq }) => {
        await mcpReq.log("info", "begun");
        return hang(mcpReq.signal);
      },
    });
    return { handler, entered };
  };

  it("aborts its method before the answer", async () => {
    const { handler, entered } = hanging();
    const client = new AbortController();
    const response = send(handler, call(1, "hang"), { signal: client.signal });
    const signal = await entered;
    client.abort();
    await eventually(() => expect(signal.aborted).toBe(true));
    expect((await response).status).toBe(499);
  });

  it("aborts its method in the middle of a stream", async () => {
    const { handler, entered } = hanging();
    const response = await send(handler, call(1, "stream"));
    const signal = await entered;
    expect(signal.aborted).toBe(false);
    await response.body?.cancel();
    await eventually(() => expect(signal.aborted).toBe(true));
  });

  it("does not abort the signal of a method that has returned", async () => {
    let signal: AbortSignal | undefined;
    const client = new AbortController();
    const handler = serve({
      hello: (_, { mcpReq }) => {
        signal = mcpReq.signal;
        return "hi";
      },
    });
    await (await send(handler, call(1, "hello"), { signal: client.signal })).text();
    client.abort();
    await handler.close();
    expect(signal?.aborted).toBe(false);
  });

  it("gets 503 if the server closes, which aborts its method", async () => {
    const { handler, entered } = hanging();
    const response = send(handler, call(1, "hang"));
    const signal = await entered;
    await handler.close();
    expect(signal.aborted).toBe(true);
    expect((await response).status).toBe(503);
    expect((await send(handler, call(1, "hello"))).status).toBe(503);
  });
});

describe("Official client without a session", () => {
  it("lists tools, calls them and receives log messages", async () => {
    const handler = serve({ log: (_, { mcpReq }) => mcpReq.log("info", "x").then(() => "logged") });
    const client = new Client({ name: "c", version: "1" });
    const log = vi.fn<(notification: unknown) => void>();
    client.setNotificationHandler("notifications/message", log);
    await client.connect(
      new StreamableHTTPClientTransport(new URL("http://localhost/mcp"), { fetch: fetchFrom(handler) }),
    );
    expect((await client.listTools()).tools.map(({ name }) => name)).toEqual(["hello", "log"]);
    expect(await client.callTool({ name: "hello" })).toMatchObject({ content: [{ text: "hi" }] });
    expect(await client.callTool({ name: "log" })).toMatchObject({ content: [{ text: "logged" }] });
    expect(log).toHaveBeenCalledTimes(1);
    await client.close();
  });
});
