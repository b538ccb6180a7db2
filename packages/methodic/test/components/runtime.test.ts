import { describe, expect, it, vi } from "vitest";
import {
  type Context,
  createNotifier,
  createServer,
  MethodicError,
  type Notifier,
  prompt,
  resource,
  type Server,
  tool,
} from "../../src/index.ts";
import { DESCRIBE_SERVER, type ServerDescription } from "../../src/manifest/index.ts";
import { createTestClient } from "../../src/testing/test-client.ts";
import { defer } from "../fixtures/features.ts";
import { Inbox } from "../fixtures/inbox.ts";
import { defineService } from "../fixtures/service.ts";

const text = { type: "string" };

class Base {
  read(): string {
    return "read";
  }
}
defineService(Base, { read: { as: tool({ tags: ["safe", "all"] }) } });

class Admin {
  wipe(): string {
    return "wiped";
  }
  grant(name: string): string {
    return name;
  }
  log(): string {
    return "log";
  }
  entry(n: string): string {
    return n;
  }
  ask(tone: string, ctx: Context): string {
    return `${tone} ${ctx.era}`;
  }
}
defineService(Admin, {
  wipe: { as: tool({ tags: ["admin", "all"] }) },
  grant: { as: tool({ tags: ["admin"], enabled: false }), properties: { name: text } },
  log: { as: resource("admin://log"), kind: "resource" },
  entry: { as: resource("admin://log/{n}"), kind: "resource", properties: { n: text } },
  ask: { as: prompt(), kind: "prompt", properties: { tone: { enum: ["kind", "strict"] } }, contextIndex: 1 },
});

class Twin {
  read(): string {
    return "twin";
  }
  other(): string {
    return "other";
  }
}
defineService(Twin, { read: { as: tool() }, other: { as: tool("a b") } });

const serverOf = (...services: readonly object[]): Server => createServer({ name: "s", version: "1", services });

function namesOf(server: Server): readonly string[] {
  const described = (server as unknown as { [DESCRIBE_SERVER](): ServerDescription })[DESCRIBE_SERVER]();
  const { tools, resources, resourceTemplates, prompts } = described;
  return [...tools, ...resources, ...resourceTemplates, ...prompts].map(({ name }) => name);
}

/** A server, and the announcements of its changes. */
function announcingServer(): { readonly server: Server; readonly announced: string[] } {
  const announced: string[] = [];
  const notifier = createNotifier();
  const names = ["toolsChanged", "resourcesChanged", "promptsChanged"] as const;
  for (const name of names) vi.spyOn(notifier, name).mockImplementation(() => void announced.push(name));
  return { server: createServer({ name: "s", version: "1", services: [Base], notifier }), announced };
}

/** Runs what was queued as a microtask before. */
const microtask = (): Promise<void> => new Promise((resolve) => queueMicrotask(resolve));

describe("server.tools.add", () => {
  it("adds the tools of an instance and nothing else of it", async () => {
    const server = serverOf(Base);
    server.tools.add(new Admin());
    await using client = await createTestClient(server);
    expect((await client.listTools()).map(({ name }) => name)).toEqual(["read", "wipe"]);
    expect((await client.callTool("wipe")).text).toBe("wiped");
    expect(namesOf(server)).toEqual(["read", "wipe", "grant"]);
  });

  it("adds nothing and lists all problems if there are some", () => {
    const { server, announced } = announcingServer();
    const add = (): void => server.tools.add(new Admin(), new Twin(), Base, 5 as never);
    expect(add).toThrow(
      expect.objectContaining({
        code: "INVALID_COMPONENTS",
        message: [
          "server.tools.add added nothing: 4 problems.",
          "- DUPLICATE_NAME: Duplicate name 'read': Base.read and Twin.read. Give one of them another name.",
          '- INVALID_NAME: Twin.other: invalid public name: "a b". A name has 1 to 128 of the characters A-Z a-z 0-9 _ - . /; set it in the decorator: { name: "…" }.',
          "- INVALID_SERVICE: server.tools.add: invalid component: a function. Pass an instance: new Base(…).",
          "- INVALID_SERVICE: server.tools.add: invalid component: 5. Pass an instance of a class with decorated methods, or the result of defineTool, for example.",
        ].join("\n"),
      }),
    );
    expect(namesOf(server)).toEqual(["read"]);
    expect(announced).toEqual([]);
  });

  it("throws a single problem as it is", () => {
    const server = serverOf(Base);
    const thrown = (add: () => void): unknown => {
      try {
        return add();
      } catch (error) {
        return error instanceof MethodicError && `${error.code}: ${error.message}`;
      }
    };
    expect(thrown(() => server.tools.add(new Date()))).toContain(
      "INVALID_SERVICE: The service Date has no decorated method.",
    );
    expect(thrown(() => server.tools.add({ name: "a", run: () => "a" }))).toBe(
      "INVALID_SERVICE: server.tools.add: invalid component: an object. Pass it through defineTool({ … }), defineResource({ … }) or definePrompt({ … }).",
    );
    expect(thrown(() => server.tools.add([new Admin()]))).toBe(
      "INVALID_SERVICE: server.tools.add: invalid component: an array. Spread it: add(...components).",
    );
    expect(server.remove(undefined as never)).toBe(false);
    expect(thrown(() => server.prompts.add(new Base()))).toBe(
      "INVALID_SERVICE: server.prompts.add: Base.read is a tool. Add it with server.tools.add, or with server.add.",
    );
    const admin = new Admin();
    expect(thrown(() => server.tools.add(admin, admin))).toContain("INVALID_COMPONENTS");
    class Uncompiled {
      run(): void {}
    }
    tool()(Uncompiled.prototype, "run", Object.getOwnPropertyDescriptor(Uncompiled.prototype, "run")!);
    expect(thrown(() => server.tools.add(new Uncompiled()))).toContain("MISSING_MANIFEST: Uncompiled.run is decorated");
  });
});

describe("server.add and server.remove", () => {
  it("add and remove all components of an instance", () => {
    const server = serverOf(Base);
    const admin = new Admin();
    server.add(admin);
    expect(namesOf(server)).toEqual(["read", "wipe", "grant", "log", "entry", "ask"]);
    expect(server.remove(admin)).toBe(true);
    expect(namesOf(server)).toEqual(["read"]);
    expect([server.remove(admin), server.remove({})]).toEqual([false, false]);
  });

  it("remove an instance that was listed in services", () => {
    const base = new Base();
    const server = serverOf(base, Admin);
    expect(server.remove(base)).toBe(true);
    expect(namesOf(server)).not.toContain("read");
  });
});

describe("remove", () => {
  it("takes a name, a URI without regard to the case of its scheme, or a template", () => {
    const server = serverOf(Base, Admin);
    expect([server.tools.remove("wipe"), server.tools.remove("wipe")]).toEqual([true, false]);
    expect(server.resources.remove("admin://log/{id}")).toBe(false);
    expect(server.resources.remove("admin://log/{")).toBe(false);
    expect(server.resources.remove("ADMIN://log")).toBe(true);
    expect(server.resources.remove("ADMIN://log/{n}")).toBe(true);
    expect(server.prompts.remove("ask")).toBe(true);
    expect(server.tools.remove(undefined as never)).toBe(false);
    expect(namesOf(server)).toEqual(["read", "grant"]);
  });

  it("frees the name for another component", async () => {
    const server = serverOf(Base);
    await using client = await createTestClient(server);
    class Next {
      read(): string {
        return "next";
      }
    }
    defineService(Next, { read: { as: tool() } });
    expect((await client.callTool("read")).text).toBe("read");
    server.tools.remove("read");
    server.tools.add(new Next());
    expect((await client.callTool("read")).text).toBe("next");
  });

  it.each(["legacy", "modern"] as const)("lets calls in flight finish as they would have (%s)", async (era) => {
    const started = defer<void>();
    const released = defer<void>();
    class Slow {
      async wait(): Promise<number> {
        started.resolve();
        await released.promise;
        return 4;
      }
    }
    defineService(Slow, { wait: { as: tool(), outputSchema: { type: "number" } } });
    const server = serverOf(Base, Slow);
    await using client = await createTestClient(server, { era });
    const call = client.callTool("wait");
    await started.promise;
    server.tools.remove("wait");
    await expect(client.callTool("wait")).rejects.toThrow('Unknown tool: "wait".');
    released.resolve();
    expect(await call).toMatchObject({ structured: era === "legacy" ? { result: 4 } : 4, isError: false });
  });
});

describe("enable and disable", () => {
  it("take a name, and return how many components changed", async () => {
    const server = serverOf(Base, Admin);
    await using client = await createTestClient(server);
    expect([server.tools.disable("read"), server.tools.disable("read")]).toEqual([1, 0]);
    expect([server.tools.enable("grant"), server.tools.enable("grant")]).toEqual([1, 0]);
    expect(server.resources.disable("admin://log/{n}")).toBe(1);
    expect(server.resources.disable("admin://log")).toBe(1);
    expect((await client.listTools()).map(({ name }) => name)).toEqual(["wipe", "grant"]);
    expect([await client.listResources(), await client.listResourceTemplates()]).toEqual([[], []]);
    await expect(client.readResource("admin://log/3")).rejects.toThrow("Resource not found");
    server.resources.enable("admin://log/{n}");
    expect((await client.readResource("admin://log/3")).text).toBe("3");
  });

  it("take tags, any of which a component must have", async () => {
    const server = serverOf(Base, Admin);
    await using client = await createTestClient(server);
    expect(server.tools.disable({ tags: ["admin", "safe"] })).toBe(2);
    expect(await client.listTools()).toEqual([]);
    expect(server.tools.enable({ tags: ["all"] })).toBe(2);
    expect((await client.listTools()).map(({ name }) => name)).toEqual(["read", "wipe"]);
    expect(server.tools.enable({ tags: ["none"] })).toBe(0);
  });

  it("take tags of resources, of templates and of prompts, and leave other kinds alone", async () => {
    class Tagged {
      use(): string {
        return "use";
      }
      page(): string {
        return "page";
      }
      other(): string {
        return "other";
      }
      pages(n: string): string {
        return n;
      }
      ask(): string {
        return "ask";
      }
    }
    const tags = ["beta"];
    defineService(Tagged, {
      use: { as: tool({ tags }) },
      page: { as: resource("t://page", { tags }), kind: "resource" },
      other: { as: resource("t://other"), kind: "resource" },
      pages: { as: resource("t://pages/{n}", { tags }), kind: "resource", properties: { n: text } },
      ask: { as: prompt({ tags }), kind: "prompt" },
    });
    const server = serverOf(Tagged);
    await using client = await createTestClient(server);
    const listed = async (): Promise<readonly string[]> => [
      ...(await client.listTools()).map(({ name }) => name),
      ...(await client.listResources()).map(({ uri }) => uri),
      ...(await client.listResourceTemplates()).map(({ uriTemplate }) => uriTemplate),
      ...(await client.listPrompts()).map(({ name }) => name),
    ];
    expect(server.resources.disable({ tags })).toBe(2);
    expect(await listed()).toEqual(["use", "t://other", "ask"]);
    expect(server.prompts.disable({ tags })).toBe(1);
    expect(await listed()).toEqual(["use", "t://other"]);
    expect([server.resources.enable({ tags }), server.prompts.enable({ tags })]).toEqual([2, 1]);
    expect(await listed()).toEqual(["use", "t://page", "t://other", "t://pages/{n}", "ask"]);
  });

  it.each<[string, (server: Server) => void, string]>([
    ["a name", ({ tools }) => tools.enable("raed"), 'server.tools.enable: unknown tool: "raed". Did you mean "read"?'],
    [
      "a URI",
      ({ resources }) => resources.disable("admin://logs"),
      'server.resources.disable: unknown resource: "admin://logs". Did you mean "admin://log"? Pass the URI or template',
    ],
    ["tags", ({ prompts }) => prompts.enable({ tags: [] }), "server.prompts.enable: invalid option 'tags'"],
    ["an option", ({ tools }) => tools.enable({ tag: "a" } as never), "server.tools.enable: missing option 'tags'"],
  ])("refuse %s that the server does not know", (_, change, message) => {
    const server = serverOf(Base, Admin);
    expect(() => change(server)).toThrow(message);
    expect(() => change(server)).toThrow(expect.objectContaining({ code: "INVALID_ARGUMENT" }));
  });
});

describe("changes at run time", () => {
  it("are announced once for each kind and task", async () => {
    const { server, announced } = announcingServer();
    const admin = new Admin();
    server.add(admin);
    server.tools.disable("read");
    server.resources.disable("admin://log");
    expect(announced).toEqual([]);
    await microtask();
    expect(announced.splice(0)).toEqual(["toolsChanged", "resourcesChanged", "promptsChanged"]);
    server.remove(admin);
    await microtask();
    server.tools.enable("read");
    await microtask();
    expect(announced).toEqual(["toolsChanged", "resourcesChanged", "promptsChanged", "toolsChanged"]);
  });

  it("are not announced if lists stay the same", async () => {
    const { server, announced } = announcingServer();
    class Hidden {
      secret(): void {}
    }
    defineService(Hidden, { secret: { as: tool({ enabled: false }) } });
    server.tools.add(new Hidden());
    server.tools.enable("read");
    server.tools.remove("unknown");
    server.tools.remove("secret");
    expect(() => server.tools.enable("unknown")).toThrow("unknown tool");
    expect(() => server.tools.add(new Twin())).toThrow("2 problems");
    await microtask();
    expect(announced).toEqual([]);
  });

  it("are announced through the notifier that the author passes, to the clients of the server", async () => {
    const notifier: Notifier = createNotifier();
    const server = createServer({ name: "s", version: "1", services: [Base], notifier });
    await using client = await createTestClient(server, { era: "legacy" });
    const heard = new Inbox<string>();
    client.client.setNotificationHandler("notifications/tools/list_changed", ({ method }) => heard.add(method));
    server.tools.add(new Admin());
    await heard.count(1);
    notifier.toolsChanged();
    await heard.count(2);
    expect(heard.items).toHaveLength(2);
  });
});

describe.each(["legacy", "modern"] as const)("capabilities in the %s era", (era) => {
  it("name the kinds whose components the author can change", async () => {
    const server = serverOf(Base);
    await using before = await createTestClient(server, { era });
    expect(before.client.getServerCapabilities()).toEqual({ tools: { listChanged: true } });
    expect(server.prompts.remove("none")).toBe(false);
    expect(server.resources.remove("none://")).toBe(false);
    await using client = await createTestClient(server, { era });
    expect(client.client.getServerCapabilities()).toEqual({
      tools: { listChanged: true },
      resources: { listChanged: true, subscribe: true },
      prompts: { listChanged: true },
      completions: {},
      logging: {},
    });
    expect([await client.listPrompts(), await client.listResources(), await client.listResourceTemplates()]).toEqual([
      [],
      [],
      [],
    ]);
    server.add(new Admin());
    expect((await client.getPrompt("ask", { tone: "kind" })).text).toBe(`kind ${era}`);
    const ref = { type: "ref/prompt", name: "ask" } as const;
    const { completion } = await client.client.complete({ ref, argument: { name: "tone", value: "s" } });
    expect(completion.values).toEqual(["strict"]);
  });

  it("stay when the last component is removed", async () => {
    const server = serverOf(Base);
    server.tools.remove("read");
    await using client = await createTestClient(server, { era });
    expect(client.client.getServerCapabilities()).toMatchObject({ tools: { listChanged: true } });
    expect(await client.listTools()).toEqual([]);
  });
});

describe("a legacy subscription", () => {
  it("is silent while its resource is removed, and continues with another one of this URI", async () => {
    const server = serverOf(Base, Admin);
    await using client = await createTestClient(server, { era: "legacy" });
    const heard = new Inbox<string>();
    client.client.setNotificationHandler("notifications/resources/updated", ({ params }) => heard.add(params.uri));
    await client.client.subscribeResource({ uri: "admin://log" });
    server.resources.remove("admin://log");
    server.notify.resourceUpdated("admin://log");
    await expect(client.readResource("admin://log")).rejects.toThrow("Resource not found");
    expect(heard.items).toEqual([]);
    class Log {
      log(): string {
        return "new";
      }
    }
    defineService(Log, { log: { as: resource("admin://log"), kind: "resource" } });
    server.resources.add(new Log());
    server.notify.resourceUpdated("admin://log");
    await heard.count(1);
    await client.client.unsubscribeResource({ uri: "admin://log" });
    expect(heard.items).toEqual(["admin://log"]);
  });
});
