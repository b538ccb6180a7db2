import { describe, expect, it } from "vitest";
import { createServer, prompt, resource, type ServerOptions, tool } from "../../src/index.ts";
import { CONTEXT_PATHS, type ContextPath } from "../fixtures/context-paths.ts";
import { defineService } from "../fixtures/service.ts";

const open = { cacheScope: "public" } as const;
const string = { type: "string" };

class Cached {
  fast(): void {}
  slow(): void {}
  letter(): void {}
  page(): string {
    return "page";
  }
  live(): string {
    return "live";
  }
  note(id: string): string {
    return id;
  }
  ids(): string[] {
    return ["a"];
  }
}
defineService(Cached, {
  fast: { as: tool({ cacheHint: { ttlMs: 1000, ...open } }) },
  slow: { as: tool({ cacheHint: { ttlMs: 60_000, ...open } }) },
  letter: { as: prompt({ cacheHint: { ttlMs: 5000 } }), kind: "prompt" },
  page: { as: resource("c://page", { cacheHint: { ttlMs: 3000, ...open } }), kind: "resource" },
  live: { as: resource("c://live"), kind: "resource" },
  note: {
    as: resource("c://notes/{id}", { list: "ids", cacheHint: { ttlMs: 7000, ...open } }),
    kind: "resource",
    properties: { id: string },
  },
});

type Options = Omit<Partial<ServerOptions>, "services"> & { readonly services?: ServerOptions["services"] };

/** Returns the cache hints that a client sees. */
async function readHints({ open: connect }: ContextPath, options: Options = {}): Promise<object> {
  await using opened = await connect({ services: [Cached], ...options });
  const { client } = opened;
  const hintOf = (result: object): unknown[] => {
    const { ttlMs, cacheScope } = result as { readonly ttlMs?: unknown; readonly cacheScope?: unknown };
    return [ttlMs, cacheScope];
  };
  const read = async (uri: string): Promise<unknown> => hintOf(await client.readResource({ uri }));
  const list = async (method: string): Promise<unknown> => hintOf(await client.request({ method } as never));
  return {
    tools: await list("tools/list"),
    prompts: await list("prompts/list"),
    resources: await list("resources/list"),
    templates: await list("resources/templates/list"),
    page: await read("c://page"),
    live: await read("c://live"),
    note: await read("c://notes/a"),
  };
}

const MODERN = CONTEXT_PATHS.filter(({ era }) => era === "modern");
const LEGACY = CONTEXT_PATHS.filter(({ era }) => era === "legacy");
const path = MODERN[0]!;

describe.each(MODERN)("A cache hint over $name", (each) => {
  it("belongs to the contents of a resource, and to lists as the shortest of what they show", async () => {
    expect(await readHints(each)).toEqual({
      tools: [1000, "public"],
      prompts: [5000, "private"],
      resources: [0, "private"],
      templates: [7000, "public"],
      page: [3000, "public"],
      live: [0, "private"],
      note: [7000, "public"],
    });
  });
});

describe.each(LEGACY)("A cache hint over $name", (each) => {
  it("is not sent", async () => {
    const hints = await readHints(each, { cacheHints: { "resources/read": { ttlMs: 5 } } });
    expect(Object.values(hints).flat()).toEqual(Array.from({ length: 14 }));
  });
});

describe("The server's cache hints", () => {
  it("apply to components without one, and to the server's description", async () => {
    const cacheHints = {
      "resources/list": { ttlMs: 4000, ...open },
      "resources/read": { ttlMs: 9000, ...open },
      "tools/list": { ttlMs: 10 },
      "server/discover": { ttlMs: 8000, ...open },
    } as const;
    expect(await readHints(path, { cacheHints })).toMatchObject({
      tools: [1000, "public"],
      resources: [3000, "public"],
      page: [3000, "public"],
      live: [9000, "public"],
    });
    await using opened = await path.open({ services: [Cached], cacheHints });
    expect(await opened.client.discover()).toMatchObject({ ttlMs: 8000, cacheScope: "public" });
  });

  it("do not depend on templates that a list of resources does not show", async () => {
    class Pages {
      home(): string {
        return "home";
      }
      page(id: string): string {
        return id;
      }
    }
    const auth = () => true;
    defineService(Pages, {
      home: { as: resource("p://home", { cacheHint: { ttlMs: 1000, ...open } }), kind: "resource" },
      page: { as: resource("p://pages/{id}", { auth }), kind: "resource", properties: { id: string } },
    });
    await using opened = await path.open({ services: [Pages] });
    expect(await opened.client.listResources()).toMatchObject({ ttlMs: 1000, cacheScope: "public" });
  });

  it("are refused with names and values that do not exist", () => {
    const serve = (cacheHints: object) => () =>
      createServer({ name: "s", version: "1", services: [], cacheHints: cacheHints as never });
    expect(serve({ "tools/call": {} })).toThrow("unknown option 'cacheHints.tools/call'");
    expect(serve({ "tools/list": { ttlMs: -1 } })).toThrow("invalid option 'cacheHints.tools/list.ttlMs': -1");
    expect(serve({ "tools/list": { cacheScope: "all" } })).toThrow("invalid option 'cacheHints.tools/list.cacheScope'");
  });
});

describe("A list or resource that depends on the caller", () => {
  const cacheHint = { ttlMs: 1000, ...open };

  it("is private if an access rule guards a part of it", async () => {
    class Guarded {
      secret(): void {}
      file(): string {
        return "";
      }
    }
    const auth = () => true;
    defineService(Guarded, {
      secret: { as: tool({ cacheHint, auth }) },
      file: { as: resource("c://file", { cacheHint, auth }), kind: "resource" },
    });
    const services = [Guarded, Cached];
    const cacheHints = { "resources/list": cacheHint } as const;
    expect(await readHints(path, { services, cacheHints })).toMatchObject({
      tools: [1000, "private"],
      resources: [1000, "private"],
      templates: [7000, "public"],
    });
    await using opened = await path.open({ services });
    expect(await opened.client.readResource({ uri: "c://file" })).toMatchObject({ ttlMs: 1000, cacheScope: "private" });
  });

  it("is private if the server has a filter", async () => {
    const hints = await readHints(path, { filter: () => true, cacheHints: { "resources/read": cacheHint } });
    expect(Object.values(hints).filter((hint) => (hint as unknown[])[1] === "public")).toEqual([]);
  });

  it("is private if an access rule guards the whole server", async () => {
    const cacheHints = { "server/discover": cacheHint } as const;
    await using opened = await path.open({ services: [Cached], auth: [() => true], cacheHints });
    const results = [
      await opened.client.listTools(),
      await opened.client.readResource({ uri: "c://page" }),
      await opened.client.discover(),
    ];
    expect(results.map((result) => (result as { readonly cacheScope?: unknown }).cacheScope)).toEqual(
      Array.from({ length: 3 }, () => "private"),
    );
  });

  it("is private if a list method has a context", async () => {
    class Listed {
      mine(id: string): string {
        return id;
      }
      ids(_ctx: object): string[] {
        return ["a"];
      }
    }
    defineService(Listed, {
      mine: { as: resource("m://{id}", { list: "ids", cacheHint }), kind: "resource", properties: { id: string } },
    });
    await using opened = await path.open({ services: [Listed] });
    expect(await opened.client.listResources()).toMatchObject({ ttlMs: 1000, cacheScope: "private" });
    expect(await opened.client.listResourceTemplates()).toMatchObject({ ttlMs: 1000, cacheScope: "public" });
  });
});

describe("A resource with several versions", () => {
  it("has no cache hint: the official client keeps its contents by URI", async () => {
    class Terms {
      old(): string {
        return "old";
      }
      new(): string {
        return "new";
      }
    }
    const cacheHint = { ttlMs: 60_000, ...open };
    defineService(Terms, {
      old: { as: resource("t://terms", { version: "1", cacheHint }), kind: "resource" },
      new: { as: resource("t://terms", { version: "2", cacheHint }), kind: "resource" },
    });
    await using opened = await path.open({ services: [Terms] });
    const read = async (params: object): Promise<unknown> => {
      const { contents } = await opened.client.readResource({ uri: "t://terms", ...params });
      return (contents[0] as { readonly text?: unknown }).text;
    };
    expect(await read({})).toBe("new");
    expect(await read({ _meta: { "dev.methodic/version": { version: "1" } } })).toBe("old");
    expect(await read({})).toBe("new");
  });
});
