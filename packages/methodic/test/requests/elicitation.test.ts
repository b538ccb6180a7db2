import { describe, expect, it, vi } from "vitest";
import { type Context, createServer, prompt, resource, tool } from "../../src/index.ts";
import {
  createTestClient,
  type TestClient,
  type TestClientOptions,
  type TestQuestion,
} from "../../src/testing/test-client.ts";
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
      const color = await ctx.elicit(`Which color, ${String(name.content?.["name"])}?`, form("color"));
      return `${greeting} ${String(name.content?.["name"])}, ${String(color.content?.["color"])}!`;
    } finally {
      this.released++;
    }
  }

  async both(ctx: Context): Promise<string> {
    const answers = await Promise.all([ctx.elicit("First?", form("a")), ctx.elicit("Second?", form("b"))]);
    return answers.map(({ content }) => Object.values(content ?? {}).join()).join(" and ");
  }

  async careless(ctx: Context): Promise<string> {
    try {
      const { content } = await ctx.elicit("Sure?", form("sure"));
      return `sure: ${String(content?.["sure"])}`;
    } catch {
      return "caught";
    }
  }

  async secret(ctx: Context): Promise<string> {
    return JSON.stringify((await ctx.elicit("Password?", form("password"))).content);
  }

  async advice(ctx: Context): Promise<string> {
    return `Advise ${String((await ctx.elicit("Who?", form("who"))).content?.["who"])}.`;
  }
}

const context = { contextIndex: 0 };
defineService(Asking, {
  greet: { as: tool(), properties: { greeting: { type: "string" } }, contextIndex: 1 },
  both: { as: tool(), ...context },
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
const accept = ({ message }: TestQuestion) => ({ action: "accept", content: answers[message] ?? {} }) as const;

describe.each(["legacy", "modern"] as const)("asking the user in the %s era", (era) => {
  it("goes through several questions", async () => {
    const service = new Asking();
    const onElicit = vi.fn<NonNullable<TestClientOptions["onElicit"]>>(accept);
    await using client = await createTestClient(newServer(service), { era, onElicit });
    expect((await client.callTool("greet", { greeting: "Hello" })).text).toBe("Hello Ada, green!");
    expect(onElicit).toHaveBeenCalledTimes(2);
    expect(onElicit).toHaveBeenCalledWith({ message: "What is your name?", requestedSchema: form("name") });
    // The modern era runs the method once a round; its `finally` blocks run each time.
    expect([service.runs, service.released]).toEqual(era === "modern" ? [3, 3] : [1, 1]);
  });

  it.each(["decline", "cancel"] as const)("tells the method that the user chose to %s", async (action) => {
    await using client = await createTestClient(newServer(), { era, onElicit: () => ({ action }) });
    expect((await client.callTool("greet", { greeting: "Hello" })).text).toBe(`The user said: ${action}.`);
  });

  it("asks two questions at a time", async () => {
    await using client = await createTestClient(newServer(), { era, onElicit: accept });
    expect((await client.callTool("both")).text).toBe("1 and 2");
  });

  it("also works in resources and prompts", async () => {
    await using client = await createTestClient(newServer(), { era, onElicit: accept });
    expect((await client.readResource("x://secret")).text).toBe('{"password":"x"}');
    expect((await client.getPrompt("advice")).text).toBe("Advise Ada.");
  });

  it("works for a method that catches everything", async () => {
    await using client = await createTestClient(newServer(), { era, onElicit: accept });
    expect((await client.callTool("careless")).text).toBe("sure: yes");
  });

  it("is a clear tool error with a client that cannot ask", async () => {
    await using client = await createTestClient(newServer(), { era });
    expect(await client.callTool("greet", { greeting: "Hello" })).toMatchObject({
      isError: true,
      text: "This needs an answer from the user, but the client does not support elicitation.",
    });
    await expect(client.readResource("x://secret")).rejects.toThrow("the client does not support elicitation");
  });
});

describe("asking the user in the modern era", () => {
  it("asks again for an answer that does not follow the schema", async () => {
    const onElicit = vi
      .fn<NonNullable<TestClientOptions["onElicit"]>>(accept)
      .mockImplementationOnce(() => ({ action: "accept", content: { wrong: "x" } as never }));
    await using client = await createTestClient(newServer(), { onElicit });
    expect((await client.callTool("careless")).text).toBe("sure: yes");
    expect(onElicit).toHaveBeenCalledTimes(2);
  });

  it("carries state only when there is something to carry", async () => {
    await using test = await createTestClient(newServer(), { onElicit: accept });
    const first = await send(test, "greet");
    expect(Object.keys(first)).not.toContain("requestState");
    expect((await answerFirstQuestion(test)).requestState).toMatch(/^v1\./);
  });

  it("refuses state that was tampered with, or that belongs to another request", async () => {
    vi.spyOn(console, "error").mockImplementation(() => undefined);
    await using test = await createTestClient(newServer(), { onElicit: accept });
    const { requestState = "" } = await answerFirstQuestion(test);
    await expect(send(test, "greet", { requestState })).resolves.toMatchObject({ resultType: "input_required" });
    for (const [name, state] of [
      ["greet", `${requestState.slice(0, -2)}xx`],
      ["greet", `x${requestState}`],
      ["greet", ""],
      ["both", requestState],
    ] as const) {
      await expect(send(test, name, { requestState: state })).rejects.toMatchObject({
        code: -32602,
        data: { reason: "invalid_request_state" },
      });
    }
    vi.restoreAllMocks();
  });

  it("goes on with what another process of the same server asked, if they share a key", async () => {
    vi.spyOn(console, "error").mockImplementation(() => undefined);
    const stateKey = "a secret that both processes know, and nobody else";
    const start = (name: string, key = stateKey) =>
      createTestClient(createServer({ name, version: "1", services: [new Asking()], stateKey: key }), {
        onElicit: accept,
      });
    await using one = await start("s");
    await using same = await start("s");
    await using namesake = await start("s", "another secret of thirty-two bytes or more");
    await using other = await start("t");
    const { requestState = "" } = await answerFirstQuestion(one);
    const { inputRequests = {} } = await send(same, "greet", { requestState });
    expect(Object.values(inputRequests)).toMatchObject([{ params: { message: "Which color, Ada?" } }]);
    for (const stranger of [namesake, other]) {
      await expect(send(stranger, "greet", { requestState })).rejects.toMatchObject({ code: -32602 });
    }
    vi.restoreAllMocks();
  });

  it("does not take state that another server signed", async () => {
    vi.spyOn(console, "error").mockImplementation(() => undefined);
    await using one = await createTestClient(newServer(), { onElicit: accept });
    await using other = await createTestClient(newServer(), { onElicit: accept });
    const { requestState = "" } = await answerFirstQuestion(one);
    await expect(send(other, "greet", { requestState })).rejects.toMatchObject({ code: -32602 });
    vi.restoreAllMocks();
  });
});

interface Round {
  readonly inputRequests?: { readonly [key: string]: unknown };
  readonly requestState?: string;
}

/** One round of a call, as a client that does not answer by itself sends it. */
async function send({ client }: TestClient, name: string, extra: object = {}): Promise<Round> {
  const params = { name, arguments: name === "greet" ? { greeting: "Hi" } : {}, ...extra };
  return client.callTool(params as never, { allowInputRequired: true }) as never;
}

/** Goes to the second question of `greet`, for which the first answer has to be remembered. */
async function answerFirstQuestion(test: TestClient): Promise<Round> {
  const [key = ""] = Object.keys((await send(test, "greet")).inputRequests ?? {});
  return send(test, "greet", { inputResponses: { [key]: { action: "accept", content: { name: "Ada" } } } });
}
