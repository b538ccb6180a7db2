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

  it("fails with a ToolError if the client does not support elicitation", async () => {
    await using client = await createTestClient(newServer(), { era });
    expect(await client.callTool("greet", { greeting: "Hello" })).toMatchObject({
      isError: true,
      text: "This call needs an answer from the user, but the client does not support elicitation.",
    });
    await expect(client.readResource("x://secret")).rejects.toThrow("the client does not support elicitation");
  });
});

describe("Context.elicit on 2026-07-28", () => {
  it("asks again if an answer violates the schema", async () => {
    const onElicit = vi
      .fn<NonNullable<TestClientOptions["onElicit"]>>(accept)
      .mockImplementationOnce(() => ({ action: "accept", content: { wrong: "x" } as never }));
    await using client = await createTestClient(newServer(), { onElicit });
    expect((await client.callTool("careless")).text).toBe("sure: yes");
    expect(onElicit).toHaveBeenCalledTimes(2);
  });

  it("sends requestState only once there are answers to carry", async () => {
    await using test = await createTestClient(newServer(), { onElicit: accept });
    const first = await send(test, "greet");
    expect(Object.keys(first)).not.toContain("requestState");
    expect((await answerFirstQuestion(test)).requestState).toMatch(/^v1\./);
  });

  it("refuses requestState that was changed or belongs to another request", async () => {
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

  it("accepts requestState of another process with the same stateKey", async () => {
    vi.spyOn(console, "error").mockImplementation(() => undefined);
    const stateKey = "a secret that both processes share";
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

  it("refuses requestState that another server signed", async () => {
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

/** Sends one round trip of a call, as a client that does not answer elicitations itself. */
async function send({ client }: TestClient, name: string, extra: object = {}): Promise<Round> {
  const params = { name, arguments: name === "greet" ? { greeting: "Hi" } : {}, ...extra };
  return client.callTool(params as never, { allowInputRequired: true }) as never;
}

/** Answers the first question of `greet`; its second one needs that answer in the state. */
async function answerFirstQuestion(test: TestClient): Promise<Round> {
  const [key = ""] = Object.keys((await send(test, "greet")).inputRequests ?? {});
  return send(test, "greet", { inputResponses: { [key]: { action: "accept", content: { name: "Ada" } } } });
}
