import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { describe, expect, it, vi } from "vitest";
import { eventually } from "../../../../fixtures/eventually.ts";
import { createStreamableHttpHandler, type StreamableHttpHandler } from "../../src/http/streamable-2025/handler.ts";
import { call, createFactory, fetchFrom, type FixtureTools, readMessages, send } from "../fixtures/streamable-2025.ts";

const onError = vi.fn<(error: Error) => void>();

function serve(tools: FixtureTools = {}): StreamableHttpHandler {
  const factory = createFactory({ hello: () => "hi", ...tools });
  return createStreamableHttpHandler({ stateless: factory, session: factory, onError });
}

const answer = (text: string, id: string | number = 1): object => ({
  jsonrpc: "2.0",
  id,
  result: { content: [{ type: "text", text }] },
});

describe("a POST without a session", () => {
  it("is answered in JSON if there is nothing to say before", async () => {
    const response = await send(serve(), call(1, "hello"));
    expect([response.status, response.headers.get("content-type")]).toEqual([200, "application/json"]);
    expect(response.headers.get("mcp-session-id")).toBeNull();
    expect(await response.json()).toEqual(answer("hi"));
  });

  it("is answered as a stream once a method reports something", async () => {
    const leg = serve({
      work: async (_, { mcpReq }) => {
        await mcpReq.notify({ method: "notifications/progress", params: { progressToken: "t", progress: 1 } });
        await mcpReq.log("info", "half way");
        return "done";
      },
    });
    const response = await send(leg, call("a", "work"));
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
  ])("negotiates %s as %s, and gives no session id", async (requested, negotiated) => {
    const params = { protocolVersion: requested, capabilities: {}, clientInfo: { name: "c", version: "1" } };
    const response = await send(
      serve(),
      { jsonrpc: "2.0", id: 0, method: "initialize", params },
      // A header of initialize says nothing: the version is what it is about.
      { headers: { "mcp-protocol-version": requested } },
    );
    expect(response.headers.get("mcp-session-id")).toBeNull();
    expect(await response.json()).toMatchObject({ id: 0, result: { protocolVersion: negotiated } });
  });

  it("needs a version that is known, if it names one", async () => {
    const response = await send(serve(), call(1, "hello"), { headers: { "mcp-protocol-version": "2099-01-01" } });
    expect(response.status).toBe(400);
    const { error } = (await response.json()) as { error: { message: string } };
    expect(error.message).toContain('"2099-01-01"');
    expect(error.message).toContain("2025-11-25, 2025-06-18, 2025-03-26");
  });

  it("of a notification or an answer is accepted, with nothing in it", async () => {
    const notification = { jsonrpc: "2.0", method: "notifications/initialized" };
    for (const message of [notification, { jsonrpc: "2.0", id: 5, result: {} }]) {
      const response = await send(serve(), message);
      expect([response.status, await response.text()]).toEqual([202, ""]);
    }
  });

  it.each(["GET", "DELETE"])("is the only thing there is: %s is refused", async (method) => {
    const response = await send(serve(), undefined, { method });
    expect([response.status, response.headers.get("allow")]).toEqual([405, "POST"]);
  });

  it("that asks the client something fails at once: nobody could answer", async () => {
    const leg = serve({ ask: (_, { mcpReq }) => mcpReq.send({ method: "ping" }) });
    expect(await (await send(leg, call(1, "ask"))).json()).toMatchObject({
      error: { message: expect.stringContaining("cannot be asked (ping)") },
    });
  });

  it("whose server cannot be made is answered with an error that says nothing of why", async () => {
    const factory = (): never => {
      throw new Error("secret");
    };
    const leg = createStreamableHttpHandler({ stateless: factory, session: factory, onError });
    const response = await send(leg, call(1, "hello"));
    expect(response.status).toBe(500);
    expect(await response.text()).not.toContain("secret");
    expect(onError).toHaveBeenCalledWith(expect.objectContaining({ message: "secret" }));
  });
});

describe("the Accept header", () => {
  it.each([
    ["application/json, text/event-stream", 200],
    ["text/event-stream;q=0.5,application/json", 200],
    ["*/*", 200],
    ["application/*, text/*", 200],
    ["APPLICATION/JSON, Text/Event-Stream", 200],
    ["application/json", 406],
    ["text/event-stream", 406],
    ["text/html", 406],
    ["*/*, application/json;q=0", 406],
    ["application/json, text/event-stream; q=0.000", 406],
    ["application/jsonp, text/event-stream", 406],
    ["", 406],
  ])("%j gets %i", async (accept, status) => {
    expect((await send(serve(), call(1, "hello"), { headers: { accept } })).status).toBe(status);
  });
});

describe("a body that is no message", () => {
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
  ])("%j is refused with the id that can be read: %j", async (message, id) => {
    const response = await send(serve(), message);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ jsonrpc: "2.0", id, error: { code: -32_600 } });
  });
});

describe("a batch", () => {
  const ping = (id: number): object => ({ jsonrpc: "2.0", id, method: "ping" });

  it("is answered as an array, in order, on the version that has batches", async () => {
    const notification = { jsonrpc: "2.0", method: "notifications/roots/list_changed" };
    const response = await send(serve(), [call(1, "hello"), notification, ping(2)], {
      headers: { "mcp-protocol-version": "2025-03-26" },
    });
    expect(await response.json()).toEqual([answer("hi"), { jsonrpc: "2.0", id: 2, result: {} }]);
  });

  it("of one is answered as an array, too", async () => {
    expect(await (await send(serve(), [ping(2)])).json()).toEqual([{ jsonrpc: "2.0", id: 2, result: {} }]);
  });

  it("is answered as events if one of its requests streams", async () => {
    const leg = serve({ log: (_, { mcpReq }) => mcpReq.log("info", "x").then(() => "logged") });
    const messages = await readMessages(await send(leg, [ping(1), call(2, "log"), ping(3)]));
    expect(messages.map(({ id, method }) => id ?? method).sort()).toEqual([1, 2, 3, "notifications/message"]);
  });

  it("without requests is accepted", async () => {
    expect((await send(serve(), [{ jsonrpc: "2.0", method: "notifications/initialized" }])).status).toBe(202);
  });

  const initialize = { jsonrpc: "2.0", id: 1, method: "initialize", params: {} };
  it.each<[string, unknown[], string | undefined]>([
    ["that is empty", [], undefined],
    ["of more than 100", Array.from({ length: 101 }, (_, i) => ping(i)), undefined],
    ["with initialize", [initialize, ping(2)], undefined],
    ["with an id twice", [ping(1), ping(1)], undefined],
    ["with something else in it", [ping(1), 5], undefined],
    ["of batches", [[ping(1)]], undefined],
    ["on 2025-06-18", [ping(1)], "2025-06-18"],
    ["on 2025-11-25", [ping(1)], "2025-11-25"],
  ])("%s is refused", async (_, body, version) => {
    const headers = version === undefined ? {} : { "mcp-protocol-version": version };
    const response = await send(serve(), body, { headers });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { code: -32_600 } });
  });
});

describe("a client that goes away", () => {
  const hanging = (): { leg: StreamableHttpHandler; entered: Promise<AbortSignal> } => {
    let enter: (signal: AbortSignal) => void = () => undefined;
    const entered = new Promise<AbortSignal>((resolve) => (enter = resolve));
    const hang = (signal: AbortSignal): Promise<never> => {
      enter(signal);
      return new Promise((_, reject) => {
        signal.addEventListener("abort", () => reject(new Error("aborted")));
      });
    };
    const leg = serve({
      hang: (_, { mcpReq }) => hang(mcpReq.signal),
      stream: async (_, { mcpReq }) => {
        await mcpReq.log("info", "begun");
        return hang(mcpReq.signal);
      },
    });
    return { leg, entered };
  };

  it("aborts the method before there is an answer", async () => {
    const { leg, entered } = hanging();
    const client = new AbortController();
    const response = send(leg, call(1, "hang"), { signal: client.signal });
    const signal = await entered;
    client.abort();
    await eventually(() => expect(signal.aborted).toBe(true));
    expect((await response).status).toBe(499);
  });

  it("aborts the method in the middle of a stream", async () => {
    const { leg, entered } = hanging();
    const response = await send(leg, call(1, "stream"));
    const signal = await entered;
    expect(signal.aborted).toBe(false);
    await response.body?.cancel();
    await eventually(() => expect(signal.aborted).toBe(true));
  });

  it("was there before: the signal of a method that has returned is never aborted", async () => {
    let signal: AbortSignal | undefined;
    const client = new AbortController();
    const leg = serve({
      hello: (_, { mcpReq }) => {
        signal = mcpReq.signal;
        return "hi";
      },
    });
    await (await send(leg, call(1, "hello"), { signal: client.signal })).text();
    client.abort();
    await leg.close();
    expect(signal?.aborted).toBe(false);
  });

  it("is told so if the server closes, which aborts its method", async () => {
    const { leg, entered } = hanging();
    const response = send(leg, call(1, "hang"));
    const signal = await entered;
    await leg.close();
    expect(signal.aborted).toBe(true);
    expect((await response).status).toBe(503);
    expect((await send(leg, call(1, "hello"))).status).toBe(503);
  });
});

describe("the official client", () => {
  it("works without a session", async () => {
    const leg = serve({ log: (_, { mcpReq }) => mcpReq.log("info", "x").then(() => "logged") });
    const client = new Client({ name: "c", version: "1" });
    const log = vi.fn<(notification: unknown) => void>();
    client.setNotificationHandler("notifications/message", log);
    await client.connect(new StreamableHTTPClientTransport(new URL("http://localhost/mcp"), { fetch: fetchFrom(leg) }));
    expect((await client.listTools()).tools.map(({ name }) => name)).toEqual(["hello", "log"]);
    expect(await client.callTool({ name: "hello" })).toMatchObject({ content: [{ text: "hi" }] });
    expect(await client.callTool({ name: "log" })).toMatchObject({ content: [{ text: "logged" }] });
    expect(log).toHaveBeenCalledTimes(1);
    await client.close();
  });
});
