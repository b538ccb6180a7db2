import { describe, expect, expectTypeOf, it, vi } from "vitest";
import {
  type Answer,
  type AnyFormValues,
  type Context,
  createServer,
  type FormValues,
  type JsonSchema,
  prompt,
  resource,
  tool,
} from "../../src/index.ts";
import type { TestQuestion } from "../../src/testing/test-answers.ts";
import { createTestClient, type TestClientOptions } from "../../src/testing/test-client.ts";
import { dataOf } from "../fixtures/answers.ts";
import { defineService } from "../fixtures/service.ts";

const form = (field: string) => ({ type: "object", properties: { [field]: { type: "string" } }, required: [field] });

class Asking {
  runs = 0;
  released = 0;

  async greet(greeting: string, ctx: Context): Promise<string> {
    this.runs++;
    try {
      const name = await ctx.elicit("What is your name?", form("name"));
      if (name.action !== "accept") return `The user said: ${name.action}.`;
      const color = await ctx.elicit(`Which color, ${String(name.data["name"])}?`, form("color"));
      return `${greeting} ${String(name.data["name"])}, ${String(dataOf(color)["color"])}!`;
    } finally {
      this.released++;
    }
  }

  async both(ctx: Context): Promise<string> {
    const answers = await Promise.all([ctx.elicit("First?", form("a")), ctx.elicit("Second?", form("b"))]);
    return answers.map((answer) => Object.values(dataOf(answer)).join()).join(" and ");
  }

  async unstable(ctx: Context): Promise<string> {
    return String(await ctx.confirm(`At ${++this.runs}?`));
  }

  async named(ctx: Context): Promise<string> {
    const answer = await ctx.confirm({ message: `At ${++this.runs}?`, key: "time" });
    return `${answer} after ${this.runs} runs`;
  }

  async sameKey(ctx: Context): Promise<string> {
    return String(await Promise.all([1, 2].map((n) => ctx.confirm({ message: `${n}?`, key: "sure" }))));
  }

  async again(ctx: Context): Promise<string> {
    return [await ctx.confirm("Sure?"), await ctx.confirm("Sure?")].join(", ");
  }

  async careless(ctx: Context): Promise<string> {
    try {
      const answer = await ctx.elicit("Sure?", form("sure"));
      return `sure: ${String(dataOf(answer)["sure"])}`;
    } catch {
      return "caught";
    }
  }

  async secret(ctx: Context): Promise<string> {
    return JSON.stringify(dataOf(await ctx.elicit("Password?", form("password"))));
  }

  async advice(ctx: Context): Promise<string> {
    return `Advise ${String(dataOf(await ctx.elicit("Who?", form("who")))["who"])}.`;
  }
}

const context = { contextIndex: 0 };
defineService(Asking, {
  greet: { as: tool(), properties: { greeting: { type: "string" } }, contextIndex: 1 },
  both: { as: tool(), ...context },
  unstable: { as: tool(), ...context },
  named: { as: tool(), ...context },
  sameKey: { as: tool(), ...context },
  again: { as: tool(), ...context },
  careless: { as: tool(), ...context },
  secret: { as: resource("x://secret"), kind: "resource", ...context },
  advice: { as: prompt(), kind: "prompt", ...context },
});

const newServer = (service: object = new Asking()) => createServer({ name: "s", version: "1", services: [service] });

const answers: { readonly [message: string]: { readonly [field: string]: string } } = {
  "What is your name?": { name: "Ada" },
  "Which color, Ada?": { color: "green" },
  "First?": { a: "1" },
  "Second?": { b: "2" },
  "Sure?": { sure: "yes" },
  "Password?": { password: "x" },
  "Who?": { who: "Ada" },
};
const accept = ({ message }: TestQuestion) => ({ action: "accept", data: answers[message] ?? {} }) as const;

describe.each(["legacy", "modern"] as const)("Context.elicit in the %s era", (era) => {
  it("asks several questions in turn", async () => {
    const service = new Asking();
    const onElicit = vi.fn<NonNullable<TestClientOptions["onElicit"]>>(accept);
    await using client = await createTestClient(newServer(service), { era, onElicit });
    expect((await client.callTool("greet", { greeting: "Hello" })).text).toBe("Hello Ada, green!");
    expect(onElicit).toHaveBeenCalledTimes(2);
    expect(onElicit).toHaveBeenCalledWith({ message: "What is your name?", requestedSchema: form("name") });
    // On 2026-07-28 the method runs once per round trip, and its `finally` blocks each time.
    expect([service.runs, service.released]).toEqual(era === "modern" ? [3, 3] : [1, 1]);
  });

  it.each(["decline", "cancel"] as const)("returns the action %s without content", async (action) => {
    await using client = await createTestClient(newServer(), { era, onElicit: () => ({ action }) });
    expect((await client.callTool("greet", { greeting: "Hello" })).text).toBe(`The user said: ${action}.`);
  });

  it("asks two questions at once", async () => {
    await using client = await createTestClient(newServer(), { era, onElicit: accept });
    expect((await client.callTool("both")).text).toBe("1 and 2");
  });

  it("works in resources and prompts", async () => {
    await using client = await createTestClient(newServer(), { era, onElicit: accept });
    expect((await client.readResource("x://secret")).text).toBe('{"password":"x"}');
    expect((await client.getPrompt("advice")).text).toBe("Advise Ada.");
  });

  it("asks even if the method catches every error", async () => {
    await using client = await createTestClient(newServer(), { era, onElicit: accept });
    expect((await client.callTool("careless")).text).toBe("sure: yes");
  });

  it("names the capability that the client lacks", async () => {
    const text =
      "This call has to ask the user, but the client does not declare the capability 'elicitation.form'. " +
      "Use a client that supports it, or a tool that does not ask.";
    await using client = await createTestClient(newServer(), { era });
    const call = client.callTool("greet", { greeting: "Hello" });
    // The protocol has an error for it only since 2026-07-28.
    if (era === "legacy") expect(await call).toMatchObject({ isError: true, text });
    else {
      const data = { requiredCapabilities: { elicitation: { form: {} } } };
      await expect(call).rejects.toMatchObject({
        code: -32021,
        message: expect.stringContaining(text) as string,
        data,
      });
    }
    await expect(client.readResource("x://secret")).rejects.toThrow(text);
    await expect(client.getPrompt("advice")).rejects.toThrow(text);
  });

  it("lets a method do without an answer if the client cannot ask", async () => {
    await using client = await createTestClient(newServer(), { era });
    expect((await client.callTool("careless")).text).toBe("caught");
  });
});

describe("Context.elicit on 2026-07-28", () => {
  it("asks again if an answer violates the schema", async () => {
    const onElicit = vi
      .fn<NonNullable<TestClientOptions["onElicit"]>>(accept)
      .mockImplementationOnce(() => ({ action: "accept", data: { wrong: "x" } }));
    await using client = await createTestClient(newServer(), { onElicit });
    expect((await client.callTool("careless")).text).toBe("sure: yes");
    expect(onElicit).toHaveBeenCalledTimes(2);
  });

  it("ends a call whose question changes each time the method runs", async () => {
    const error = vi.spyOn(console, "error").mockImplementation(() => undefined);
    const onElicit = vi.fn<NonNullable<TestClientOptions["onElicit"]>>(() => ({ action: "accept" }));
    await using client = await createTestClient(newServer(), { onElicit });
    expect(await client.callTool("unstable")).toMatchObject({
      isError: true,
      text: expect.stringContaining(
        'now by the question "At 4?". On 2026-07-28 it runs again after each answer',
      ) as string,
    });
    expect(onElicit).toHaveBeenCalledTimes(3);
    expect(error).toHaveBeenCalledTimes(1);
    vi.restoreAllMocks();
  });

  it("finds the answer to a question with a key, although its text changes", async () => {
    const onElicit = vi.fn<NonNullable<TestClientOptions["onElicit"]>>(() => ({ action: "accept" }));
    await using client = await createTestClient(newServer(), { onElicit });
    expect((await client.callTool("named")).text).toBe("true after 2 runs");
    expect(onElicit).toHaveBeenCalledTimes(1);
  });
});

describe.each(["legacy", "modern"] as const)("the keys of questions in the %s era", (era) => {
  it("can be the same for no two questions of a call", async () => {
    vi.spyOn(console, "error").mockImplementation(() => undefined);
    await using client = await createTestClient(newServer(), { era, onElicit: accept });
    expect((await client.callTool("sameKey")).text).toBe(
      'Two questions of one call have the key "sure". Give each question another key.',
    );
    vi.restoreAllMocks();
  });

  it("are not needed for two questions with the same text", async () => {
    const onElicit = vi.fn<NonNullable<TestClientOptions["onElicit"]>>(() => ({ action: "accept" }));
    await using client = await createTestClient(newServer(), { era, onElicit });
    expect((await client.callTool("again")).text).toBe("true, true");
    expect(onElicit).toHaveBeenCalledTimes(2);
  });
});

it("The data of an answer has the type that the schema describes", () => {
  const schema = {
    type: "object",
    properties: {
      name: { type: "string" },
      seats: { type: "integer" },
      size: { type: "string", enum: ["s", "l"] },
      room: { type: "string", oneOf: [{ const: "a", title: "A" }] },
      days: { type: "array", items: { type: "string", enum: ["mo", "tu"] } },
      sure: { type: "boolean" },
    },
    required: ["name", "days"],
  } as const;
  expectTypeOf<FormValues<typeof schema>>().toEqualTypeOf<{
    readonly name: string;
    readonly days: readonly ("mo" | "tu")[];
    readonly seats?: number;
    readonly size?: "s" | "l";
    readonly room?: "a";
    readonly sure?: boolean;
  }>();
  expectTypeOf<FormValues<JsonSchema>>().toEqualTypeOf<AnyFormValues>();
  const ask = ({ elicit }: Context) => ({
    byType: elicit<{ table: number }>("Which table?"),
    bySchema: elicit("Which table?", { type: "object", properties: { table: { type: "number" } } }),
    byBoth: elicit<{ table: number }>("Which table?", { type: "object", properties: {} }),
  });
  type Asked = ReturnType<typeof ask>;
  expectTypeOf<Awaited<Asked["byType"]>>().toEqualTypeOf<Answer<{ table: number }>>();
  expectTypeOf<Awaited<Asked["bySchema"]>>().toEqualTypeOf<Answer<{ readonly table?: number }>>();
  expectTypeOf<Awaited<Asked["byBoth"]>>().toEqualTypeOf<Answer<{ table: number }>>();
});
