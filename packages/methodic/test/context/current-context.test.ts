import { AsyncLocalStorage } from "node:async_hooks";
import type { Client } from "@modelcontextprotocol/client";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { currentContext } from "../../src/context/current-context.ts";
import { createServer, prompt, resource, tool } from "../../src/index.ts";
import { createTestClient } from "../../src/testing/test-client.ts";
import { CONTEXT_PATHS } from "../fixtures/context-paths.ts";
import { Inbox } from "../fixtures/inbox.ts";
import { defineService } from "../fixtures/service.ts";

beforeEach(() => void vi.spyOn(console, "error").mockImplementation(() => undefined));
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

/** Code that needs the context and does not get it. */
class Directory {
  readonly arrived = new Inbox<() => void>();

  /** Returns the caller's name once the test lets the call go on. */
  async nameOfCaller(): Promise<string> {
    const before = currentContext();
    await new Promise<void>((resolve) => this.arrived.add(resolve));
    const inTimer = await new Promise((resolve) => setTimeout(() => resolve(currentContext()), 1));
    const all = [before, inTimer, currentContext()];
    return all.every((context) => context === before) ? String(before.meta["name"]) : "another context";
  }
}

class Guests {
  readonly directory = new Directory();
  readonly late: Promise<unknown>[] = [];
  readonly closedFor: string[] = [];

  async tool(): Promise<string> {
    return this.directory.nameOfCaller();
  }

  async *generate(): AsyncGenerator<string, string> {
    const names = [];
    for (let i = 0; i < 2; i++) {
      names.push(await this.directory.nameOfCaller());
      yield "next";
    }
    return [...names, String(currentContext().meta["name"])].join();
  }

  async one(): Promise<string> {
    return this.directory.nameOfCaller();
  }

  async ask(): Promise<string> {
    return this.directory.nameOfCaller();
  }

  async confirm(): Promise<string> {
    return String(await currentContext().confirm("Sure?"));
  }

  declared(context: unknown): string {
    return String(context === currentContext());
  }

  names(): readonly string[] {
    return [String(currentContext().meta["name"])];
  }

  async dispose(): Promise<string> {
    const name = String(currentContext().meta["name"]);
    const close = (): void => void this.closedFor.push(String(currentContext().meta["name"]));
    await currentContext().use(Directory, () => Object.assign(new Directory(), { close }));
    return name;
  }

  leave(): string {
    const ended = new Promise((resolve) => setTimeout(resolve, 0));
    this.late.push(
      ended.then(() => {
        currentContext().log.info("late");
        return currentContext().confirm("Late?");
      }),
    );
    currentContext().log.info("early");
    return "left";
  }
}
defineService(Guests, {
  tool: { as: tool() },
  generate: { as: tool(), generator: "value" },
  one: { as: resource("guests://one"), kind: "resource" },
  ask: { as: prompt(), kind: "prompt" },
  confirm: { as: tool() },
  declared: { as: tool(), contextIndex: 0 },
  dispose: { as: tool() },
  leave: { as: tool() },
});

const request = (name: string) => ({ _meta: { name } });

/** Ways to run code in a call, each of which returns the name of its caller. */
const CALLS: readonly (readonly [kind: string, call: (client: Client, name: string) => Promise<unknown>])[] = [
  ["tool", (client, name) => client.callTool({ name: "tool", ...request(name) })],
  ["generator", (client, name) => client.callTool({ name: "generate", ...request(name) })],
  ["resource", (client, name) => client.readResource({ uri: "guests://one", ...request(name) })],
  ["prompt", (client, name) => client.getPrompt({ name: "ask", ...request(name) })],
];

describe.each(CONTEXT_PATHS)("currentContext over $name", (path) => {
  it.each(CALLS)("is not the context of a call that runs at the same time: %s", async (kind, call) => {
    const guests = new Guests();
    await using opened = await path.open({ services: [guests] });
    const both = Promise.all([call(opened.client, "Ada"), call(opened.client, "Bo")]);
    const { arrived } = guests.directory;
    for (let waiting = 0; waiting < (kind === "generator" ? 4 : 2); waiting += 2) {
      await arrived.count(waiting + 2);
      // Later calls go on first.
      for (const resume of arrived.items.slice(waiting).reverse()) resume();
    }
    const [ada, bo] = (await both).map((result) => JSON.stringify(result));
    expect([ada?.includes("Ada"), ada?.includes("Bo"), ada?.includes("another")]).toEqual([true, false, false]);
    expect([bo?.includes("Bo"), bo?.includes("Ada"), bo?.includes("another")]).toEqual([true, false, false]);
  });
});

describe.each(["legacy", "modern"] as const)("currentContext in the %s era", (era) => {
  const connect = (guests: Guests) =>
    createTestClient(createServer({ name: "s", version: "1", services: [guests] }), {
      era,
      onElicit: () => ({ action: "accept" }),
    });

  it("is the context that a method declares", async () => {
    await using client = await connect(new Guests());
    expect((await client.callTool("declared")).text).toBe("true");
  });

  it("asks the user", async () => {
    await using client = await connect(new Guests());
    expect((await client.callTool("confirm")).text).toBe("true");
  });

  it("sends logs of servers whose methods declare no context, until the call has ended", async () => {
    const guests = new Guests();
    await using client = await connect(guests);
    expect((await client.callTool("leave")).text).toBe("left");
    await expect(guests.late[0]).rejects.toThrow("The call has ended, so it can no longer ask");
    await client.callTool("confirm");
    expect(client.logs).toEqual([{ level: "info", data: "early" }]);
  });

  it("is still there while the values of the call are disposed", async () => {
    const guests = new Guests();
    await using client = await connect(guests);
    await client.client.callTool({ name: "dispose", ...request("Ada") });
    expect(guests.closedFor).toEqual(["Ada"]);
  });

  it("is the context of the list in a list method", async () => {
    class Listed {
      note(name: string): string {
        return name;
      }
      names(): readonly string[] {
        return [currentContext().server.name];
      }
    }
    const as = resource("notes://{name}", { list: "names" });
    defineService(Listed, { note: { as, kind: "resource", properties: { name: { type: "string" } } } });
    const server = createServer({ name: "listed", version: "1", services: [Listed] });
    await using client = await createTestClient(server, { era });
    expect((await client.listResources()).map(({ uri }) => uri)).toEqual(["notes://listed"]);
  });
});

describe("currentContext outside of calls", () => {
  const noContext = { code: "NO_CONTEXT", message: expect.stringContaining("no call is running here") as string };

  it("throws", () => {
    expect(() => currentContext()).toThrow(expect.objectContaining(noContext));
  });

  it("throws in hooks of the server", async () => {
    const seen: unknown[] = [];
    const onStart = (): void => {
      try {
        currentContext();
      } catch (error) {
        seen.push(error);
      }
    };
    const server = createServer({ name: "s", version: "1", services: [], onStart });
    await using _ = await createTestClient(server);
    expect(seen).toEqual([expect.objectContaining(noContext)]);
  });
});

describe("currentContext without process.getBuiltinModule", () => {
  async function load(): Promise<typeof import("../../src/context/current-context.ts")> {
    vi.resetModules();
    vi.spyOn(process, "getBuiltinModule").mockReturnValue(undefined as never);
    return import("../../src/context/current-context.ts");
  }

  it("uses the global class that some runtimes have", async () => {
    vi.stubGlobal("AsyncLocalStorage", AsyncLocalStorage);
    const { currentContext: current } = await load();
    const { callStorage } = await import("../../src/context/call-storage.ts");
    const context = {} as ReturnType<typeof current>;
    expect(callStorage.current?.run(context, current)).toBe(context);
  });

  it("says what to do if the runtime has no such class", async () => {
    const { currentContext: current } = await load();
    expect(() => current()).toThrow("this runtime has no AsyncLocalStorage. On Cloudflare Workers, set");
  });
});
