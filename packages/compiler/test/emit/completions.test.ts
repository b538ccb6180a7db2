import { createTestClient } from "methodic/testing";
import { describe, expect, it } from "vitest";
import { buildServer } from "../fixtures/built-server.ts";

const SERVER = `import { completion, type Context, createServer, prompt } from "methodic";

class Values {
  @completion("plan", "a") a(typed: string, chosen: { b?: string }, ctx: Context): string[] { return [typed, chosen.b ?? "", ctx.era]; }
  @completion("plan", "b") b(typed: string, ctx: Context): string[] { return [typed, ctx.era]; }
  @completion("plan", "c") c(ctx: Context, typed: string, chosen: { a?: string }): string[] { return [typed, chosen.a ?? "", ctx.era]; }
  @completion("plan", "d") d(): string[] { return ["none"]; }
}

class Plans {
  @prompt() plan(a: string, b: string, c: string, d: string): string { return a + b + c + d; }
}

export default createServer({ name: "plans", version: "1.0.0", services: [Values, Plans] });
`;

describe.each(["legacy", "standard"] as const)("@completion in a compiled project in the %s dialect", (dialect) => {
  it("gets its context at any position, in a class without components", async () => {
    using built = await buildServer(SERVER, dialect);
    expect(built.diagnostics).toEqual([]);
    await using test = await createTestClient(built.server);
    const complete = async (name: string) => {
      const context = { arguments: { a: "1", b: "2" } };
      const ref = { type: "ref/prompt", name: "plan" } as const;
      return (await test.client.complete({ ref, argument: { name, value: "" }, context })).completion.values;
    };
    expect(await complete("a")).toEqual(["", "2", "modern"]);
    expect(await complete("b")).toEqual(["", "modern"]);
    expect(await complete("c")).toEqual(["", "1", "modern"]);
    expect(await complete("d")).toEqual(["none"]);
  });
});
