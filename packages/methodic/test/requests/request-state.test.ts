import { InMemoryTransport } from "@modelcontextprotocol/client";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import {
  type Context,
  createServer,
  prompt,
  resource,
  type Server,
  type ServerOptions,
  tool,
} from "../../src/index.ts";
import { createTestClient, type TestClient, type TestClientOptions } from "../../src/testing/test-client.ts";
import { dataOf } from "../fixtures/answers.ts";
import { defineService } from "../fixtures/service.ts";

const form = (field: string) => ({ type: "object", properties: { [field]: { type: "string" } }, required: [field] });

class Bank {
  readonly paid: string[] = [];

  async pay(amount: number, to: unknown, ctx: Context): Promise<string> {
    if (!(await ctx.confirm("Sure?"))) return "kept";
    this.paid.push(`${amount} to ${JSON.stringify(to)}`);
    return "paid";
  }

  async lend(amount: number, to: unknown, ctx: Context): Promise<string> {
    return this.pay(amount, to, ctx);
  }

  async greet(greeting: string, ctx: Context): Promise<string> {
    const name = dataOf(await ctx.elicit("What is your name?", form("name")))["name"];
    const color = dataOf(await ctx.elicit(`Which color, ${String(name)}?`, form("color")))["color"];
    return `${greeting} ${String(name)}, ${String(color)}!`;
  }

  async named(ctx: Context): Promise<string> {
    return String(dataOf(await ctx.elicit({ message: "Name?", key: "name" }, form("name")))["name"]);
  }

  async page(id: string, ctx: Context): Promise<string> {
    return (await ctx.confirm("Sure?")) ? `page ${id}` : "no page";
  }

  async advice(topic: string, ctx: Context): Promise<string> {
    return (await ctx.confirm("Sure?")) ? `advice on ${topic}` : "no advice";
  }
}
const amounts = { properties: { amount: { type: "number" }, to: {} }, contextIndex: 2 };
defineService(Bank, {
  pay: { as: tool(), ...amounts },
  lend: { as: tool(), ...amounts },
  greet: { as: tool(), properties: { greeting: { type: "string" } }, contextIndex: 1 },
  named: { as: tool(), contextIndex: 0 },
  page: { as: resource("x://{id}"), kind: "resource", properties: { id: { type: "string" } }, contextIndex: 1 },
  advice: { as: prompt(), kind: "prompt", properties: { topic: { type: "string" } }, contextIndex: 1 },
});

const stateKey = "a secret that both processes share";
const newServer = (bank: object = new Bank(), options: Partial<ServerOptions> = {}): Server =>
  createServer({ name: "bank", version: "1", services: [bank], ...options });
const connect = (server: Server, options: TestClientOptions = {}): Promise<TestClient> =>
  createTestClient(server, { onElicit: () => ({ action: "accept" }), ...options });

beforeEach(() => void vi.spyOn(console, "error").mockImplementation(() => undefined));
afterEach(() => void vi.restoreAllMocks());

interface Round {
  readonly inputRequests?: { readonly [key: string]: unknown };
  readonly requestState?: string;
  readonly content?: readonly { readonly text: string }[];
}

/** Sends one round trip of a call, as a client that does not answer questions itself. */
const send = ({ client }: TestClient, name: string, params: object): Promise<Round> =>
  client.callTool({ name, ...params } as never, { allowInputRequired: true }) as never;

const PAY = { amount: 10, to: { name: "Ada", iban: "1" } };
const accept = { action: "accept", content: {} };
const refused = { code: -32602, data: { reason: "invalid_request_state" } };

/** Starts a payment; returns the parameters that complete it. */
async function startPayment(test: TestClient, name = "pay"): Promise<{ requestState: string; inputResponses: object }> {
  const { inputRequests = {}, requestState = "" } = await send(test, name, { arguments: PAY });
  const [key = ""] = Object.keys(inputRequests);
  return { requestState, inputResponses: { [key]: accept } };
}

describe("the state of a call that asks on 2026-07-28", () => {
  it("completes the call that it belongs to, whatever the order of properties", async () => {
    const bank = new Bank();
    await using test = await connect(newServer(bank));
    const reordered = { to: { iban: "1", name: "Ada" }, amount: 10 };
    expect(await send(test, "pay", { arguments: reordered, ...(await startPayment(test)) })).toMatchObject({
      content: [{ text: "paid" }],
    });
    expect(bank.paid).toEqual(['10 to {"iban":"1","name":"Ada"}']);
  });

  it.each([
    ["another number", { ...PAY, amount: 1_000_000 }],
    ["another member", { ...PAY, to: { name: "Ada", iban: "2" } }],
    ["one more member", { ...PAY, to: { ...PAY.to, note: "x" } }],
    ["one more argument", { ...PAY, note: "x" }],
    ["a member less", { ...PAY, to: { name: "Ada" } }],
    ["a number as text", { ...PAY, amount: "10" }],
    ["no arguments", {}],
  ])("is refused with other arguments, before the method runs: %s", async (_, other) => {
    const bank = new Bank();
    await using test = await connect(newServer(bank));
    const round = await startPayment(test);
    await expect(send(test, "pay", { arguments: other, ...round })).rejects.toMatchObject({
      ...refused,
      message: expect.stringContaining("This requestState belongs to other arguments.") as string,
    });
    expect(bank.paid).toEqual([]);
  });

  it("is needed for an answer: without it, the client is asked again", async () => {
    const bank = new Bank();
    await using test = await connect(newServer(bank));
    const { inputResponses } = await startPayment(test);
    for (const amount of [10, 1_000_000]) {
      expect(await send(test, "pay", { arguments: { ...PAY, amount }, inputResponses })).toMatchObject({
        resultType: "input_required",
      });
    }
    expect(bank.paid).toEqual([]);
  });

  it("is not needed for a named question of a call without arguments", async () => {
    await using test = await connect(newServer());
    const inputResponses = { name: { action: "accept", content: { name: "Ada" } }, other: accept };
    expect(await send(test, "named", { inputResponses })).toMatchObject({ content: [{ text: "Ada" }] });
  });

  it("does not take answers to questions that were not asked", async () => {
    await using test = await connect(newServer());
    const { requestState = "", inputRequests = {} } = await send(test, "greet", { arguments: { greeting: "Hi" } });
    const [first = ""] = Object.keys(inputRequests);
    const answer = (field: string, text: string) => ({ action: "accept", content: { [field]: text } });
    const second = await send(test, "greet", {
      arguments: { greeting: "Hi" },
      requestState,
      inputResponses: { [first]: answer("name", "Ada") },
    });
    const [later = ""] = Object.keys(second.inputRequests ?? {});
    // The first state, with an answer to the question that only the second one asks.
    const inputResponses = { [first]: answer("name", "Ada"), [later]: answer("color", "green") };
    expect(await send(test, "greet", { arguments: { greeting: "Hi" }, requestState, inputResponses })).toMatchObject({
      resultType: "input_required",
    });
  });

  it("is refused by another tool", async () => {
    const bank = new Bank();
    await using test = await connect(newServer(bank));
    await expect(send(test, "lend", { arguments: PAY, ...(await startPayment(test)) })).rejects.toMatchObject(refused);
    expect(bank.paid).toEqual([]);
  });

  it("is refused for another resource, and for other arguments of a prompt", async () => {
    await using test = await connect(newServer());
    const request = (method: string, params: object): Promise<Round> =>
      test.client.request({ method, params } as never, { allowInputRequired: true } as never) as never;
    const attempts = [
      ["resources/read", { uri: "x://a" }, { uri: "x://b" }],
      ["prompts/get", { name: "advice", arguments: { topic: "a" } }, { name: "advice", arguments: { topic: "b" } }],
    ] as const;
    for (const [method, params, other] of attempts) {
      const { inputRequests = {}, requestState } = await request(method, params);
      const [key = ""] = Object.keys(inputRequests);
      const round = { inputResponses: { [key]: accept }, requestState };
      await expect(request(method, { ...other, ...round })).rejects.toMatchObject(refused);
      await expect(request(method, { ...params, ...round })).resolves.not.toHaveProperty("inputRequests");
    }
  });

  it("is refused for another caller", async () => {
    const bank = new Bank();
    const server = newServer(bank);
    await using ada = await connect(server, { auth: { subject: "ada" } });
    await using eve = await connect(server, { auth: { subject: "eve" } });
    await using unknown = await connect(server, { auth: undefined });
    await using trusted = await connect(server);
    const round = await startPayment(ada);
    for (const other of [eve, unknown, trusted])
      await expect(send(other, "pay", { arguments: PAY, ...round })).rejects.toMatchObject(refused);
    expect(bank.paid).toEqual([]);
    await using again = await connect(server, { auth: { subject: "ada" } });
    expect(await send(again, "pay", { arguments: PAY, ...round })).toMatchObject({ content: [{ text: "paid" }] });
  });

  it("is accepted by another process with the same name and stateKey, and by no other server", async () => {
    const one = await connect(newServer(new Bank(), { stateKey }));
    const round = await startPayment(one);
    const same = await connect(newServer(new Bank(), { stateKey }));
    expect(await send(same, "pay", { arguments: PAY, ...round })).toMatchObject({ content: [{ text: "paid" }] });
    for (const options of [
      { stateKey, name: "shop" },
      { stateKey: "another secret of thirty-two bytes or more" },
      {},
    ]) {
      const bank = new Bank();
      await using other = await connect(newServer(bank, options));
      await expect(send(other, "pay", { arguments: PAY, ...round })).rejects.toMatchObject(refused);
      expect(bank.paid).toEqual([]);
    }
    await one.close();
    await same.close();
  });

  it("is refused if it was changed at any place, cut, or forged", async () => {
    const bank = new Bank();
    await using test = await connect(newServer(bank));
    const { requestState, inputResponses } = await startPayment(test);
    const flip = (at: number): string =>
      requestState.slice(0, at) + (requestState[at] === "A" ? "B" : "A") + requestState.slice(at + 1);
    const places = Array.from({ length: 20 }, (_, i) => Math.floor((i * (requestState.length - 1)) / 20));
    const forged = [
      ...places.map(flip),
      requestState.slice(0, -4),
      requestState.slice(0, 20),
      `${requestState}-TAMPERED`,
      `${requestState}AAAA`,
      `v1.${requestState.slice(3)}`,
      requestState.slice(3),
      "v2.",
      "v2.ä",
      "",
      `v2.${btoa(JSON.stringify({ expires: 9e9, state: { request: "tools/call pay" } }))}`,
    ];
    for (const state of forged)
      await expect(send(test, "pay", { arguments: PAY, inputResponses, requestState: state })).rejects.toMatchObject(
        refused,
      );
    expect(bank.paid).toEqual([]);
  });

  it("expires after an hour", async () => {
    const bank = new Bank();
    await using test = await connect(newServer(bank));
    const round = await startPayment(test);
    const now = Date.now();
    vi.spyOn(Date, "now").mockReturnValue(now + 3_602_000);
    await expect(send(test, "pay", { arguments: PAY, ...round })).rejects.toMatchObject(refused);
    expect(bank.paid).toEqual([]);
    vi.spyOn(Date, "now").mockReturnValue(now + 3_590_000);
    expect(await send(test, "pay", { arguments: PAY, ...round })).toMatchObject({ content: [{ text: "paid" }] });
  });

  it("does not show the client what it contains, and never repeats", async () => {
    await using test = await connect(newServer(), { auth: { subject: "ada" } });
    const states = [await startPayment(test), await startPayment(test)].map(({ requestState }) => requestState);
    expect(new Set(states).size).toBe(2);
    for (const state of states) {
      expect(state).toMatch(/^v2\.[\w-]+$/);
      expect(atob(state.slice(3).replaceAll("-", "+").replaceAll("_", "/"))).not.toMatch(/ada|pay/);
    }
  });

  it("is not accepted by a request that cannot ask", async () => {
    await using test = await connect(newServer());
    const { requestState } = await startPayment(test);
    await expect(test.client.request({ method: "resources/list", params: { requestState } })).rejects.toMatchObject(
      refused,
    );
  });
});

it("A client of 2025-11-25 cannot answer with a state of 2026-07-28", async () => {
  const bank = new Bank();
  const server = newServer(bank, { stateKey });
  await using modern = await connect(server);
  const { requestState, inputResponses } = await startPayment(modern);
  const [client, transport] = InMemoryTransport.createLinkedPair();
  const received: unknown[] = [];
  // An SDK transport's handlers are properties, unlike those of the DOM.
  // oxlint-disable-next-line unicorn/prefer-add-event-listener
  client.onmessage = (message) => void received.push(message);
  await server.connect(transport);
  await client.start();
  const clientInfo = { name: "raw", version: "1" };
  const capabilities = { elicitation: {} };
  const params = { protocolVersion: "2025-11-25", capabilities, clientInfo };
  await client.send({ jsonrpc: "2.0", id: 1, method: "initialize", params });
  const call = { name: "pay", arguments: PAY, requestState, inputResponses };
  await client.send({ jsonrpc: "2.0", id: 2, method: "tools/call", params: call });
  await vi.waitFor(() => expect(received.at(-1)).toMatchObject({ method: "elicitation/create" }));
  expect(bank.paid).toEqual([]);
  await client.close();
});
