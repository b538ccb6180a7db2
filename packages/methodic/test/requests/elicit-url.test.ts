import { Client, type ElicitRequestURLParams, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { afterEach, beforeEach, describe, expect, expectTypeOf, it, vi } from "vitest";
import { type Context, createServer, tool, type UrlAnswer } from "../../src/index.ts";
import { CONTEXT_PATHS } from "../fixtures/context-paths.ts";
import { Inbox } from "../fixtures/inbox.ts";
import { defineService } from "../fixtures/service.ts";

beforeEach(() => void vi.spyOn(console, "error").mockImplementation(() => undefined));
afterEach(() => void vi.restoreAllMocks());

const URL_MODE = { elicitation: { url: {} } };

class Accounts {
  runs = 0;
  completions: (() => Promise<void>)[] = [];

  async connect(url: string, ctx: Context): Promise<string> {
    this.runs++;
    const answer = await ctx.elicitUrl(url, "Log in");
    if (answer.action !== "accept") return answer.action;
    this.completions.push(answer.complete);
    return JSON.stringify(answer);
  }

  async finish(ctx: Context): Promise<string> {
    const answer = await ctx.elicitUrl(new URL("https://example.com/login"), { message: "Log in", key: "login" });
    if (answer.action === "accept") await answer.complete();
    return answer.action;
  }

  async random(ctx: Context): Promise<string> {
    const state = await ctx.step("state", () => crypto.randomUUID());
    const { action } = await ctx.elicitUrl(`https://example.com/login?state=${state}`, "Log in");
    return `${action} ${state}`;
  }

  async invalid(value: unknown, ctx: Context): Promise<string> {
    return (await ctx.elicitUrl(value as string, "Log in")).action;
  }

  async silent(ctx: Context): Promise<string> {
    return (await ctx.elicitUrl("https://example.com", { message: 5 as never })).action;
  }
}
defineService(Accounts, {
  connect: { as: tool(), properties: { url: { type: "string" } }, contextIndex: 1 },
  finish: { as: tool(), contextIndex: 0 },
  random: { as: tool(), contextIndex: 0 },
  invalid: { as: tool(), properties: { value: {} }, contextIndex: 1 },
  silent: { as: tool(), contextIndex: 0 },
});

/** Answers questions by URL; returns those that were asked. */
function answer(client: Client, response: object = { action: "accept" }): ElicitRequestURLParams[] {
  const asked: ElicitRequestURLParams[] = [];
  client.setRequestHandler("elicitation/create", ({ params }) => {
    asked.push(params as ElicitRequestURLParams);
    return response as { action: "accept" };
  });
  return asked;
}

const textOf = (result: unknown): string =>
  (result as { readonly content: readonly [{ readonly text: string }] }).content[0].text;

const canAsk = CONTEXT_PATHS.filter(({ era, isLive }) => era === "modern" || isLive);

describe.each(canAsk)("Context.elicitUrl over $name", (path) => {
  it("asks the user to open the page", async () => {
    const accounts = new Accounts();
    await using opened = await path.open({ services: [accounts] }, URL_MODE);
    const asked = answer(opened.client);
    const url = "https://example.com/login?a=1";
    const result = await opened.client.callTool({ name: "connect", arguments: { url } });
    expect(textOf(result)).toBe('{"action":"accept"}');
    const elicitationId = expect.any(String) as string;
    expect(asked).toEqual([{ mode: "url", message: "Log in", url, ...(path.era === "legacy" && { elicitationId }) }]);
    expect(accounts.runs).toBe(path.era === "modern" ? 2 : 1);
  });

  it.each(["decline", "cancel"])("returns the action %s", async (action) => {
    await using opened = await path.open({ services: [Accounts] }, URL_MODE);
    answer(opened.client, { action });
    const call = { name: "connect", arguments: { url: "https://example.com" } };
    expect(textOf(await opened.client.callTool(call))).toBe(action);
  });

  it("tells a client of 2025-11-25 during the call that the user has finished", async () => {
    await using opened = await path.open({ services: [Accounts] }, URL_MODE);
    const asked = answer(opened.client);
    const completed = new Inbox<string>();
    opened.client.setNotificationHandler("notifications/elicitation/complete", ({ params }) =>
      completed.add(params.elicitationId),
    );
    expect(textOf(await opened.client.callTool({ name: "finish" }))).toBe("accept");
    if (path.era === "legacy") await completed.count(1);
    expect(completed.items).toEqual(path.era === "legacy" ? [asked[0]?.elicitationId] : []);
  });

  it("keeps a random part of the URL that a step makes", async () => {
    await using opened = await path.open({ services: [Accounts] }, URL_MODE);
    const asked = answer(opened.client);
    const [action, state] = textOf(await opened.client.callTool({ name: "random" })).split(" ");
    expect(action).toBe("accept");
    expect(asked.map(({ url }) => url)).toEqual([`https://example.com/login?state=${state}`]);
  });

  it("names the capability that a client with forms only lacks", async () => {
    await using opened = await path.open({ services: [Accounts] }, { elicitation: { form: {} } });
    const text =
      "This call has to ask the user to open a page, but the client does not declare the capability " +
      "'elicitation.url'. Use a client that supports it, or a tool that does not ask.";
    const call = opened.client.callTool({ name: "finish" });
    if (path.era === "legacy") expect(await call).toMatchObject({ isError: true, content: [{ text }] });
    else {
      await expect(call).rejects.toMatchObject({
        code: -32021,
        data: { requiredCapabilities: { elicitation: { url: {} } } },
      });
    }
  });

  it("asks three times at most if the answers are invalid", async () => {
    await using opened = await path.open({ services: [Accounts] }, URL_MODE);
    const { client } = opened;
    const call = { name: "finish", arguments: {} };
    const text = expect.stringContaining(
      `The client's answer to the question "Log in" is not valid, although it was asked 3 times: action: expected`,
    ) as string;
    if (path.era === "legacy") {
      const asked: unknown[] = [];
      client.fallbackRequestHandler = async ({ params }) => {
        asked.push(params);
        return { action: "maybe" };
      };
      expect(await client.callTool(call)).toMatchObject({ isError: true, content: [{ text }] });
      expect(asked).toHaveLength(3);
      return;
    }
    type Round = { readonly requestState?: string };
    const send = (params: object): Promise<Round> =>
      client.callTool({ ...call, ...params } as never, { allowInputRequired: true }) as never;
    let round = await send({});
    for (let asked = 0; asked < 3; asked++)
      round = await send({ inputResponses: { login: { action: "maybe" } }, requestState: round.requestState });
    expect(round).toMatchObject({ isError: true, content: [{ text }] });
  });
});

describe.each(CONTEXT_PATHS.filter((path) => !canAsk.includes(path)))("Context.elicitUrl over $name", (path) => {
  it("fails, because the request belongs to no session", async () => {
    await using opened = await path.open({ services: [Accounts] }, URL_MODE);
    expect(await opened.client.callTool({ name: "finish" })).toMatchObject({
      isError: true,
      content: [{ text: expect.stringContaining("the request belongs to no session") as string }],
    });
  });
});

describe("The completion of a page", () => {
  it.each(CONTEXT_PATHS.filter(({ isLive, isHttp }) => isLive && !isHttp))(
    "is announced after the call has ended over $name",
    async (path) => {
      const accounts = new Accounts();
      await using opened = await path.open({ services: [accounts] }, URL_MODE);
      const asked = answer(opened.client);
      const completed = new Inbox<string>();
      opened.client.setNotificationHandler("notifications/elicitation/complete", ({ params }) =>
        completed.add(params.elicitationId),
      );
      await opened.client.callTool({ name: "connect", arguments: { url: "https://example.com" } });
      await accounts.completions[0]?.();
      if (path.era === "legacy") await completed.count(1);
      expect(completed.items).toEqual(path.era === "legacy" ? [asked[0]?.elicitationId] : []);
      await opened.client.close();
      await expect(accounts.completions[0]?.()).resolves.toBeUndefined();
    },
  );

  it("is announced on the stream of a session after the call has ended", async () => {
    const accounts = new Accounts();
    const server = createServer({
      name: "s",
      version: "1",
      services: [accounts],
      auth: "none",
      http: { sessions: true },
    });
    let opened = (): void => undefined;
    const streaming = new Promise<void>((resolve) => (opened = resolve));
    const transport = new StreamableHTTPClientTransport(new URL("http://localhost/mcp"), {
      fetch: async (url, init) => {
        const response = await server.fetch(new Request(url, init));
        if (init?.method === "GET") opened();
        return response;
      },
    });
    const client = new Client({ name: "c", version: "1" }, { capabilities: URL_MODE });
    const completed = new Inbox<string>();
    client.setNotificationHandler("notifications/elicitation/complete", ({ params }) =>
      completed.add(params.elicitationId),
    );
    const asked = answer(client);
    await client.connect(transport);
    await streaming;
    await client.callTool({ name: "connect", arguments: { url: "https://example.com" } });
    await accounts.completions[0]?.();
    await completed.count(1);
    expect(completed.items).toEqual([asked[0]?.elicitationId]);
    await client.close();
    await server.close();
  });
});

describe("The URL of Context.elicitUrl", () => {
  it.each(["https://example.com/login", "http://localhost:8080/", "http://127.0.0.1/", "http://[::1]:3000/"])(
    "may be %s",
    async (url) => {
      await using opened = await CONTEXT_PATHS[0]!.open({ services: [Accounts] }, URL_MODE);
      const asked = answer(opened.client);
      await opened.client.callTool({ name: "connect", arguments: { url } });
      expect(asked).toMatchObject([{ url }]);
    },
  );

  it.each([
    ["/login", 'ctx.elicitUrl: invalid url: "/login". Pass an absolute https: URL'],
    ["", 'ctx.elicitUrl: invalid url: "". Pass'],
    [5, "ctx.elicitUrl: invalid url: 5. Pass"],
    ["http://example.com/", 'ctx.elicitUrl: unsafe url: "http://example.com/". Pass an absolute https: URL; http: is'],
    ["http://localhost.example.com/", "unsafe url"],
    ["javascript:alert(1)", 'unsafe url: "javascript:alert(1)"'],
    ["file:///etc/passwd", "unsafe url"],
    ["myapp://login", "unsafe url"],
    ["https://github.com@evil.example/", 'has a user name or password: "https://github.com@evil.example/". Remove it'],
    ["https://ada:secret@example.com/", 'password: "https://ada:…@example.com/". Remove it'],
  ])("may not be %j", async (value, text) => {
    await using opened = await CONTEXT_PATHS[0]!.open({ services: [Accounts] }, URL_MODE);
    const asked = answer(opened.client);
    expect(await opened.client.callTool({ name: "invalid", arguments: { value } })).toMatchObject({
      isError: true,
      content: [{ text: expect.stringContaining(text) as string }],
    });
    expect(asked).toEqual([]);
  });

  it("comes with a message", async () => {
    await using opened = await CONTEXT_PATHS[0]!.open({ services: [Accounts] }, URL_MODE);
    expect(textOf(await opened.client.callTool({ name: "silent" }))).toBe(
      "ctx.elicitUrl: invalid message: 5. Pass a text.",
    );
  });
});

it("The answer to Context.elicitUrl can be completed once it is accepted", () => {
  expectTypeOf<Awaited<ReturnType<Context["elicitUrl"]>>>().toEqualTypeOf<UrlAnswer>();
  expectTypeOf<Extract<UrlAnswer, { action: "decline" }>>().not.toHaveProperty("complete");
});
