import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type Context, createServer, tool } from "../../src/index.ts";
import { createTestClient } from "../../src/testing/test-client.ts";
import { defineService } from "../fixtures/service.ts";

beforeEach(() => void vi.spyOn(console, "error").mockImplementation(() => undefined));
afterEach(() => void vi.restoreAllMocks());

class Shop {
  effects: string[] = [];
  runs = 0;
  result: unknown = { id: 1 };
  failures = 0;

  #do(name: string): string {
    this.effects.push(name);
    return name;
  }

  async buy(ctx: Context): Promise<string> {
    const order = await ctx.step("order", () => this.#do("order"));
    const sure = await ctx.confirm("Sure?");
    const paid = await ctx.step("pay", async () => this.#do("pay"));
    return `${order} ${sure} ${paid} ${await ctx.confirm("Receipt?")}`;
  }

  async parallel(ctx: Context): Promise<string> {
    const all = await Promise.all([
      ctx.confirm("Sure?"),
      ctx.step("slow", async () => {
        await new Promise((resolve) => setImmediate(resolve));
        return this.#do("slow");
      }),
      ctx.step("fast", () => this.#do("fast")),
    ]);
    return all.join(" ");
  }

  async any(ctx: Context): Promise<string> {
    const first = await ctx.step("any", () => {
      this.#do("any");
      return this.result;
    });
    await ctx.confirm("Sure?");
    return JSON.stringify([first === undefined, first ?? null]);
  }

  async failing(ctx: Context): Promise<string> {
    const result = await ctx
      .step("failing", () => {
        this.#do("failing");
        if (this.failures++ === 0) throw new Error("no connection");
        return "done";
      })
      .catch((error: unknown) => String(error));
    await ctx.confirm("Sure?");
    return result;
  }

  async asking(ctx: Context): Promise<string> {
    const first = await ctx.step("first", () => ctx.confirm("Sure?"));
    return `${first} ${await ctx.confirm("Sure?")}`;
  }

  async twice(ctx: Context): Promise<string> {
    const both = await Promise.allSettled([
      ctx.step("same", () => this.#do("first")),
      ctx.step("same", () => this.#do("second")),
    ]);
    return both.map((one) => (one.status === "fulfilled" ? one.value : String(one.reason))).join("\n");
  }

  async invalid(ctx: Context): Promise<string> {
    const tries = [ctx.step("", () => 1), ctx.step(5 as never, () => 1), ctx.step("a", 5 as never)];
    return (await Promise.allSettled(tries)).map((one) => ("reason" in one ? String(one.reason) : "")).join("\n");
  }
}
const context = { contextIndex: 0 };
defineService(Shop, {
  buy: { as: tool(), ...context },
  parallel: { as: tool(), ...context },
  any: { as: tool(), ...context },
  failing: { as: tool(), ...context },
  twice: { as: tool(), ...context },
  asking: { as: tool(), ...context },
  invalid: { as: tool(), ...context },
});

describe.each(["legacy", "modern"] as const)("Context.step in the %s era", (era) => {
  const connect = (shop: Shop) =>
    createTestClient(createServer({ name: "shop", version: "1", services: [shop] }), {
      era,
      onElicit: () => ({ action: "accept" }),
    });

  it("runs each effect once, although the method runs again after an answer", async () => {
    const shop = new Shop();
    await using client = await connect(shop);
    expect((await client.callTool("buy")).text).toBe("order true pay true");
    expect(shop.effects).toEqual(["order", "pay"]);
    expect((await client.callTool("buy")).text).toBe("order true pay true");
    expect(shop.effects).toHaveLength(4);
  });

  it("runs effects once that are under way when a question is asked", async () => {
    const shop = new Shop();
    await using client = await connect(shop);
    expect((await client.callTool("parallel")).text).toBe("true slow fast");
    expect([...shop.effects].sort()).toEqual(["fast", "slow"]);
  });

  it("keeps a question in a step apart from the same question after it", async () => {
    const answers = [{ action: "accept" }, { action: "decline" }] as const;
    let asked = 0;
    const onElicit = () => answers[asked++] ?? { action: "cancel" as const };
    await using client = await createTestClient(createServer({ name: "s", version: "1", services: [Shop] }), {
      era,
      onElicit,
    });
    expect((await client.callTool("asking")).text).toBe("true false");
    expect(asked).toBe(2);
  });

  it.each([
    [undefined, "[true,null]"],
    [null, "[false,null]"],
    [0, "[false,0]"],
    ["", '[false,""]'],
    [{ a: [1, { b: undefined }] }, '[false,{"a":[1,{}]}]'],
  ])("remembers the result %j", async (result, text) => {
    const shop = new Shop();
    shop.result = result;
    await using client = await connect(shop);
    expect((await client.callTool("any")).text).toBe(text);
    expect(shop.effects).toEqual(["any"]);
  });

  it.each<[unknown, string]>([
    [new Date(0), "has an instance of Date, which JSON does not keep"],
    [{ at: new Map() }, "has an instance of Map at /at, which"],
    [[() => 1], "has a function at /0, which"],
    [{ n: Number.NaN }, "has NaN at /n, which"],
    [1n, "is not JSON: Do not know how to serialize a BigInt"],
    ["x".repeat(70_000), 'up to "any", exceed 64 KB of JSON. Return an id from the step'],
  ])("refuses a result that would not be the same in a later run: case %#", async (result, problem) => {
    const shop = new Shop();
    shop.result = result;
    await using client = await connect(shop);
    expect(await client.callTool("any")).toMatchObject({
      isError: true,
      text: expect.stringContaining(problem) as string,
    });
  });

  it("does not remember errors", async () => {
    const shop = new Shop();
    await using client = await connect(shop);
    expect((await client.callTool("failing")).text).toBe(era === "modern" ? "done" : "Error: no connection");
    expect(shop.effects).toHaveLength(era === "modern" ? 2 : 1);
  });

  it("refuses a key that is used twice in a call, and invalid arguments", async () => {
    const shop = new Shop();
    await using client = await connect(shop);
    expect((await client.callTool("twice")).text).toBe(
      'first\nMethodicError: ctx.step: two steps of one call have the key "same". Give each another key.',
    );
    expect(shop.effects).toEqual(["first"]);
    expect((await client.callTool("invalid")).text.split("\n")).toEqual([
      "MethodicError: ctx.step: invalid key: . Pass a name.",
      "MethodicError: ctx.step: invalid key: 5. Pass a name.",
      'MethodicError: ctx.step: "a" has no effect. Pass a function.',
    ]);
  });
});
