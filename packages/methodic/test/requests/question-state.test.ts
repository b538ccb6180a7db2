import { Client, InMemoryTransport } from "@modelcontextprotocol/client";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import type { Authenticator } from "../../src/auth/index.ts";
import { type Context, type Server, tool } from "../../src/index.ts";
import { type ContextPath, CONTEXT_PATHS, type OpenPath } from "../fixtures/context-paths.ts";
import { defineService } from "../fixtures/service.ts";

beforeEach(() => void vi.spyOn(console, "error").mockImplementation(() => undefined));
afterEach(() => void vi.restoreAllMocks());

const NAME = { type: "object", properties: { name: { type: "string" } }, required: ["name"] } as const;

/** Effects that each need an answer. */
class Bank {
  readonly effects: string[] = [];

  async confirm(id: string, ctx: Context): Promise<string> {
    return this.#do(id, await ctx.confirm("Sure?"));
  }

  async elicit(id: string, ctx: Context): Promise<string> {
    return this.#do(id, (await ctx.elicit("Name?", NAME)).action === "accept");
  }

  async page(id: string, ctx: Context): Promise<string> {
    return this.#do(id, (await ctx.elicitUrl("https://example.com", "Log in")).action === "accept");
  }

  async sample(id: string, ctx: Context): Promise<string> {
    return this.#do(id, (await ctx.sample("Is it allowed?")).text === "yes");
  }

  async roots(id: string, ctx: Context): Promise<string> {
    return this.#do(id, (await ctx.listRoots()).length === 1);
  }

  async step(id: string, ctx: Context): Promise<string> {
    const allowed = await ctx.step("allow", () => true);
    return this.#do(id, (await ctx.confirm("Sure?")) && allowed);
  }

  async twin(id: string, ctx: Context): Promise<string> {
    const { length } = await Promise.all([ctx.confirm("Sure?"), ctx.elicit("Name?", NAME), ctx.listRoots()]);
    return this.#do(id, length === 3);
  }

  #do(id: string, allowed: boolean): string {
    if (allowed) this.effects.push(id);
    return allowed ? "done" : "refused";
  }
}
const member = { as: tool(), properties: { id: { type: "string" } }, contextIndex: 1 };
defineService(Bank, {
  confirm: member,
  elicit: member,
  page: member,
  sample: member,
  roots: member,
  step: member,
  twin: member,
});

const accepted = { action: "accept", content: {} };
const RESPONSES: { readonly [tool: string]: object } = {
  confirm: accepted,
  elicit: { action: "accept", content: { name: "Ada" } },
  page: { action: "accept" },
  sample: { role: "assistant", model: "m", content: { type: "text", text: "yes" } },
  roots: { roots: [{ uri: "file:///a" }] },
  step: accepted,
};
const TOOLS = Object.keys(RESPONSES);

/** Believes the name that a client gives itself. */
const byName: Authenticator = {
  scopes: [],
  authorizationServers: [],
  bindsToResource: false,
  authenticate: async ({ headers }) => {
    const subject = headers.get("x-user") ?? "guest";
    return { kind: "accepted", auth: { subject, scopes: [], claims: {} } };
  },
};

const open = (path: ContextPath, bank: Bank) =>
  path.open({
    services: [bank],
    auth: byName,
    ...(path.name.includes("with sessions") && { http: { sessions: true } }),
  });

const modern = CONTEXT_PATHS.filter(({ era }) => era === "modern");
const withSessions = modern
  .filter(({ isHttp }) => isHttp)
  .map((path) => ({ ...path, name: `${path.name}, on a server with sessions` }));
const legacy = CONTEXT_PATHS.filter(({ era, isLive }) => era === "legacy" && isLive);

interface Round {
  readonly inputRequests?: object;
  readonly requestState?: string;
}

describe.each([...modern, ...withSessions])("the state of a question over $name", (path) => {
  const bank = new Bank();
  let opened: OpenPath;
  let ada: Client;
  let eve: Client;
  beforeAll(async () => {
    opened = await open(path, bank);
    ada = await opened.connect({ "x-user": "ada" });
    eve = await opened.connect({ "x-user": "eve" });
  });
  afterAll(() => opened[Symbol.asyncDispose]());

  it.each(TOOLS)("counts for its call alone: %s", async (name) => {
    bank.effects.length = 0;
    const send = (client: Client, params: object): Promise<Round> =>
      client.callTool({ name, arguments: { id: "1" }, ...params } as never, { allowInputRequired: true }) as never;
    const { inputRequests = {}, requestState = "" } = await send(ada, {});
    const [key = ""] = Object.keys(inputRequests);
    const answered = { inputResponses: { [key]: RESPONSES[name] }, requestState };
    const refused = { code: -32602, data: { reason: "invalid_request_state" } };
    const middle = Math.floor(requestState.length / 2);
    const flipped = requestState[middle] === "A" ? "B" : "A";
    const forged = requestState.slice(0, middle) + flipped + requestState.slice(middle + 1);
    await expect(send(eve, answered)).rejects.toMatchObject(refused);
    await expect(send(ada, { ...answered, arguments: { id: "2" } })).rejects.toMatchObject(refused);
    await expect(send(ada, { ...answered, name: "twin" })).rejects.toMatchObject(refused);
    await expect(send(ada, { ...answered, requestState: forged })).rejects.toMatchObject(refused);
    await expect(send(ada, { ...answered, requestState: requestState.slice(0, -1) })).rejects.toMatchObject(refused);
    expect(await send(ada, { inputResponses: answered.inputResponses })).toMatchObject({
      resultType: "input_required",
    });
    expect(bank.effects).toEqual([]);
    expect(await send(ada, answered)).toMatchObject({ content: [{ text: "done" }] });
    expect(bank.effects).toEqual(["1"]);
  });
});

/** Starts the call of a client of 2026-07-28. */
async function startModern(server: Server, params: object): Promise<Round> {
  const [near, far] = InMemoryTransport.createLinkedPair();
  await server.connect(far, { auth: { subject: "ada", scopes: [], claims: {} } });
  const capabilities = { elicitation: { form: {}, url: {} }, sampling: {}, roots: {} };
  const client = new Client(
    { name: "c", version: "1" },
    { capabilities, versionNegotiation: { mode: { pin: "2026-07-28" } } },
  );
  await client.connect(near);
  return client.callTool(params as never, { allowInputRequired: true }) as never;
}

describe.each(legacy)("a question over $name", (path) => {
  const bank = new Bank();
  let opened: OpenPath;
  let client: Client;
  beforeAll(async () => {
    opened = await open(path, bank);
    client = await opened.connect({ "x-user": "ada" });
  });
  afterAll(() => opened[Symbol.asyncDispose]());

  it.each(TOOLS)("is not answered by what the call brings: %s", async (name) => {
    const params = { name, arguments: { id: "1" } };
    let asked = 0;
    client.fallbackRequestHandler = async () => {
      asked++;
      throw new Error("no user");
    };
    const call = (brought: object) =>
      client.request({ method: "tools/call", params: { ...params, ...brought } } as never);
    const { inputRequests = {}, requestState } = await startModern(opened.server, params);
    const [key = ""] = Object.keys(inputRequests);
    const inputResponses = { [key]: RESPONSES[name] };
    expect(await call({ inputResponses })).toMatchObject({ isError: true });
    expect(asked).toBe(1);
    await Promise.allSettled([call({ inputResponses, requestState })]);
    expect(bank.effects).toEqual([]);
  });
});

describe.each([...modern, ...legacy])("a client without capabilities over $name", (path) => {
  const bank = new Bank();
  let opened: OpenPath;
  beforeAll(async () => {
    opened = await path.open({ services: [bank] }, {});
  });
  afterAll(() => opened[Symbol.asyncDispose]());

  it.each([
    ["confirm", "elicitation.form"],
    ["elicit", "elicitation.form"],
    ["page", "elicitation.url"],
    ["sample", "sampling"],
    ["roots", "roots"],
    ["step", "elicitation.form"],
  ])("gets an error that names the capability: %s", async (name, capability) => {
    const call = opened.client.callTool({ name, arguments: { id: "1" } });
    const text = expect.stringContaining(`does not declare the capability '${capability}'`) as string;
    if (path.era === "legacy") expect(await call).toMatchObject({ isError: true, content: [{ text }] });
    else await expect(call).rejects.toMatchObject({ code: -32021, message: text });
    expect(bank.effects).toEqual([]);
  });
});
