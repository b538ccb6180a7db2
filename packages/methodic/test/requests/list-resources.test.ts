import { afterEach, describe, expect, it, vi } from "vitest";
import { type Context, createServer, resource, ResourceError } from "../../src/index.ts";
import { createTestClient, type TestClient } from "../../src/testing/test-client.ts";
import { defineService } from "../fixtures/service.ts";

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const string = { type: "string" };

/** Connects to a server with a template that lists what a function returns, and other resources. */
async function connect(
  ids: (ctx: Context) => unknown,
  { era = "legacy", isAlone = false }: { readonly era?: "legacy" | "modern"; readonly isAlone?: boolean } = {},
): Promise<{ client: TestClient; log: () => string }> {
  class Board {
    card(id: string): string {
      return id;
    }
    ids(ctx: Context): unknown {
      return ids(ctx);
    }
  }
  defineService(Board, {
    card: { as: resource("board://cards/{id}", { list: "ids" }), kind: "resource", properties: { id: string } },
  });
  class Others {
    rules(): string {
      return "Be kind.";
    }
    page(): string {
      return "page";
    }
    pages(): string[] {
      return ["a"];
    }
  }
  defineService(Others, {
    rules: { as: resource("board://rules"), kind: "resource" },
    page: { as: resource("pages://{id}", { list: "pages" }), kind: "resource", properties: { id: string }, names: [] },
  });
  const error = vi.spyOn(console, "error").mockImplementation(() => undefined);
  const services = isAlone ? [Board] : [Board, Others];
  const client = await createTestClient(createServer({ name: "board", version: "1", services }), {
    era,
    onElicit: () => ({ action: "accept", data: {} }),
  });
  return { client, log: () => error.mock.calls.flat().join("\n") };
}

const OTHERS = ["board://rules", "pages://a"];

async function listUris(client: TestClient): Promise<readonly string[]> {
  return (await client.listResources()).map(({ uri }) => uri);
}

const FAILING: readonly (readonly [string, (ctx: Context) => unknown, string])[] = [
  [
    "throws",
    () => {
      throw new Error("database is locked");
    },
    "Listing board://cards/{id} (Board.ids) failed: Error: database is locked",
  ],
  ["rejects", () => Promise.reject(new Error("no table")), "(Board.ids) failed: Error: no table"],
  ["rejects with an error for clients", () => Promise.reject(new ResourceError("closed")), "closed"],
  ["returns text", () => "a", "expected an array of variable values"],
  ["returns nothing", () => undefined, "expected an array of variable values"],
  ["asks the user", (ctx) => ctx.elicit("Which?", { type: "object", properties: {} }), "A list cannot ask the user."],
];

describe.each(["legacy", "modern"] as const)("resources/list in the %s era", (era) => {
  it.each(FAILING)("lists the others if a list method %s", async (_, ids, reason) => {
    const { client, log } = await connect(ids, { era });
    expect(await listUris(client)).toEqual(OTHERS);
    expect(log()).toContain(reason);
    expect((await client.readResource("board://cards/1")).text).toBe("1");
  });

  it.each(FAILING)("fails without the reason if a list method %s and there are no others", async (_, ids, reason) => {
    const { client, log } = await connect(ids, { era, isAlone: true });
    const error = await client.listResources().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: -32603 });
    const [, id = ""] = /Listing the resources failed \(error (\w+) in the server's log\)\.$/.exec(String(error)) ?? [];
    expect(log()).toContain(`[${id}]`);
    expect(log()).toContain(reason);
  });
});

describe("resources/list", () => {
  it("lists the others if a list method takes too long", async () => {
    vi.useFakeTimers();
    const { client, log } = await connect(() => {
      queueMicrotask(() => vi.advanceTimersByTime(10_000));
      return new Promise(() => undefined);
    });
    expect(await listUris(client)).toEqual(OTHERS);
    expect(log()).toContain("(Board.ids) failed: it took longer than 10 seconds");
  });

  it.each<[string, unknown, string]>([
    ["null", null, "variable 'id': expected a string, number or boolean, received null"],
    ["an object", { id: {} }, "expected a string, number or boolean, received object"],
    ["a list with a symbol in it", { id: ["a", Symbol("b")] }, "received symbol"],
    ["an object without the variable", {}, "no value for the variable 'id'"],
    ["text that is not Unicode", "\ud800", "URI malformed"],
    ["text that is too long", "x".repeat(70_000), "no resource has the URI"],
    ["an empty text", "", 'no resource has the URI "board://cards/".'],
    ["a path", "..", "the value of 'id' has a '..' segment. If the method does not build a path from it, name the"],
  ])("leaves out an entry that is %s", async (_, item, reason) => {
    const { client, log } = await connect(() => ["1", item, 2]);
    expect(await listUris(client)).toEqual([OTHERS[0], "board://cards/1", "board://cards/2", OTHERS[1]]);
    expect(log()).toMatch(
      /^methodic: \[\w+\] Listing board:\/\/cards\/\{id\} \(Board\.ids\) left out 1 of 3 entries\./,
    );
    expect(log()).toContain(reason);
  });

  it("lists only what can be read", async () => {
    const names = ["Q: why?", "/abs", "..", "a\nb", "%2e%2e", "a/b", "é", "x".repeat(5000), "a?b", "#", "."];
    const { client, log } = await connect(() => names);
    const uris = (await listUris(client)).filter((uri) => uri.startsWith("board://cards/"));
    const read = await Promise.all(uris.map((uri) => client.readResource(uri)));
    expect(read.map(({ text }) => text)).toEqual(["a/b", "é", "x".repeat(5000), "a?b", "#", "."]);
    expect(log()).toContain("left out 5 of 11 entries. The first: the value of 'id' is an absolute path.");
    expect(log()).toContain("allowUnsafeVariables");
  });
});
