import { afterEach, describe, expect, it, vi } from "vitest";
import { type Context, createServer, tool } from "../../src/index.ts";
import { createTestClient, type TestClient, type TestClientOptions } from "../../src/testing/test-client.ts";
import { defineService } from "../fixtures/service.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

const DISH = { type: "object", properties: { dish: { type: "string", enum: ["soup", "rice"] } }, required: ["dish"] };

class Trash {
  runs = 0;

  /** Remove for good, after asking. @param id Which */
  async remove(id: string, ctx: Context): Promise<string> {
    this.runs++;
    const answer = await ctx.elicit(`Remove ${id}?`, { type: "object", properties: {} });
    return `${answer.action} ${JSON.stringify("data" in answer ? answer.data : undefined)}`;
  }

  async pick(ctx: Context): Promise<string> {
    return JSON.stringify(await ctx.elicit("Which dish?", DISH));
  }

  async ask(form: unknown, ctx: Context): Promise<string> {
    const { message, schema } = form as { message: string; schema: object };
    return JSON.stringify(await ctx.elicit(message, schema as never));
  }

  async confirmed(ctx: Context): Promise<string> {
    return String(await ctx.confirm("Remove 3 notes?"));
  }

  async typed(ctx: Context): Promise<string> {
    return (await ctx.elicit<{ dish: string }>("Which dish?")).action;
  }

  async callback(ctx: Context): Promise<string> {
    return (await ctx.elicit("?", { type: "object", properties: { a: () => 1 } } as never)).action;
  }
}

defineService(Trash, {
  remove: { as: tool(), properties: { id: { type: "string" } }, contextIndex: 1 },
  pick: { as: tool(), contextIndex: 0 },
  ask: { as: tool(), properties: { form: {} }, contextIndex: 1 },
  confirmed: { as: tool(), contextIndex: 0 },
  typed: { as: tool(), contextIndex: 0 },
  callback: { as: tool(), contextIndex: 0 },
});

type OnElicit = NonNullable<TestClientOptions["onElicit"]>;
const answering = (answer: unknown) => vi.fn<OnElicit>(() => answer as never);
const newServer = (service: object = new Trash()) => createServer({ name: "s", version: "1", services: [service] });

describe.each(["legacy", "modern"] as const)("an answer to Context.elicit in the %s era", (era) => {
  it.each([
    [{ action: "accept" }, "accept {}"],
    [{ action: "accept", data: {} }, "accept {}"],
    [{ action: "decline", data: { a: 1 } }, "decline undefined"],
    [{ action: "cancel", data: {} }, "cancel undefined"],
  ])("is taken after one question from a form without required fields: %j", async (answer, text) => {
    const onElicit = answering(answer);
    await using client = await createTestClient(newServer(), { era, onElicit });
    expect((await client.callTool("remove", { id: "a" })).text).toBe(text);
    expect(onElicit).toHaveBeenCalledTimes(1);
  });

  it.each([
    [{ action: "accept" }, 'dish: missing but required (one of "soup", "rice").'],
    [{ action: "accept", data: { dish: "fish" } }, 'dish: expected one of "soup", "rice", received string "fish".'],
  ])("is asked for three times at most if it does not fit the form: %j", async (answer, problem) => {
    const onElicit = answering(answer);
    await using client = await createTestClient(newServer(), { era, onElicit });
    expect(await client.callTool("pick")).toMatchObject({
      isError: true,
      text: `The client's answer to the question "Which dish?" is not valid, although it was asked 3 times: ${problem}`,
    });
    expect(onElicit).toHaveBeenCalledTimes(3);
  });

  it("has the fields of the form only", async () => {
    const onElicit = answering({ action: "accept", data: { dish: "soup", other: "x" } });
    await using client = await createTestClient(newServer(), { era, onElicit });
    expect((await client.callTool("pick")).text).toBe('{"action":"accept","data":{"dish":"soup"}}');
  });

  it("is taken if a later answer fits", async () => {
    const onElicit = answering({ action: "accept", data: { dish: "soup" } });
    onElicit.mockImplementationOnce(() => ({ action: "accept" }));
    await using client = await createTestClient(newServer(), { era, onElicit });
    expect((await client.callTool("pick")).text).toBe('{"action":"accept","data":{"dish":"soup"}}');
  });

  it.each<[unknown, unknown, string]>([
    [5, { type: "object", properties: {} }, "message: expected string, received number 5."],
    ["?", null, "requestedSchema: expected object, received null."],
    ["?", { type: "string" }, 'requestedSchema.type: expected "object", received string "string".'],
    ["?", { type: "object" }, "requestedSchema.properties: missing but required (object)."],
    [
      "?",
      { type: "object", properties: { address: { type: "object", properties: { city: { type: "string" } } } } },
      'requestedSchema.properties.address.type: expected one of "string", "number", "integer", "boolean", "array", received string "object".',
    ],
    ["?", { type: "object", properties: { a: true } }, "requestedSchema.properties.a: expected object, received"],
    ["?", { type: "object", properties: { a: { enum: ["x"] } } }, "requestedSchema.properties.a.type: missing but"],
    ["?", { type: "object", properties: { a: { type: ["string", "null"] } } }, "requestedSchema.properties.a.type:"],
    ["?", { type: "object", properties: { a: { type: "array", items: { type: "object" } } } }, "properties.a.items"],
    ["?", { type: "object", properties: { a: { type: "string", format: "uuid" } } }, 'expected one of "email", "uri"'],
    ["?", { type: "object", properties: {}, required: ["a"] }, 'required: the form has no field "a".'],
    ["?", { type: "object", properties: {}, required: "a" }, "requestedSchema.required: expected array"],
    [
      "?",
      { type: "object", properties: { a: { type: "string", pattern: "(" } } },
      "properties/a/pattern: is not a regular expression",
    ],
    ["?", { type: "object", properties: {}, allOf: [{ $ref: "#/nowhere" }] }, "nowhere"],
  ])("is not asked for with an invalid form: %j, %j", async (message, schema, problem) => {
    vi.spyOn(console, "error").mockImplementation(() => undefined);
    const onElicit = answering({ action: "accept" });
    await using client = await createTestClient(newServer(), { era, onElicit });
    const { isError, text } = await client.callTool("ask", { form: { message, schema } });
    expect({ isError, text }).toEqual({ isError: true, text: expect.stringContaining(problem) as string });
    expect(text).toMatch(/^Invalid form for the user: [^{]*\. Pass a message and a flat object schema/);
    expect(onElicit).not.toHaveBeenCalled();
  });

  it.each([
    [{ action: "accept" }, "true"],
    [{ action: "decline" }, "false"],
    [{ action: "cancel" }, "false"],
  ])("confirms after one question: %j", async (answer, text) => {
    const onElicit = answering(answer);
    await using client = await createTestClient(newServer(), { era, onElicit });
    expect((await client.callTool("confirmed")).text).toBe(text);
    const requestedSchema = { type: "object", properties: {} };
    expect(onElicit.mock.calls).toEqual([[{ message: "Remove 3 notes?", requestedSchema }]]);
  });

  it("is not asked for if the compiler has not seen the call", async () => {
    vi.spyOn(console, "error").mockImplementation(() => undefined);
    await using client = await createTestClient(newServer(), { era, onElicit: answering({ action: "accept" }) });
    const { isError, text } = await client.callTool("typed");
    expect(isError).toBe(true);
    expect(text).toMatch(/^ctx\.elicit: no schema\. .*'methodic run <file>'.*ctx\.elicit\(message, schema\)\.$/);
  });

  it("is not asked for with a form that has no JSON form", async () => {
    vi.spyOn(console, "error").mockImplementation(() => undefined);
    await using client = await createTestClient(newServer(), { era, onElicit: answering({ action: "accept" }) });
    expect((await client.callTool("callback")).text).toContain(
      "Invalid form for the user: it has a function at /requestedSchema/properties/a, which has no JSON form.",
    );
  });

  it.each(["text", "number", "boolean", "choice", "choices"])("is read from a field of kind %s", async (kind) => {
    const fields = {
      text: { type: "string", title: "T", description: "D", format: "email", minLength: 1, default: "a@b.cd" },
      number: { type: "integer", minimum: 0, maximum: 9, default: 5 },
      boolean: { type: "boolean", default: true },
      choice: { type: "string", oneOf: [{ const: "a", title: "A" }] },
      choices: { type: "array", items: { type: "string", enum: ["a", "b"] }, minItems: 1 },
    } as const;
    const values = { text: "a@b.cd", number: 5, boolean: true, choice: "a", choices: ["a"] } as const;
    const key = kind as keyof typeof fields;
    const data = { [key]: values[key] };
    const schema = { type: "object", properties: { [key]: fields[key] }, required: [key] };
    await using client = await createTestClient(newServer(), {
      era,
      onElicit: answering({ action: "accept", data }),
    });
    expect(JSON.parse((await client.callTool("ask", { form: { message: "?", schema } })).text)).toEqual({
      action: "accept",
      data,
    });
  });
});

describe("Context.elicit up to 2025-11-25", () => {
  it("fails with the client's reason if the client fails", async () => {
    const onElicit = vi.fn<OnElicit>(() => {
      throw new Error("no display");
    });
    await using client = await createTestClient(newServer(), { era: "legacy", onElicit });
    expect(await client.callTool("pick")).toMatchObject({
      isError: true,
      text: 'The client could not answer the question "Which dish?": no display',
    });
  });
});

describe("the round trips of a call on 2026-07-28", () => {
  interface Round {
    readonly inputRequests?: { readonly [key: string]: unknown };
    readonly requestState?: string;
    readonly content?: readonly { readonly text: string }[];
    readonly isError?: boolean;
  }

  /** Sends one round trip of a call, as a client that does not answer elicitations itself. */
  const send = (test: TestClient, name: string, params: object): Promise<Round> =>
    test.client.callTool({ name, ...params } as never, { allowInputRequired: true }) as never;

  it.each([
    [null],
    ["accept"],
    [[]],
    [{}],
    [{ action: "maybe" }],
    [{ action: null }],
    [{ action: "accept", content: [] }],
    [{ action: "accept", content: "soup" }],
    [{ method: "elicitation/create", result: { action: "accept" } }],
  ])("end with an error if the client keeps answering %j", async (response) => {
    await using test = await createTestClient(newServer(), { onElicit: answering({ action: "accept" }) });
    let round = await send(test, "pick", { arguments: {} });
    for (let asked = 1; asked < 3; asked++) {
      const [key = ""] = Object.keys(round.inputRequests ?? {});
      const { requestState } = round;
      round = await send(test, "pick", { arguments: {}, inputResponses: { [key]: response }, requestState });
      expect(Object.keys(round.inputRequests ?? {})).toEqual([key]);
    }
    const [key = ""] = Object.keys(round.inputRequests ?? {});
    const { requestState } = round;
    const last = await send(test, "pick", { arguments: {}, inputResponses: { [key]: response }, requestState });
    expect(last).toMatchObject({ isError: true });
    expect(last.content?.[0]?.text).toContain('The client\'s answer to the question "Which dish?" is not valid');
  });

  it("take null for the missing content of a form without required fields", async () => {
    await using test = await createTestClient(newServer(), { onElicit: answering({ action: "accept" }) });
    const { inputRequests, requestState } = await send(test, "remove", { arguments: { id: "a" } });
    const [key = ""] = Object.keys(inputRequests ?? {});
    const inputResponses = { [key]: { action: "accept", content: null } };
    const { content } = await send(test, "remove", { arguments: { id: "a" }, inputResponses, requestState });
    expect(content?.[0]?.text).toBe("accept {}");
  });
});
