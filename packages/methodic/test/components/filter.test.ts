import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { apiKey, requireScopes } from "../../src/auth/index.ts";
import {
  type ComponentFilter,
  type ComponentView,
  type Context,
  createServer,
  MethodicError,
  prompt,
  type RequestView,
  resource,
  tool,
} from "../../src/index.ts";
import { createTestClient } from "../../src/testing/test-client.ts";
import { CLIENT_INFO, CONTEXT_PATHS, type PathOptions } from "../fixtures/context-paths.ts";
import { Inbox } from "../fixtures/inbox.ts";
import { defineService } from "../fixtures/service.ts";

const string = { type: "string" };

class Board {
  open(): string {
    return "open";
  }
  async wipe(): Promise<string> {
    return "wiped";
  }
  async callWipe(ctx: Context): Promise<string> {
    return (await ctx.callTool("wipe")).text;
  }
  async useHidden({ readResource, getPrompt }: Context): Promise<string> {
    const used = [readResource("board://secret"), readResource("board://vault/1"), getPrompt("judge", {})];
    return (await Promise.allSettled(used)).map(({ status }) => status).join();
  }
  page(): string {
    return "page";
  }
  secret(): string {
    return "secret";
  }
  pages(id: string): string {
    return id;
  }
  ids(): readonly string[] {
    return ["1"];
  }
  vault(id: string): string {
    return id;
  }
  ask(): string {
    return "ask";
  }
  judge(tone: string): string {
    return tone;
  }
}
const templateAt = (uri: string, options: object = {}) => ({
  as: resource(uri, { list: "ids", ...options }),
  kind: "resource" as const,
  properties: { id: string },
});
const admin = { tags: ["admin"] };
defineService(Board, {
  open: { as: tool({ title: "Open", annotations: { readOnlyHint: true }, meta: { team: "board" }, tags: ["read"] }) },
  wipe: { as: tool(admin) },
  callWipe: { as: tool(), contextIndex: 0 },
  useHidden: { as: tool(), contextIndex: 0 },
  page: { as: resource("board://page"), kind: "resource" },
  secret: { as: resource("board://secret", admin), kind: "resource" },
  pages: templateAt("board://pages/{id}"),
  vault: templateAt("board://vault/{id}", admin),
  ask: { as: prompt(), kind: "prompt" },
  judge: { as: prompt(admin), kind: "prompt", properties: { tone: { enum: ["kind", "strict"] } } },
});

const withoutAdmin: ComponentFilter = ({ tags }) => !tags.includes("admin");
const board = (filter: ComponentFilter): PathOptions => ({ services: [Board], filter });

beforeEach(() => {
  vi.spyOn(console, "error").mockImplementation(() => undefined);
});
afterEach(() => {
  vi.restoreAllMocks();
});
const logged = (): string => vi.mocked(console.error).mock.calls.flat().join("\n");

describe.each(CONTEXT_PATHS.map((path) => [path.name, path] as const))("Filtered components over %s", (_, path) => {
  it("are missing from all lists", async () => {
    await using opened = await path.open(board(withoutAdmin));
    const { client } = opened;
    expect((await client.listTools()).tools.map(({ name }) => name)).toEqual(["open", "callWipe", "useHidden"]);
    expect((await client.listResources()).resources.map(({ uri }) => uri)).toEqual(["board://page", "board://pages/1"]);
    const { resourceTemplates } = await client.listResourceTemplates();
    expect(resourceTemplates.map(({ uriTemplate }) => uriTemplate)).toEqual(["board://pages/{id}"]);
    expect((await client.listPrompts()).prompts.map(({ name }) => name)).toEqual(["ask"]);
  });

  it("fail as unknown ones do, and are not suggested", async () => {
    await using opened = await path.open(board(withoutAdmin));
    const { client } = opened;
    for (const name of ["wipe", "wiped"]) {
      await expect(client.callTool({ name })).rejects.toThrow(new RegExp(`Unknown tool: "${name}"\\.$`));
    }
    for (const uri of ["board://secret", "board://vault/1"]) {
      await expect(client.readResource({ uri })).rejects.toThrow(`Resource not found: ${uri}`);
    }
    await expect(client.getPrompt({ name: "judge", arguments: {} })).rejects.toThrow(/Unknown prompt: "judge"\.$/);
    const argument = { name: "tone", value: "" };
    await expect(client.complete({ ref: { type: "ref/prompt", name: "judge" }, argument })).rejects.toThrow(
      'Unknown prompt: "judge"',
    );
    const called = await client.callTool({ name: "callWipe" });
    expect(called).toMatchObject({
      isError: true,
      content: [{ text: expect.stringContaining("Unknown tool") as unknown }],
    });
    const used = await client.callTool({ name: "useHidden" });
    expect(used).toMatchObject({ content: [{ text: "rejected,rejected,rejected" }] });
    const ref = { type: "ref/resource", uri: "board://vault/{id}" } as const;
    await expect(client.complete({ ref, argument: { name: "id", value: "" } })).rejects.toThrow(
      'Unknown resource template: "board://vault/{id}"',
    );
    if (path.era === "modern" || !path.isLive) return;
    for (const uri of ["board://secret", "board://vault/1"]) {
      await expect(client.subscribeResource({ uri })).rejects.toThrow(`Resource not found: ${uri}`);
    }
  });

  it("are decided for each request, from the facts about it", async () => {
    let allowed: readonly string[] = ["open"];
    const seen: RequestView[] = [];
    const filter: ComponentFilter = async ({ name }, ctx) => (seen.push(ctx), allowed.includes(name));
    await using opened = await path.open(board(filter));
    expect((await opened.client.listTools()).tools.map(({ name }) => name)).toEqual(["open"]);
    const [first, ...others] = seen.splice(0);
    expect(others).toEqual([first, first, first]);
    expect(Object.isFrozen(first)).toBe(true);
    const knowsClient = path.era === "modern" || path.isLive;
    expect(first).toMatchObject({
      auth: undefined,
      era: path.era,
      protocolVersion: path.era === "modern" ? "2026-07-28" : "2025-11-25",
      client: knowsClient ? CLIENT_INFO : undefined,
    });
    expect(first?.http?.method).toBe(path.isHttp ? "POST" : undefined);
    expect(typeof first?.session.id).toBe(path.isLive ? "string" : "undefined");
    allowed = ["wipe"];
    await opened.client.callTool({ name: "wipe" });
    expect(seen).toHaveLength(1);
    expect(seen[0]).not.toBe(first);
  });

  it("are those for which the filter throws or returns anything but true, logged once a request", async () => {
    const filter = ((component: ComponentView) => {
      if (component.kind === "tool") throw new Error(`secret of ${component.name}`);
      return 1;
    }) as unknown as ComponentFilter;
    await using opened = await path.open(board(filter));
    expect((await opened.client.listTools()).tools).toEqual([]);
    expect((await opened.client.listPrompts()).prompts).toEqual([]);
    expect(logged().match(/hidden/g)).toHaveLength(1);
    expect(logged()).toContain("methodic: Board.open hidden: the option 'filter' threw. Error");
    expect(logged()).not.toContain("secret of");
    await expect(opened.client.callTool({ name: "open" })).rejects.toThrow("Unknown tool");
    expect(logged().match(/hidden/g)).toHaveLength(2);
  });
});

describe("A filter", () => {
  it("gets a frozen view of each component, always the same object", async () => {
    const views = new Map<string, Set<ComponentView>>();
    const filter: ComponentFilter = (component) => {
      views.set(component.name, (views.get(component.name) ?? new Set()).add(component));
      return true;
    };
    await using client = await createTestClient(createServer({ name: "board", version: "1", ...board(filter) }));
    await Promise.all([client.listTools(), client.listResources(), client.listPrompts()]);
    await client.callTool("open", {});
    expect([...views.values()].map(({ size }) => size)).toEqual([...views.values()].map(() => 1));
    expect([...(views.get("open") ?? [])]).toEqual([
      {
        kind: "tool",
        name: "open",
        uri: undefined,
        title: "Open",
        tags: ["read"],
        annotations: { title: "Open", readOnlyHint: true },
        meta: { team: "board" },
      },
    ]);
    expect([...(views.get("pages") ?? [])]).toMatchObject([{ kind: "resource", uri: "board://pages/{id}" }]);
    expect([...views.values()].every(([view]) => Object.isFrozen(view))).toBe(true);
  });

  it("cannot change what clients see", async () => {
    const filter: ComponentFilter = ({ annotations, meta }) => {
      Object.assign(annotations ?? {}, { title: "Changed" });
      Object.assign(Object(meta?.["nested"]), { team: "changed" });
      return true;
    };
    class Frozen {
      run(): string {
        return "ran";
      }
    }
    const meta = { nested: { team: "board" } };
    defineService(Frozen, { run: { as: tool({ annotations: { readOnlyHint: true }, meta }) } });
    const logger = { ...console, error: () => undefined };
    const options = { name: "board", version: "1", services: [Frozen], logger };
    await using changing = await createTestClient(createServer({ ...options, filter }));
    expect(await changing.listTools()).toEqual([]);
    await using client = await createTestClient(createServer(options));
    expect(await client.listTools()).toMatchObject([{ annotations: { title: "Run" }, _meta: meta }]);
    expect(meta).toEqual({ nested: { team: "board" } });
  });

  it("is asked only for components that the access rules allow", async () => {
    const asked: string[] = [];
    class Ruled {
      free(): string {
        return "free";
      }
      ruled(): string {
        return "ruled";
      }
    }
    defineService(Ruled, { free: { as: tool() }, ruled: { as: tool({ auth: requireScopes("admin") }) } });
    const filter: ComponentFilter = ({ name }) => asked.push(name) > 0;
    const server = createServer({ name: "ruled", version: "1", services: [Ruled], filter });
    await using client = await createTestClient(server, { auth: { scopes: [], claims: {} } });
    expect((await client.listTools()).map(({ name }) => name)).toEqual(["free"]);
    expect(asked).toEqual(["free"]);
  });

  it("hides components from pages without leaving gaps", async () => {
    const server = createServer({ name: "board", version: "1", pageSize: 1, ...board(withoutAdmin) });
    await using client = await createTestClient(server);
    expect((await client.listTools()).map(({ name }) => name)).toEqual(["open", "callWipe", "useHidden"]);
    expect((await client.listResources()).map(({ uri }) => uri)).toEqual(["board://page", "board://pages/1"]);
  });

  it("decides for each update of a resource whether the client hears of it", async () => {
    for (const path of CONTEXT_PATHS.filter(({ isLive }) => isLive)) {
      let isOpen = true;
      const filter: ComponentFilter = ({ uri }) => isOpen || uri !== "board://page";
      await using opened = await path.open(board(filter));
      const { client, server } = opened;
      const heard = new Inbox<string>();
      client.setNotificationHandler("notifications/resources/updated", ({ params }) => heard.add(params.uri));
      const uris = ["board://page", "board://secret"];
      if (path.era === "modern") await client.listen({ resourceSubscriptions: uris });
      else for (const uri of uris) await client.subscribeResource({ uri });
      isOpen = false;
      server.notify.resourceUpdated("board://page");
      server.notify.resourceUpdated("board://secret");
      await heard.count(1);
      expect(heard.items).toEqual(["board://secret"]);
    }
  });

  it("must be a function", () => {
    expect(() => createServer({ name: "x", version: "1", services: [], filter: true as never })).toThrow(MethodicError);
  });
});

describe("A filtered tool over HTTP", () => {
  const HEADERS = { "content-type": "application/json", accept: "application/json, text/event-stream" };
  class Regions {
    move(region: string): string {
      return region;
    }
    admin(): string {
      return "admin";
    }
  }
  defineService(Regions, {
    move: { as: tool(), properties: { region: { ...string, "x-mcp-header": "Region" } } },
    admin: { as: tool({ auth: requireScopes("admin") }) },
  });

  async function call(name: string, filter: ComponentFilter, key?: string): Promise<{ status: number; body: unknown }> {
    const auth = key === undefined ? "none" : apiKey({ keys: [{ name: "ada", key }] });
    await using server = createServer({ name: "regions", version: "1", services: [Regions], auth, filter });
    const _meta = {
      "io.modelcontextprotocol/protocolVersion": "2026-07-28",
      "io.modelcontextprotocol/clientInfo": { name: "test", version: "1" },
      "io.modelcontextprotocol/clientCapabilities": {},
    };
    const params = { name, arguments: { region: "eu" }, _meta };
    const response = await server.fetch(
      new Request("http://localhost/mcp", {
        method: "POST",
        headers: {
          ...HEADERS,
          ...(key !== undefined && { "x-api-key": key }),
          "mcp-protocol-version": "2026-07-28",
          "mcp-method": "tools/call",
          "mcp-name": name,
        },
        body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/call", params }),
      }),
    );
    return { status: response.status, body: await response.json() };
  }

  it.each([undefined, "a-key-of-ada-that-is-long-enough"])(
    "is not given away by a check of its headers, and is decided once (key: %s)",
    async (key) => {
      const hides = vi.fn<ComponentFilter>(() => false);
      const [hidden, absent] = [await call("move", hides, key), await call("gone", () => false, key)];
      expect(JSON.stringify(hidden)).toBe(JSON.stringify(absent).replaceAll("gone", "move"));
      expect(hides.mock.calls.filter(([{ name }]) => name === "move")).toHaveLength(1);
      const shows = vi.fn<ComponentFilter>(() => true);
      expect(await call("move", shows, key)).toMatchObject({ status: 400, body: { error: { code: -32020 } } });
      expect(shows).toHaveBeenCalledTimes(1);
      expect(shows.mock.calls[0]?.[1]).toMatchObject({ era: "modern", client: { name: "test" }, session: {} });
    },
  );

  it("is not given away by a challenge for scopes", async () => {
    const key = "a-key-of-ada-that-is-long-enough";
    expect((await call("admin", () => true, key)).status).toBe(403);
    const filter: ComponentFilter = (_component, ctx) => ctx.client?.name !== "test";
    const [hidden, absent] = [await call("admin", filter, key), await call("gone", filter, key)];
    expect(JSON.stringify(hidden)).toBe(JSON.stringify(absent).replaceAll("gone", "admin"));
  });
});
