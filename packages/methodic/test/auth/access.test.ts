import { InMemoryTransport } from "@modelcontextprotocol/client";
import { afterEach, describe, expect, it, vi } from "vitest";
import {
  type AccessRule,
  type AuthInfo,
  type Context,
  createServer,
  MethodicError,
  prompt,
  resource,
  type Server,
  service,
  tool,
} from "../../src/index.ts";
import { createTestClient } from "../../src/testing/test-client.ts";
import { DIALECTS, runSource } from "../fixtures/compile.ts";
import { attachManifest, defineService } from "../fixtures/service.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

const needs = (...scopes: readonly string[]): AccessRule => ({
  scopes,
  allows: ({ scopes: granted }) => scopes.every((scope) => granted.includes(scope)),
});
const string = { type: "string" };

class Notes {
  read(): string {
    return "read";
  }
  write(text: string): string {
    return `wrote ${text}`;
  }
  whoAmI(ctx: Context): string {
    return JSON.stringify(ctx.auth ?? null);
  }
  all(): string {
    return "all";
  }
  secret(): string {
    return "secret";
  }
  note(name: string): string {
    return name;
  }
  names(): string[] {
    return ["public", "secret"];
  }
  diary(day: string): string {
    return day;
  }
  days(): string[] {
    return ["monday"];
  }
  ask(): string {
    return "ask";
  }
  review(): string {
    return "review";
  }
}
defineService(Notes, {
  read: { as: tool() },
  write: { as: tool({ auth: needs("notes:write") }), properties: { text: string } },
  whoAmI: { as: tool(), contextIndex: 0 },
  all: { as: resource("notes://all"), kind: "resource" },
  secret: { as: resource("notes://note/secret", { auth: needs("notes:secret") }), kind: "resource" },
  note: { as: resource("notes://note/{name}", { list: "names" }), kind: "resource", properties: { name: string } },
  diary: {
    as: resource("diary://{day}", { list: "days", auth: (auth) => auth.subject === "ada" }),
    kind: "resource",
    properties: { day: string },
  },
  ask: { as: prompt(), kind: "prompt" },
  review: {
    as: prompt({ auth: needs("notes:write") }),
    kind: "prompt",
    properties: { tone: { enum: ["kind", "frank"] } },
    required: [],
  },
});

interface PromptReference {
  readonly type: "ref/prompt";
  readonly name: string;
}

interface TemplateReference {
  readonly type: "ref/resource";
  readonly uri: string;
}

function serve(...services: readonly (object | (new () => object))[]): Server {
  return createServer({ name: "s", version: "1", services });
}

async function messageOf(call: Promise<unknown>): Promise<string> {
  return call.then(
    () => "nothing was thrown",
    (error: Error) => error.message,
  );
}

describe.each(["legacy", "modern"] as const)("access of a caller in the %s era", (era) => {
  const connect = async (auth?: Partial<AuthInfo>): ReturnType<typeof createTestClient> =>
    createTestClient(serve(Notes), { era, ...(auth && { auth }) });

  it("has no limits on a trusted connection", async () => {
    await using client = await connect();
    expect((await client.listTools()).map(({ name }) => name)).toEqual(["read", "write", "whoAmI"]);
    expect((await client.callTool("write", { text: "x" })).text).toBe("wrote x");
    expect((await client.callTool("whoAmI")).text).toBe("null");
    expect((await client.readResource("notes://note/secret")).text).toBe("secret");
    expect(await client.listResourceTemplates()).toHaveLength(2);
  });

  it("lists only the components that the rules allow", async () => {
    await using client = await connect({ scopes: ["other"] });
    expect((await client.listTools()).map(({ name }) => name)).toEqual(["read", "whoAmI"]);
    expect((await client.listPrompts()).map(({ name }) => name)).toEqual(["ask"]);
    expect((await client.listResources()).map(({ uri }) => uri)).toEqual(["notes://all", "notes://note/public"]);
    expect((await client.listResourceTemplates()).map(({ uriTemplate }) => uriTemplate)).toEqual([
      "notes://note/{name}",
    ]);
  });

  it("allows what the scopes and claims of the caller allow", async () => {
    await using client = await connect({ subject: "ada", scopes: ["notes:write", "notes:secret"] });
    expect((await client.callTool("write", { text: "x" })).text).toBe("wrote x");
    expect((await client.getPrompt("review")).text).toBe("review");
    expect((await client.readResource("notes://note/secret")).text).toBe("secret");
    expect((await client.readResource("diary://monday")).text).toBe("monday");
    expect((await client.listResources()).map(({ uri }) => uri)).toEqual([
      "notes://all",
      "notes://note/secret",
      "notes://note/public",
      "notes://note/secret",
      "diary://monday",
    ]);
  });

  it("reports a denied component like an unknown one", async () => {
    await using client = await connect({});
    const elsewhere = await createTestClient(serve(OnlyRead), { era });
    for (const name of ["write", "wrte", "red"]) {
      expect(await messageOf(client.callTool(name, { text: 5 }))).toBe(await messageOf(elsewhere.callTool(name)));
    }
    for (const name of ["review", "aks"]) {
      expect(await messageOf(client.getPrompt(name))).toBe(await messageOf(elsewhere.getPrompt(name)));
    }
    for (const uri of ["diary://monday", "diary://..", "diary://%FF", "notes://note/secret"]) {
      expect(await messageOf(client.readResource(uri))).toBe(await messageOf(elsewhere.readResource(uri)));
    }
    await elsewhere.close();
  });

  it("denies completion and subscription for a denied component", async () => {
    await using client = await connect({});
    await using admin = await connect({ scopes: ["notes:write"], subject: "ada" });
    const complete = async (who: typeof client, ref: PromptReference | TemplateReference): Promise<readonly string[]> =>
      (await who.client.complete({ ref, argument: { name: "tone", value: "k" } })).completion.values;
    expect(await complete(admin, { type: "ref/prompt", name: "review" })).toEqual(["kind"]);
    expect(await messageOf(complete(client, { type: "ref/prompt", name: "review" }))).toContain(
      'Unknown prompt: "review".',
    );
    expect(await messageOf(complete(client, { type: "ref/prompt", name: "reviw" }))).not.toContain("review");
    expect(await messageOf(complete(client, { type: "ref/resource", uri: "diary://{day}" }))).toContain(
      'Unknown resource template: "diary://{day}".',
    );
    expect(await complete(admin, { type: "ref/resource", uri: "diary://{day}" })).toEqual([]);
    if (era === "modern") return;
    expect(await messageOf(client.client.subscribeResource({ uri: "diary://monday" }))).toContain("Resource not found");
    await admin.client.subscribeResource({ uri: "diary://monday" });
  });

  it("passes the caller to methods", async () => {
    const auth = { subject: "ada", clientId: "app", scopes: ["a"], claims: { team: "x" }, expiresAt: 4e9 };
    await using client = await connect(auth);
    expect(JSON.parse((await client.callTool("whoAmI")).text)).toEqual(auth);
  });

  it("treats a caller who did not authenticate as untrusted", async () => {
    await using client = await createTestClient(serve(Notes), { era, auth: undefined });
    expect((await client.listTools()).map(({ name }) => name)).toEqual(["read", "whoAmI"]);
    expect((await client.callTool("whoAmI")).text).toBe("null");
  });
});

class OnlyRead {
  read(): string {
    return "read";
  }
  whoAmI(): string {
    return "";
  }
  ask(): string {
    return "ask";
  }
  all(): string {
    return "all";
  }
}
defineService(OnlyRead, {
  read: { as: tool() },
  whoAmI: { as: tool() },
  ask: { as: prompt(), kind: "prompt" },
  all: { as: resource("notes://all"), kind: "resource" },
});

describe.each(DIALECTS)("@service in the %s dialect", (dialect) => {
  const run = (source: string): Record<string, new () => object> =>
    runSource(
      `import { service, tool } from "methodic";
       const needs = (...scopes) => ({ scopes, allows: (auth) => scopes.every((scope) => auth.scopes.includes(scope)) });
       ${source}`,
      dialect,
    );
  const names = async (given: object, ...scopes: readonly string[]): Promise<readonly string[]> => {
    await using client = await createTestClient(serve(given), { auth: { scopes } });
    return (await client.listTools()).map(({ name }) => name);
  };

  it("restricts all components of a class, in addition to their own rules", async () => {
    const { Notes } = run(`
      @service({ auth: needs("notes") }) export class Notes {
        @tool() read() {}
        @tool({ auth: needs("write") }) write() {}
      }`);
    attachManifest(Notes as object, { read: {}, write: {} });
    expect(await names(Notes as object)).toEqual([]);
    expect(await names(Notes as object, "write")).toEqual([]);
    expect(await names(Notes as object, "notes")).toEqual(["read"]);
    expect(await names(Notes as object, "notes", "write")).toEqual(["read", "write"]);
  });

  it("is inherited, also through mixins, and combined with the rules of subclasses", async () => {
    const { Base, Derived } = run(`
      @service({ auth: needs("base") }) export class Base { @tool() read() {} }
      const Mixin = (Parent) => {
        @service({ auth: needs("mixin") }) class Mixed extends Parent { @tool() mix() {} }
        return Mixed;
      };
      @service({ auth: [needs("derived")] }) export class Derived extends Mixin(Base) { @tool() write() {} }`);
    attachManifest(Base as object, { read: {} });
    attachManifest(Object.getPrototypeOf(Derived) as object, { mix: {} });
    attachManifest(Derived as object, { write: {} });
    expect(await names(Base as object, "base")).toEqual(["read"]);
    expect(await names(Derived as object, "base", "derived")).toEqual([]);
    expect(await names(new (Derived as new () => object)(), "base", "mixin", "derived")).toEqual([
      "read",
      "mix",
      "write",
    ]);
  });

  it("applies to a class that another decorator replaces or wraps", async () => {
    const { Inside, Outside } = run(`
      const extend = (target) => class extends target {};
      const wrap = (target) => new Proxy(target, {});
      @extend @service({ auth: needs("a") }) export class Inside { @tool() read() {} }
      @service({ auth: needs("a") }) @wrap export class Outside { @tool() read() {} }`);
    attachManifest(Inside as object, { read: {} });
    attachManifest(Outside as object, { read: {} });
    for (const given of [Inside, Outside]) {
      expect(await names(given as object)).toEqual([]);
      expect(await names(given as object, "a")).toEqual(["read"]);
    }
  });

  it("refuses a class whose constructor returns an object of another class", () => {
    const { Wrapped } = run(`
      const wrap = (target) => class { constructor() { return new target(); } };
      @service({ auth: needs("a") }) @wrap export class Wrapped { @tool() read() {} }`);
    expect(() => serve(Wrapped as object)).toThrow("@service, but its constructor returns an object of another class");
  });

  it.each([
    ["class A { @service({}) m() {} }", "@service on m: this is not a class."],
    [
      "@service({ auht: 1 }) class A {}",
      "@service on A: unknown option 'auht'. Did you mean \"auth\"? The options are auth.",
    ],
    ["@service('x') class A {}", '@service: invalid options: "x". Write @service({ auth: … }).'],
    ["@service class A {}", "@service: invalid options: a function. Write @service({ auth: … })."],
  ])("refuses %s", (source, message) => {
    expect(() => run(source)).toThrow(message);
  });
});

describe("access rules of a whole server", () => {
  const server = createServer({
    name: "s",
    version: "1",
    services: [OnlyRead],
    auth: [needs("in"), (auth, { kind, name }) => kind === "server" && name === "s" && auth.subject === "ada"],
  });

  it("judge a caller that `connect` is given", async () => {
    await using ada = await createTestClient(server, { auth: { subject: "ada", scopes: ["in"] } });
    expect(await ada.listTools()).toHaveLength(2);
    for (const auth of [{ subject: "ada" }, { scopes: ["in"] }, {}, undefined]) {
      await expect(createTestClient(server, { auth })).rejects.toThrow(
        "connect: the rules of the server 's' refuse this caller.",
      );
    }
  });

  it("cannot be evaded with a misspelled option", async () => {
    const [transport] = InMemoryTransport.createLinkedPair();
    await expect(server.connect(transport, { auht: {} } as object)).rejects.toMatchObject({
      code: "INVALID_ARGUMENT",
      message: "connect: unknown option 'auht'. Did you mean \"auth\"? The options are auth.",
    });
  });

  it("do not apply to a trusted client", async () => {
    await using client = await createTestClient(server);
    expect(await client.listTools()).toHaveLength(2);
  });
});

describe("an invalid access rule", () => {
  const refuse = (auth: unknown): MethodicError => {
    class Wrong {
      read(): string {
        return "";
      }
    }
    defineService(Wrong, { read: { as: tool({ auth: auth as AccessRule }) } });
    try {
      serve(Wrong);
    } catch (error) {
      if (error instanceof MethodicError) return error;
    }
    throw new Error("createServer accepted the rule");
  };

  it.each<[unknown, string]>([
    [undefined, "undefined"],
    [null, "null"],
    ["notes:read", '"notes:read"'],
    ["none", '"none". Rules only add'],
    [{}, "an object"],
    [[], "an empty array"],
    [[needs("a"), undefined], "undefined"],
    [{ authenticate: (): void => {}, scopes: [], allows: (): boolean => true }, "an authenticator"],
    [{ scopes: ['a" b'], allows: (): boolean => true }, String.raw`the scope "a\" b"`],
    [{ scopes: [""], allows: (): boolean => true }, 'the scope ""'],
    [{ scopes: [5], allows: (): boolean => true }, "the scope 5"],
    [{ scopes: [undefined], allows: (): boolean => true }, "the scope undefined"],
  ])("is refused: %o", (auth, message) => {
    const { code, message: text } = refuse(auth);
    expect(code).toBe("INVALID_DECORATOR_OPTIONS");
    expect(text).toContain(`Wrong.read: invalid option 'auth': ${message}`);
    expect(text).toContain('requireScopes("…")');
  });

  it("is reported with the name of its class", () => {
    class Wrong {
      read(): string {
        return "";
      }
    }
    defineService(Wrong, { read: { as: tool() } });
    service({ auth: [] })(Wrong);
    expect(() => serve(Wrong)).toThrow("@service on Wrong: invalid option 'auth': an empty array.");
  });
});
