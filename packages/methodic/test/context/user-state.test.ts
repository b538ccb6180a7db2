import { beforeEach, describe, expect, it, vi } from "vitest";
import { apiKey, type Authenticator, bearer } from "../../src/auth/index.ts";
import { type AuthInfo, type Context, createServer, memoryStore, type Server, tool } from "../../src/index.ts";
import { createTestClient } from "../../src/testing/test-client.ts";
import { CONTEXT_PATHS, type OpenPath } from "../fixtures/context-paths.ts";
import { defineService } from "../fixtures/service.ts";

class Likes {
  async like(topic: string, ctx: Context): Promise<string> {
    const topics = await ctx.user.update<string[]>("likes", (before = []) => [...before, topic]);
    return topics.join(" ");
  }

  async likes(ctx: Context): Promise<string> {
    return ((await ctx.user.get<string[]>("likes")) ?? ["nothing"]).join(" ");
  }

  async forget(ctx: Context): Promise<string> {
    await ctx.user.delete("likes");
    await ctx.user.set("forgot", true);
    return String(await ctx.user.get("forgot"));
  }
}
defineService(Likes, {
  like: { as: tool(), names: ["topic"], properties: { topic: { type: "string" } }, contextIndex: 1 },
  likes: { as: tool(), contextIndex: 0 },
  forget: { as: tool(), contextIndex: 0 },
});

async function call(
  client: Pick<OpenPath["client"], "callTool">,
  name: string,
  args: Record<string, unknown> = {},
): Promise<string> {
  const { content } = await client.callTool({ name, arguments: args });
  return (content as readonly { readonly text: string }[])[0]?.text ?? "";
}

const log = vi.spyOn(console, "error");
beforeEach(() => void log.mockReset().mockImplementation(() => undefined));

const HTTP = CONTEXT_PATHS.filter(({ isHttp }) => isHttp);
const LOCAL = CONTEXT_PATHS.filter(({ isHttp }) => !isHttp);

const KEYS = [
  { name: "ada", key: "a-key-of-ada-that-is-long-enough" },
  { name: "bob", key: "b-key-of-bob-that-is-long-enough" },
];
const [ADA = {}, BOB = {}] = KEYS.map(({ key }) => ({ "x-api-key": key }));

describe.each(LOCAL)("ctx.user over $name", (path) => {
  it("keeps values for the one local user, whichever connection calls", async () => {
    await using opened = await path.open({ services: [Likes] });
    const other = await opened.connect();
    expect(await call(opened.client, "like", { topic: "tea" })).toBe("tea");
    await opened.client.close();
    expect(await call(other, "like", { topic: "milk" })).toBe("tea milk");
    expect(await call(other, "forget")).toBe("true");
    expect(await call(other, "likes")).toBe("nothing");
  });
});

describe.each(HTTP)("ctx.user over $name", (path) => {
  const auth = apiKey({ keys: KEYS });

  it("keeps values for a caller beyond its sessions, apart from those of others", async () => {
    await using opened = await path.open({ services: [Likes], auth }, undefined, ADA);
    const bob = await opened.connect(BOB);
    expect(await call(opened.client, "like", { topic: "tea" })).toBe("tea");
    expect(await call(bob, "likes")).toBe("nothing");
    expect(await call(bob, "like", { topic: "salt" })).toBe("salt");
    await opened.client.close();
    const again = await opened.connect(ADA);
    expect(await call(again, "like", { topic: "milk" })).toBe("tea milk");
    expect(await call(bob, "likes")).toBe("salt");
  });

  it("rejects for callers that nothing tells apart, with the way out", async () => {
    const message =
      "This call keeps state for its caller, but the caller is unknown, so it cannot be told apart from others. " +
      "Configure authentication on the server (auth) that returns a subject for each caller.";
    await using opened = await path.open({ services: [Likes] });
    expect(await call(opened.client, "likes")).toBe(message);
    expect(await call(opened.client, "like", { topic: "tea" })).toBe(message);
    expect(log.mock.calls.at(-1)?.[0]).toBe(`methodic: Tool like failed: ${message}`);
  });
});

const path = CONTEXT_PATHS.find(({ name }) => name === "fetch, 2026-07-28")!;

/** Calls `like` as a caller that an authenticator or a test names. */
async function likeAs(server: Server, topic: string, auth: Partial<AuthInfo> | undefined): Promise<string> {
  await using client = await createTestClient(server, { auth });
  return (await client.callTool("like", { topic })).text;
}

describe("the caller of ctx.user", () => {
  it("is the subject of an issuer, and not its token", async () => {
    const verify = (token: string) => {
      const [iss, subject] = token.split("-");
      return { subject, claims: { iss } };
    };
    await using opened = await path.open({ services: [Likes], auth: bearer({ verify }) }, undefined, {
      authorization: "Bearer home-ada-1",
    });
    const connect = (token: string) => opened.connect({ authorization: `Bearer ${token}` });
    expect(await call(opened.client, "like", { topic: "tea" })).toBe("tea");
    expect(await call(await connect("home-ada-2"), "like", { topic: "milk" })).toBe("tea milk");
    expect(await call(await connect("work-ada-1"), "like", { topic: "salt" })).toBe("salt");
  });

  it("is the token if that is all that is known", async () => {
    const auth = bearer({ verify: (token) => token.startsWith("good") });
    await using opened = await path.open({ services: [Likes], auth }, undefined, { authorization: "Bearer good-1" });
    expect(await call(opened.client, "like", { topic: "tea" })).toBe("tea");
    const other = await opened.connect({ authorization: "Bearer good-2" });
    expect(await call(other, "like", { topic: "salt" })).toBe("salt");
  });

  it("is unknown if the authenticator accepts requests without credentials", async () => {
    const auth: Authenticator = {
      scopes: [],
      authorizationServers: [],
      bindsToResource: false,
      authenticate: async () => ({ kind: "accepted", auth: { scopes: [], claims: {} } }),
    };
    await using opened = await path.open({ services: [Likes], auth });
    expect(await call(opened.client, "like", { topic: "tea" })).toContain("the caller is unknown");
  });

  it("counts on connections that are not trusted", async () => {
    const server = createServer({ name: "s", version: "1", services: [Likes] });
    expect(await likeAs(server, "tea", { subject: "ada" })).toBe("tea");
    expect(await likeAs(server, "milk", { subject: "ada" })).toBe("tea milk");
    expect(await likeAs(server, "salt", { clientId: "ada" })).toBe("salt");
    expect(await likeAs(server, "salt", { claims: { role: "guest" } })).toContain("the caller is unknown");
    expect(await likeAs(server, "salt", undefined)).toContain("the caller is unknown");
    await using local = await createTestClient(server);
    expect((await local.callTool("likes")).text).toBe("nothing");
  });
});

describe("servers that share a store", () => {
  it("have the state of a caller in common if they have the same name", async () => {
    const store = memoryStore();
    const serve = (name: string): Server => createServer({ name, version: "1", services: [Likes], store });
    const [one, replica, other] = [serve("shop"), serve("shop"), serve("shop/user")];
    expect(await likeAs(one, "tea", { subject: "ada" })).toBe("tea");
    expect(await likeAs(replica, "milk", { subject: "ada" })).toBe("tea milk");
    expect(await likeAs(other, "salt", { subject: "ada" })).toBe("salt");
  });
});
