import { InMemoryTransport } from "@modelcontextprotocol/client";
import { describe, expect, it } from "vitest";
import { createNotifier, createServer, type Notifier, type Server, tool } from "../../src/index.ts";
import { createTestClient, type TestClient } from "../../src/testing/test-client.ts";
import { Inbox } from "../fixtures/inbox.ts";
import { NotesService } from "../fixtures/notes.ts";
import { defineService } from "../fixtures/service.ts";

const newServer = () => createServer({ name: "s", version: "1", services: [NotesService] });

const METHODS = [
  "notifications/tools/list_changed",
  "notifications/prompts/list_changed",
  "notifications/resources/list_changed",
  "notifications/resources/updated",
] as const;

/** The notifications that a client hears. */
function listenTo({ client }: TestClient): Inbox<string> {
  const heard = new Inbox<string>();
  for (const method of METHODS) {
    client.setNotificationHandler(method, (notification) => {
      const { uri } = (notification.params ?? {}) as { readonly uri?: string };
      heard.add(uri === undefined ? method : `${method} ${uri}`);
    });
  }
  return heard;
}

describe("a legacy client", () => {
  it("receives changes of lists and of the resources that it subscribed to", async () => {
    const server = newServer();
    await using client = await createTestClient(server, { era: "legacy" });
    const heard = listenTo(client);
    await client.client.subscribeResource({ uri: "notes://all" });
    await client.client.subscribeResource({ uri: "notes://a" });
    await client.client.unsubscribeResource({ uri: "notes://a" });
    await client.client.unsubscribeResource({ uri: "notes://never" });
    server.notify.resourceUpdated("notes://a");
    server.notify.resourceUpdated("notes://all");
    server.notify.toolsChanged();
    server.notify.promptsChanged();
    server.notify.resourcesChanged();
    await heard.count(4);
    expect(heard.items.sort()).toEqual([
      "notifications/prompts/list_changed",
      "notifications/resources/list_changed",
      "notifications/resources/updated notes://all",
      "notifications/tools/list_changed",
    ]);
  });

  it("cannot subscribe to a resource that does not exist", async () => {
    await using client = await createTestClient(newServer(), { era: "legacy" });
    await expect(client.client.subscribeResource({ uri: "other://x" })).rejects.toMatchObject({
      message: "Resource not found: other://x",
      data: { uri: "other://x" },
    });
  });

  it("can subscribe to a limited number of resources", async () => {
    await using client = await createTestClient(newServer(), { era: "legacy" });
    const subscribe = (i: number) => client.client.subscribeResource({ uri: `notes://${i}` });
    for (let i = 0; i < 1024; i++) await subscribe(i);
    await expect(subscribe(1024)).rejects.toMatchObject({
      code: -32603,
      message: "Too many subscriptions: a connection may have 1024. Unsubscribe from some.",
    });
    await expect(subscribe(7)).resolves.toEqual({});
    await client.client.unsubscribeResource({ uri: "notes://0" });
    await expect(subscribe(1024)).resolves.toEqual({});
  });

  it("receives nothing before the handshake", async () => {
    const server = newServer();
    const [client, side] = InMemoryTransport.createLinkedPair();
    const messages = new Inbox<{ readonly id?: unknown; readonly method?: string }>();
    Object.assign(client, { onmessage: (message: object) => messages.add(message) });
    await client.start();
    await server.connect(side);
    // A ping without a handshake makes the server's side of the connection.
    await client.send({ jsonrpc: "2.0", id: 1, method: "ping" });
    await messages.count(1);
    server.notify.toolsChanged();
    await client.send({
      jsonrpc: "2.0",
      id: 2,
      method: "initialize",
      params: { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "c", version: "1" } },
    });
    await messages.count(2);
    server.notify.toolsChanged();
    await messages.count(3);
    expect(messages.items.map(({ id, method }) => id ?? method)).toEqual([1, 2, "notifications/tools/list_changed"]);
    await server.close();
  });
});

describe("a modern client", () => {
  it("receives the changes that it subscribed to", async () => {
    const server = newServer();
    await using client = await createTestClient(server);
    const heard = listenTo(client);
    const listening = await client.client.listen({ toolsListChanged: true, resourceSubscriptions: ["notes://all"] });
    expect(listening.honoredFilter).toEqual({ toolsListChanged: true, resourceSubscriptions: ["notes://all"] });
    server.notify.promptsChanged();
    server.notify.resourcesChanged();
    server.notify.resourceUpdated("notes://other");
    server.notify.resourceUpdated("notes://all");
    server.notify.toolsChanged();
    await heard.count(2);
    expect(heard.items.sort()).toEqual([
      "notifications/resources/updated notes://all",
      "notifications/tools/list_changed",
    ]);
    await listening.close();
    // A message after the end would reach no subscriber; the next answer follows it on the same
    // stream.
    server.notify.toolsChanged();
    await client.callTool("count");
    expect(heard.items).toHaveLength(2);
  });

  it("is notified when the server ends its subscription", async () => {
    const server = newServer();
    await using client = await createTestClient(server);
    const listening = await client.client.listen({ toolsListChanged: true });
    await server.close();
    await expect(listening.closed).resolves.toBe("graceful");
  });
});

describe.each(["legacy", "modern"] as const)("notifications in the %s era", (era) => {
  it("do not reach a client that disconnected, nor fail on a closed server", async () => {
    const server = newServer();
    const client = await createTestClient(server, { era });
    server.notify.toolsChanged();
    await client.close();
    server.notify.toolsChanged();
    await server.close();
    expect(() => server.notify.resourceUpdated("notes://all")).not.toThrow();
  });

  it("announce only the kinds of components that the server has", async () => {
    class Plain {
      run(): string {
        return "ran";
      }
    }
    defineService(Plain, { run: { as: tool() } });
    const server = createServer({ name: "p", version: "1", services: [Plain] });
    await using client = await createTestClient(server, { era });
    const heard = listenTo(client);
    if (era === "modern") await client.client.listen({ toolsListChanged: true, promptsListChanged: true });
    server.notify.promptsChanged();
    server.notify.resourcesChanged();
    server.notify.resourceUpdated("x://y");
    server.notify.toolsChanged();
    await heard.count(1);
    expect(heard.items).toEqual(["notifications/tools/list_changed"]);
  });
});

describe("notify.resourceUpdated", () => {
  it.each([
    [42, "42"],
    ["", '""'],
    [undefined, "undefined"],
  ])("refuses %j as a URI", (uri, shown) => {
    expect(() => newServer().notify.resourceUpdated(uri as string)).toThrow(
      `notify.resourceUpdated: invalid URI: ${shown}. Pass the URI of a resource.`,
    );
  });
});

describe("createNotifier", () => {
  class Board {
    readonly #notifier: Notifier;

    constructor(notifier: Notifier) {
      this.#notifier = notifier;
    }

    write(): string {
      this.#notifier.resourceUpdated("notes://all");
      this.#notifier.resourcesChanged();
      return "written";
    }
  }
  defineService(Board, { write: { as: tool() } });

  it("lets services notify the clients of every server that has the notifier", async () => {
    const notifier = createNotifier();
    const services = [NotesService, new Board(notifier)];
    const [first, second] = ["a", "b"].map((name) => createServer({ name, version: "1", services, notifier }));
    expect(first?.notify).toBe(notifier);
    await using writer = await createTestClient(first as Server, { era: "legacy" });
    await using reader = await createTestClient(second as Server, { era: "legacy" });
    const heard = listenTo(reader);
    await reader.client.subscribeResource({ uri: "notes://all" });
    await writer.callTool("write");
    await heard.count(2);
    expect(heard.items.sort()).toEqual([
      "notifications/resources/list_changed",
      "notifications/resources/updated notes://all",
    ]);
  });

  it("creates the only notifiers that createServer accepts", () => {
    const notifier = { ...createNotifier() };
    expect(() => createServer({ name: "s", version: "1", services: [], notifier })).toThrow(
      "It must be a notifier from createNotifier().",
    );
  });
});
