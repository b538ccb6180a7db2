import { inspect } from "node:util";
import { expect, it } from "vitest";
import { type Context, createServer, tool } from "../../src/index.ts";
import { sdkContext } from "../../src/protocol/sdk-context.ts";
import { createTestClient, type TestClient } from "../../src/testing/test-client.ts";
import { defineService } from "../fixtures/service.ts";

const WRAPPERS: { readonly [name: string]: (ctx: Context) => Context } = {
  "the prototype of another object": (ctx) => Object.create(ctx) as Context,
  "the target of a proxy": (ctx) => new Proxy(ctx, {}),
};

class Worker {
  async apart({ log, progress, use, step, confirm, session, callTool }: Context): Promise<string> {
    log.info("works");
    await progress(1);
    const made = await use(Map, () => new Map([["id", "a1"]]));
    const id = await step("id", () => made.get("id"));
    await session.set("id", (await confirm("Sure?")) && id);
    const { text } = await callTool("own");
    return `${await session.get("id")} ${text}`;
  }

  async wrapped(how: string, ctx: Context): Promise<string> {
    const wrapper = WRAPPERS[how]?.(ctx) as Context;
    wrapper.log.info("works");
    const { method } = sdkContext(wrapper).mcpReq;
    return `${wrapper.era} ${await wrapper.step("id", () => "a1")} ${method} ${wrapper.log === ctx.log}`;
  }

  own(ctx: Context): string {
    return String(ctx.log === ctx.log && ctx.use === ctx.use && ctx.confirm === ctx.confirm);
  }

  print(ctx: Context): string {
    return inspect(ctx, { depth: null, showHidden: true });
  }
}
defineService(Worker, {
  apart: { as: tool(), contextIndex: 0 },
  wrapped: { as: tool(), properties: { how: { type: "string" } }, contextIndex: 1 },
  own: { as: tool(), contextIndex: 0 },
  print: { as: tool(), contextIndex: 0 },
});

function connect(): Promise<TestClient> {
  const server = createServer({ name: "s", version: "1", services: [Worker] });
  return createTestClient(server, { onElicit: () => ({ action: "accept" }) });
}

it("A context can be taken apart", async () => {
  await using client = await connect();
  expect((await client.callTool("apart")).text).toBe("a1 true");
  expect(client.logs).toContainEqual({ level: "info", data: "works" });
});

it.each(Object.keys(WRAPPERS))("A context can be %s", async (how) => {
  await using client = await connect();
  expect((await client.callTool("wrapped", { how })).text).toBe("modern a1 tools/call true");
  expect(client.logs).toEqual([{ level: "info", data: "works" }]);
});

it("A context is printed without its request", async () => {
  await using client = await connect();
  const { text } = await client.callTool("print");
  expect(text).toContain("CallContext");
  expect(text).not.toMatch(/mcpReq|headers|AbortSignal/);
});
