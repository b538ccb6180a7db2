import { InMemoryTransport } from "@modelcontextprotocol/client";
import { describe, expect, it } from "vitest";
import { MemoryEventStore } from "../../src/http/event-store.ts";
import { type Context, createServer, type HttpOptions, type Server, tool } from "../../src/index.ts";
import { defineService } from "../fixtures/service.ts";
import { readEvents } from "../fixtures/streamable-2025.ts";

class Kitchen {
  async pick(ctx: Context): Promise<string> {
    return (await ctx.elicit("Which dish?", { type: "object", properties: {} })).action;
  }
}
defineService(Kitchen, { pick: { as: tool(), contextIndex: 0 } });

type Message = { readonly [member: string]: unknown };

/** A client that answers as it likes. */
interface RawClient {
  /** Sends a message. Returns the status of its POST, over HTTP. */
  send(message: Message): Promise<number | undefined>;
  /** Resolves with the next message of the server. */
  next(): Promise<Message>;
}

const newServer = (http: HttpOptions = {}): Server =>
  createServer({ name: "kitchen", version: "1.0.0", services: [Kitchen], auth: "none", http });

async function openMemory(): Promise<RawClient> {
  const [client, transport] = InMemoryTransport.createLinkedPair();
  const received: Message[] = [];
  let wake = (): void => undefined;
  // An SDK transport's handlers are properties, unlike those of the DOM.
  // oxlint-disable-next-line unicorn/prefer-add-event-listener
  client.onmessage = (message) => {
    received.push(message);
    wake();
  };
  await newServer().connect(transport);
  await client.start();
  return {
    send: (message) => client.send(message as never).then(() => undefined),
    async next() {
      while (received.length === 0) await new Promise<void>((resolve) => (wake = resolve));
      return received.shift()!;
    },
  };
}

/** Opens a session over Streamable HTTP, or over HTTP+SSE. */
async function openHttp(http: HttpOptions): Promise<RawClient> {
  const { fetch } = newServer(http);
  const accept = "application/json, text/event-stream";
  let path = "/mcp";
  let headers: Record<string, string> = { "content-type": "application/json", accept };
  let events: AsyncGenerator<{ readonly data?: string }, void> | undefined;
  const next = async (): Promise<Message> => JSON.parse((await events!.next()).value!.data!) as Message;
  if (http.legacySse) {
    events = readEvents(await fetch(new Request("http://localhost/sse", { headers: { accept } })));
    path = (await events.next()).value!.data!;
  }
  const send = async (message: Message): Promise<number> => {
    const body = JSON.stringify(message);
    const response = await fetch(new Request(new URL(path, "http://localhost"), { method: "POST", headers, body }));
    const session = response.headers.get("mcp-session-id");
    if (session) headers = { ...headers, "mcp-session-id": session };
    if (response.headers.get("content-type")?.startsWith("text/event-stream")) {
      const stream = readEvents(response);
      events = (async function* () {
        for await (const event of stream) if (event.data) yield event;
      })();
    } else if (message["method"] === "initialize" && !http.legacySse) {
      const answer = await response.text();
      events = (async function* () {
        yield { data: answer };
      })();
    }
    return response.status;
  };
  return { send, next };
}

const OPEN: readonly (readonly [string, () => Promise<RawClient>])[] = [
  ["a connection", openMemory],
  ["a session", () => openHttp({ sessions: true })],
  ["a session with an event store", () => openHttp({ sessions: { eventStore: new MemoryEventStore() } })],
  ["HTTP+SSE", () => openHttp({ legacySse: true })],
];

const INVALID: readonly Message[] = [
  { jsonrpc: "2.0", result: null },
  { jsonrpc: "2.0", result: [] },
  { jsonrpc: "2.0", result: "ok" },
  { jsonrpc: "2.0", result: {}, error: { code: 1, message: "" } },
  { jsonrpc: "2.0", error: "no" },
  { result: { action: "accept" } },
];

describe.each(OPEN)("an invalid response to a question over %s", (name, open) => {
  it("ends the call that waits for it", async () => {
    const client = await open();
    const params = {
      protocolVersion: "2025-11-25",
      capabilities: { elicitation: {} },
      clientInfo: { name: "raw", version: "1" },
    };
    await client.send({ jsonrpc: "2.0", id: "open", method: "initialize", params });
    expect(await client.next()).toMatchObject({ id: "open" });
    for (const [i, response] of INVALID.entries()) {
      await client.send({ jsonrpc: "2.0", id: `call-${i}`, method: "tools/call", params: { name: "pick" } });
      const { id, method } = await client.next();
      expect(method).toBe("elicitation/create");
      expect(await client.send({ ...response, id })).toBe(name === "a connection" ? undefined : 400);
      expect(await client.next()).toMatchObject({
        id: `call-${i}`,
        result: {
          isError: true,
          content: [
            {
              text: expect.stringMatching(
                /^The client could not answer the question "Which dish\?": invalid response/,
              ) as string,
            },
          ],
        },
      });
    }
  });
});
