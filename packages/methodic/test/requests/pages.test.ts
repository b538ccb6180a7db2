import type { Client } from "@modelcontextprotocol/client";
import { afterEach, describe, expect, it, vi } from "vitest";
import { requireScopes } from "../../src/auth/index.ts";
import { createServer, MethodicError, prompt, resource, tool } from "../../src/index.ts";
import { createTestClient } from "../../src/testing/test-client.ts";
import { CONTEXT_PATHS, type PathOptions } from "../fixtures/context-paths.ts";
import { defineService, type MemberFixture } from "../fixtures/service.ts";
import { WIRES, withEnvelope } from "../fixtures/wires.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

type Members = { readonly [name: string]: MemberFixture };

/** Makes a service whose methods return their names. */
function serviceOf(members: Members, lists: { readonly [name: string]: () => unknown } = {}): object {
  class Service {
    readonly label = "service";
  }
  for (const name of Object.keys(members)) Object.defineProperty(Service.prototype, name, { value: () => name });
  for (const [name, list] of Object.entries(lists)) Object.defineProperty(Service.prototype, name, { value: list });
  return new (defineService(Service, members))();
}

function fixturesOf(names: readonly string[], fixture: (name: string) => MemberFixture): Members {
  return Object.fromEntries(names.map((name) => [name, fixture(name)]));
}

const string = { type: "string" };
const templateAt = (uri: string, list?: string): MemberFixture => ({
  as: resource(uri, list === undefined ? {} : { list }),
  kind: "resource",
  properties: { id: string },
});

const NAMES = ["one", "two", "three", "four", "five"];
const everything: PathOptions = {
  pageSize: 2,
  services: [
    serviceOf(fixturesOf(NAMES, () => ({ as: tool() }))),
    serviceOf(fixturesOf(NAMES, () => ({ as: prompt(), kind: "prompt" }))),
    serviceOf(fixturesOf(NAMES, (name) => ({ as: resource(`fixed://${name}`), kind: "resource" }))),
    serviceOf(
      fixturesOf(NAMES, (name) => templateAt(`${name}://{id}`, "ids")),
      { ids: () => ["c", "a", "b"] },
    ),
  ],
};

type ListMethod = "tools/list" | "resources/list" | "resources/templates/list" | "prompts/list";
type Entry = { readonly name: string; readonly uri?: string; readonly uriTemplate?: string };

async function fetchPage(
  client: Client,
  method: ListMethod,
  cursor?: string,
): Promise<{ readonly names: readonly string[]; readonly nextCursor?: string }> {
  const params = cursor === undefined ? {} : { cursor };
  const { nextCursor, ...result } = (await client.request({ method, params })) as { readonly nextCursor?: string };
  const entries = Object.values(result).find(Array.isArray) as readonly Entry[];
  const names = entries.map(({ uri, uriTemplate, name }) => uri ?? uriTemplate ?? name);
  return { names, ...(nextCursor !== undefined && { nextCursor }) };
}

/** Reads all pages. Between two pages, `change` runs. */
async function readPages(
  client: Client,
  method: ListMethod,
  change: () => void = () => undefined,
): Promise<readonly (readonly string[])[]> {
  const pages: (readonly string[])[] = [];
  let cursor: string | undefined;
  do {
    const { names, nextCursor } = await fetchPage(client, method, cursor);
    pages.push(names);
    cursor = nextCursor;
    change();
  } while (cursor !== undefined && pages.length < 100);
  return pages;
}

const LISTED = NAMES.flatMap((name) => ["a", "b", "c"].map((id) => `${name}://${id}`));
const RESOURCES = [...NAMES.map((name) => `fixed://${name}`), ...LISTED];
const ENTRIES: { readonly [method in ListMethod]: readonly string[] } = {
  "tools/list": NAMES,
  "prompts/list": NAMES,
  "resources/templates/list": NAMES.map((name) => `${name}://{id}`),
  "resources/list": RESOURCES,
};
const METHODS = Object.keys(ENTRIES) as ListMethod[];

describe.each(CONTEXT_PATHS.map((path) => [path.name, path] as const))("Lists in pages over %s", (_, path) => {
  it("have pages of the size that the server names, with every entry once and in order", async () => {
    await using opened = await path.open(everything);
    for (const method of METHODS) {
      const pages = await readPages(opened.client, method);
      expect(pages.flat()).toEqual(ENTRIES[method]);
      expect(pages.map(({ length }) => length)).toEqual(
        ENTRIES[method].flatMap((_entry, i, { length }) => (i % 2 === 0 ? [Math.min(2, length - i)] : [])),
      );
      expect(await readPages(opened.client, method)).toEqual(pages);
    }
  });

  it("are whole for the official client, which reads all pages", async () => {
    await using opened = await path.open(everything);
    const { client } = opened;
    expect((await client.listTools()).tools.map(({ name }) => name)).toEqual(NAMES);
    expect((await client.listResources()).resources.map(({ uri }) => uri)).toEqual(RESOURCES);
    expect((await client.listResourceTemplates()).resourceTemplates).toHaveLength(5);
    expect((await client.listPrompts()).prompts.map(({ name }) => name)).toEqual(NAMES);
  });
});

const encode = (text: string): string => Buffer.from(text).toString("base64url");
const FORGED = [
  "[]",
  "{}",
  "null",
  '["tools/list"]',
  '["tools/list",{}]',
  '["tools/list",1,2]',
  '["tools/list",1,"",3]',
];
const INVALID = ["unknown", "äöü", "x".repeat(10_000), ...FORGED.map(encode)];

describe.each(WIRES)("An invalid cursor over %s", (_, open) => {
  const list = (method: string, cursor: string): object => ({ jsonrpc: "2.0", id: 7, method, params: { cursor } });

  it("is refused with the way to get a valid one", async () => {
    const wire = await open(everything);
    for (const method of METHODS) {
      for (const cursor of INVALID) {
        const request = list(method, cursor);
        const [answer] = await wire.send(wire.era === "modern" ? withEnvelope(request) : request);
        expect(answer?.error?.code).toBe(-32602);
        expect(answer?.error?.message).toMatch(
          /^[a-z/]+: invalid parameter 'cursor': ".*"\. Send the nextCursor of the page before, or leave it out/,
        );
      }
    }
  });
});

describe("A cursor", () => {
  it("is refused by another list, which names the one that it belongs to", async () => {
    await using opened = await CONTEXT_PATHS[0]!.open(everything);
    const { nextCursor } = await fetchPage(opened.client, "tools/list");
    await expect(fetchPage(opened.client, "prompts/list", nextCursor)).rejects.toMatchObject({
      code: -32602,
      message: expect.stringMatching(/It belongs to the list of "tools\/list"\. Send it there\.$/) as unknown,
    });
  });

  it("is refused by a server without pages, which has none", async () => {
    await using opened = await CONTEXT_PATHS[0]!.open({ services: everything.services });
    for (const method of METHODS) {
      const { nextCursor } = await fetchPage(opened.client, method);
      expect(nextCursor).toBeUndefined();
      await expect(fetchPage(opened.client, method, "W10")).rejects.toThrow(
        "Leave it out: the lists of this server have one page.",
      );
    }
  });

  it("may be empty for the first page", async () => {
    await using opened = await CONTEXT_PATHS[0]!.open(everything);
    expect((await fetchPage(opened.client, "tools/list", "")).names).toEqual(["one", "two"]);
  });

  it("continues in another process of the server", async () => {
    await using first = await CONTEXT_PATHS[0]!.open(everything);
    await using second = await CONTEXT_PATHS[0]!.open(everything);
    for (const method of METHODS) {
      const { nextCursor } = await fetchPage(first.client, method);
      expect((await fetchPage(second.client, method, nextCursor)).names).toEqual(ENTRIES[method].slice(2, 4));
    }
  });
});

describe("A list in pages", () => {
  it("has no component that the caller may not use, on no page", async () => {
    const isHidden = (name: string): boolean => name !== "two" && name !== "five";
    const auth = (name: string) => (isHidden(name) ? { auth: requireScopes("secret") } : {});
    const services = [serviceOf(fixturesOf(NAMES, (name) => ({ as: tool(auth(name)) })))];
    const server = createServer({ name: "guarded", version: "1", services, pageSize: 1 });
    await using client = await createTestClient(server, { auth: { scopes: [], claims: {} } });
    expect((await client.listTools()).map(({ name }) => name)).toEqual(["two", "five"]);
  });

  it("of resources ends each page where the next begins if the list method's result changes", async () => {
    const added = ["m", "0", "z", "e", "c"];
    const ids = ["f", "d", "b", "n"];
    const services = [serviceOf({ item: templateAt("item://{id}", "ids") }, { ids: () => [...ids].reverse() })];
    await using opened = await CONTEXT_PATHS[0]!.open({ services, pageSize: 1 });
    const pages = await readPages(opened.client, "resources/list", () => {
      // The last URI of the page may be gone, and others come before and after it.
      if (ids[0] === "f") ids.splice(ids.indexOf("b"), 1);
      ids.unshift(...added.splice(0, 1));
    });
    const seen = pages.flat();
    for (const uri of ["item://d", "item://f", "item://n"])
      expect(seen.filter((other) => other === uri)).toEqual([uri]);
    expect(new Set(seen).size).toBe(seen.length);
  });

  it("of resources goes on with the others if a list method fails", async () => {
    let isBroken = false;
    const flaky = (): readonly string[] => {
      if (isBroken) throw new Error("database is locked");
      return ["a", "b", "c"];
    };
    const services = [
      serviceOf({ flaky: templateAt("flaky://{id}", "flakyIds") }, { flakyIds: flaky }),
      serviceOf({ solid: templateAt("solid://{id}", "solidIds") }, { solidIds: () => ["a"] }),
    ];
    vi.spyOn(console, "error").mockImplementation(() => undefined);
    await using opened = await CONTEXT_PATHS[0]!.open({ services, pageSize: 2 });
    const first = await fetchPage(opened.client, "resources/list");
    isBroken = true;
    expect(first.names).toEqual(["flaky://a", "flaky://b"]);
    expect(await fetchPage(opened.client, "resources/list", first.nextCursor)).toEqual({ names: ["solid://a"] });
  });

  it("runs only the list methods that a page needs", async () => {
    const calls: string[] = [];
    const listing = (name: string): object =>
      serviceOf({ [name]: templateAt(`${name}://{id}`, "ids") }, { ids: () => (calls.push(name), ["a", "b"]) });
    await using opened = await CONTEXT_PATHS[0]!.open({ services: NAMES.map(listing), pageSize: 2 });
    const { nextCursor } = await fetchPage(opened.client, "resources/list");
    expect(calls.splice(0)).toEqual(["one", "two"]);
    await fetchPage(opened.client, "resources/list", nextCursor);
    expect(calls).toEqual(["one", "two", "three"]);
  });

  it("takes as page size whole numbers from 1 on", () => {
    for (const pageSize of [0, -1, 1.5, Number.NaN, "10", null]) {
      expect(() => createServer({ name: "x", version: "1", services: [], pageSize: pageSize as number })).toThrow(
        MethodicError,
      );
    }
  });
});
