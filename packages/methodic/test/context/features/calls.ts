import { expect } from "vitest";
import { currentContext } from "../../../src/context/current-context.ts";
import { type Context, prompt, resource, token, tool } from "../../../src/index.ts";
import type { FeatureGroup } from "../../fixtures/features.ts";
import { CLIENT_INFO } from "../../fixtures/context-paths.ts";
import { defineService } from "../../fixtures/service.ts";

const Unit = token<{ close(): void }>("Unit");
const disposed: string[] = [];

class Calls {
  look({ requestId, era, protocolVersion, client, auth, http, server, meta }: Context): string {
    const facts = { requestId: typeof requestId, era, protocolVersion, client, server, meta };
    return JSON.stringify({ ...facts, subject: auth?.subject, method: http?.method });
  }

  async trace(): Promise<string> {
    await Promise.resolve();
    return String(currentContext().meta["trace"]);
  }

  members(ctx: Context): string {
    const names = Object.getOwnPropertyNames(Object.getPrototypeOf(ctx));
    return names.filter((name) => name !== "constructor").join(" ");
  }

  async useUnit({ use }: Context): Promise<string> {
    const make = () => ({ close: () => void disposed.push("unit") });
    return String((await use(Unit, make)) === (await use(Unit)));
  }

  async combine({ callTool, readResource, getPrompt }: Context): Promise<string> {
    const results = [
      await callTool("double", { of: 2 }),
      await readResource("calls://note"),
      await getPrompt("advise", { topic: "cats" }),
    ];
    return results.map(({ text }) => text).join();
  }

  double(of: number): number {
    return 2 * of;
  }

  note(): string {
    return "note";
  }

  advise(topic: string): string {
    return topic;
  }
}
defineService(Calls, {
  look: { as: tool(), contextIndex: 0 },
  trace: { as: tool() },
  members: { as: tool(), contextIndex: 0 },
  useUnit: { as: tool(), contextIndex: 0 },
  combine: { as: tool(), contextIndex: 0 },
  double: { as: tool(), properties: { of: { type: "number" } }, result: "dynamic" },
  note: { as: resource("calls://note"), kind: "resource" },
  advise: { as: prompt(), kind: "prompt", properties: { topic: { type: "string" } } },
});

/** Facts about the call, and values that live as long as it. */
export const calls: FeatureGroup = {
  service: Calls,
  features: [
    {
      name: "`ctx.requestId`, `ctx.era`, `ctx.protocolVersion`, `ctx.server`, `ctx.meta`",
      async check({ call, era }) {
        expect(JSON.parse(await call("look", { meta: { trace: "t1" } }))).toMatchObject({
          requestId: "number",
          era,
          protocolVersion: era === "legacy" ? "2025-11-25" : "2026-07-28",
          server: { name: "paths", version: "1.2.3" },
          meta: { trace: "t1" },
        });
        return "works";
      },
    },
    {
      name: "`ctx.client`",
      async check({ call }) {
        const { client } = JSON.parse(await call("look")) as { readonly client?: object };
        if (client === undefined) return "noHandshake";
        expect(client).toEqual(CLIENT_INFO);
        return "works";
      },
    },
    {
      name: "`ctx.auth`",
      async check({ call, isHttp }) {
        const { subject } = JSON.parse(await call("look")) as { readonly subject?: string };
        if (!isHttp && subject === undefined) return "noAuth";
        expect(subject).toBe("ada");
        return "works";
      },
    },
    {
      name: "`ctx.http`",
      async check({ call, isHttp }) {
        const { method } = JSON.parse(await call("look")) as { readonly method?: string };
        if (!isHttp && method === undefined) return "noHttp";
        expect(method).toBe("POST");
        return "works";
      },
    },
    {
      name: "`currentContext()`",
      async check({ call }) {
        const traces = ["t1", "t2", "t3"];
        expect(await Promise.all(traces.map((trace) => call("trace", { meta: { trace } })))).toEqual(traces);
        return "works";
      },
    },
    {
      name: "`ctx.use`, disposed when the call ends",
      async check({ call }) {
        disposed.length = 0;
        expect(await call("useUnit")).toBe("true");
        expect(disposed).toEqual(["unit"]);
        return "works";
      },
    },
    {
      name: "`ctx.callTool`, `ctx.readResource`, `ctx.getPrompt`",
      async check({ call }) {
        expect(await call("combine")).toBe("4,note,cats");
        return "works";
      },
    },
  ],
};
