import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { bearer, type Authenticator } from "../../src/auth/index.ts";
import { createServer, prompt, resource, ResourceError, type ServerOptions, tool } from "../../src/index.ts";
import { createTestClient } from "../../src/testing/test-client.ts";
import { defineService } from "../fixtures/service.ts";

beforeEach(() => void vi.spyOn(console, "error").mockImplementation(() => undefined));
afterEach(() => {
  vi.restoreAllMocks();
});

const { proxy: revoked, revoke } = Proxy.revocable({}, {});
revoke();
const boom = (): never => {
  throw revoked;
};
let reads = 0;

const ODD: readonly (readonly [string, unknown])[] = [
  ["a revoked proxy", revoked],
  ["a proxy that answers nothing", new Proxy(new Error("x"), { getPrototypeOf: boom, get: boom, ownKeys: boom })],
  ["an object without a prototype", Object.create(null)],
  ["undefined", undefined],
  ["a symbol", Symbol("odd")],
  ["a function", boom],
  [
    "an error whose fields throw",
    Object.defineProperties(new Error("x"), { stack: { get: boom }, cause: { get: boom } }),
  ],
  ["an error whose notFound throws", Object.defineProperty(new ResourceError("x"), "notFound", { get: boom })],
  [
    "an error whose message changes",
    Object.defineProperty(new Error("x"), "message", { get: () => (reads++ % 2 ? 5 : "x") }),
  ],
  ["an error whose name is a symbol", Object.assign(new Error("x"), { name: Symbol("odd") })],
];

/** A service whose members, and access rule, all throw a value. */
function serviceThatThrows(thrown: unknown): ServerOptions["services"] {
  const fail = (): never => {
    throw thrown;
  };
  class Odd {
    run(): never {
      return fail();
    }
    read(): never {
      return fail();
    }
    item(): never {
      return fail();
    }
    items(): never {
      return fail();
    }
    advise(): never {
      return fail();
    }
    guarded(): string {
      return "secret";
    }
  }
  return [
    defineService(Odd, {
      run: { as: tool() },
      read: { as: resource("odd://one"), kind: "resource" },
      item: {
        as: resource("odds://{id}", { list: "items" }),
        kind: "resource",
        properties: { id: { type: "string" } },
      },
      advise: { as: prompt(), kind: "prompt", properties: { mood: { enum: ["calm"] } } },
      guarded: { as: tool({ auth: fail }) },
    }),
  ];
}

describe.each(["legacy", "modern"] as const)("an odd value that is thrown in the %s era", (era) => {
  it.each(ODD)("is answered by every method: %s", async (_, thrown) => {
    const server = createServer({ name: "odd", version: "1.0.0", services: serviceThatThrows(thrown) });
    await using client = await createTestClient(server, { era, auth: { subject: "ada", scopes: [] } });
    expect(await client.callTool("run")).toMatchObject({ isError: true });
    const failed = expect.objectContaining({ code: expect.any(Number) as number }) as Error;
    await expect(client.readResource("odd://one")).rejects.toThrow(failed);
    await expect(client.readResource("odds://a")).rejects.toThrow(failed);
    await expect(client.getPrompt("advise", { mood: "calm" })).rejects.toThrow(failed);
    await expect(client.callTool("guarded")).rejects.toThrow("Unknown tool");
    expect((await client.listResources()).map(({ uri }) => uri)).toEqual(["odd://one"]);
    const ref = { type: "ref/prompt", name: "advise" } as const;
    const { completion } = await client.client.complete({ ref, argument: { name: "mood", value: "c" } });
    expect(completion.values).toEqual(["calm"]);
  });
});

describe("an odd value that an authenticator throws", () => {
  it.each(ODD)("is answered with an error: %s", async (_, thrown) => {
    const fail = (): never => {
      throw thrown;
    };
    const custom: Authenticator = {
      authenticate: async () => fail(),
      scopes: [],
      authorizationServers: [],
      bindsToResource: false,
    };
    const statuses: number[] = [];
    for (const auth of [custom, bearer({ verify: fail })]) {
      const { fetch } = createServer({ name: "odd", version: "1.0.0", services: [], auth });
      const headers = { authorization: "Bearer t", "content-type": "application/json" };
      const request = new Request("http://localhost/mcp", { method: "POST", headers, body: "{}" });
      statuses.push((await fetch(request)).status);
    }
    expect(statuses).toEqual([503, 401]);
  });
});
