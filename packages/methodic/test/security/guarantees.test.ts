import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, vi } from "vitest";
import { TestProcess } from "../../../../fixtures/process.ts";
import { type Context, createServer, resource, type ServerOptions, tool } from "../../src/index.ts";
import { createTestClient, type TestClient } from "../../src/testing/test-client.ts";
import { callText, connectOver } from "../fixtures/http-client.ts";
import { describePromises } from "../fixtures/guarantees.ts";
import { defineService } from "../fixtures/service.ts";
import { WIRES, withEnvelope } from "../fixtures/wires.ts";

const PRIVATE = "open '/srv/private/x'";
const called: string[] = [];

class Service {
  fail(): string {
    throw new Error(PRIVATE);
  }
  add(count: number): string {
    called.push(`add ${count}`);
    return String(count);
  }
  fetchUser(upstream: string): unknown {
    return JSON.parse(upstream);
  }
  note(name: string): string {
    called.push(`note ${name}`);
    return name;
  }
  async ask(amount: number, ctx: Context): Promise<string> {
    const form = { type: "object", properties: { sure: { type: "boolean" } } } as const;
    await ctx.elicit(`Pay ${amount}?`, form);
    await ctx.elicit("Really?", form);
    return `paid ${amount}`;
  }
}
defineService(Service, {
  fail: { as: tool() },
  add: { as: tool(), properties: { count: { type: "integer" } } },
  fetchUser: { as: tool(), properties: { upstream: { type: "string" } }, result: "dynamic" },
  note: { as: resource("notes:///{name}"), kind: "resource", properties: { name: { type: "string" } } },
  ask: { as: tool(), properties: { amount: { type: "integer" } }, contextIndex: 1 },
});

let log: string[] = [];

function create(options: Partial<ServerOptions> = {}): ReturnType<typeof createServer> {
  log = [];
  called.length = 0;
  vi.spyOn(console, "error").mockImplementation((text: string) => void log.push(text));
  return createServer({ name: "s", version: "1", services: [Service], ...options });
}

function connect(options?: Partial<ServerOptions>): Promise<TestClient> {
  return createTestClient(create(options));
}

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

const MASKED = /^Tool fail failed \(error ([\da-f]{8}) in the server's log\)\.$/;
const stdioServer = fileURLToPath(new URL("../fixtures/stdio-server.mjs", import.meta.url));

/** Calls a tool of a server process over stdio. Returns all that the process wrote to stdout. */
async function callOverStdio(name: string, args: object, nodeOptions: readonly string[] = []): Promise<string> {
  await using child = new TestProcess(process.execPath, [...nodeOptions, stdioServer], { stdin: "pipe" });
  const params = { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "raw", version: "1" } };
  const messages = [
    { jsonrpc: "2.0", id: 0, method: "initialize", params },
    { jsonrpc: "2.0", method: "notifications/initialized" },
    { jsonrpc: "2.0", id: 1, method: "tools/call", params: { name, arguments: args } },
  ];
  for (const message of messages) child.write(`${JSON.stringify(message)}\n`);
  await child.until(() => child.stdout.includes('"id":1'));
  return child.stdout;
}

describe("Guarantees on every transport", () => {
  describePromises("On every transport:", {
    "Clients never see stack traces.": async () => {
      await using client = await connect({ maskErrors: false });
      const { raw } = await client.callTool("fail");
      expect(JSON.stringify(raw)).toContain(PRIVATE);
      expect(JSON.stringify(raw)).not.toMatch(/\.ts:\d+|at fail/);
    },
    "Over HTTP, and everywhere in production (`NODE_ENV=production`), they do not see the message of an unexpected error either, because it may contain paths or other internals: they get an ID, and the server logs the error under it.":
      async () => {
        const http = await connectOver("2026-07-28", create());
        const [, id = ""] = MASKED.exec(await callText(http, "fail")) ?? [];
        expect(log.join("\n")).toContain(`[${id}] Tool fail failed: Error: ${PRIVATE}`);
        await http.close();
        vi.stubEnv("NODE_ENV", "production");
        await using client = await connect();
        expect((await client.callTool("fail")).text).toMatch(MASKED);
      },
    "Arguments are checked against the published schema before your method runs.": async () => {
      await using client = await connect();
      expect(await client.callTool("add", { count: "many" })).toMatchObject({ isError: true });
      expect(called).toEqual([]);
    },
    "Unknown arguments are rejected, unless a schema in the decorator allows them.": async () => {
      await using client = await connect();
      expect(await client.callTool("add", { count: 1, extra: 2 })).toMatchObject({
        isError: true,
        text: expect.stringContaining("extra"),
      });
      expect(called).toEqual([]);
    },
    "No code is generated from strings at run time (`eval`, `new Function`).": async () => {
      expect(await callOverStdio("echo", { text: "hi" }, ["--disallow-code-generation-from-strings"])).toContain(
        '"hi"',
      );
    },
    "Validators are written at build time.": async () => {
      // The server of this process was built without a compiler, and cannot load one.
      expect(await callOverStdio("echo", { text: "ho" }, ["--disallow-code-generation-from-strings"])).toContain(
        '"ho"',
      );
    },
    "Data that a method passes on never becomes a question to the user, a link, or another MCP message because of its form: the method's type or a function of Methodic decides.":
      async () => {
        const onElicit = vi.fn<() => never>();
        for (const era of ["modern", "legacy"] as const) {
          await using client = await createTestClient(create(), { era, onElicit });
          for (const data of [
            { resultType: "input_required", inputRequests: { x: { method: "elicitation/create", params: {} } } },
            { type: "resource_link", uri: "https://evil.example", name: "x" },
          ]) {
            const { raw } = await client.callTool("fetchUser", { upstream: JSON.stringify(data) });
            expect(raw.content).toEqual([{ type: "text", text: JSON.stringify(data) }]);
          }
        }
        expect(onElicit).not.toHaveBeenCalled();
      },
    "What a client carries for a server (`requestState`) is encrypted and bound to the caller, the method, and its arguments.":
      async () => {
        const [, open] = WIRES.find(([name]) => name === "HTTP, 2026-07-28") ?? WIRES[0]!;
        const wire = await open({ services: [Service] });
        const capable = { "io.modelcontextprotocol/clientCapabilities": { elicitation: { form: {} } } };
        const ask = async (amount: number, more: object = {}): Promise<Readonly<Record<string, never>> | undefined> => {
          const params = { name: "ask", arguments: { amount }, _meta: capable, ...more };
          const answers = await wire.send(withEnvelope({ jsonrpc: "2.0", id: 1, method: "tools/call", params }));
          return (answers.at(-1)?.result ?? answers.at(-1)?.error) as Readonly<Record<string, never>> | undefined;
        };
        const answer = (asked: object | undefined): object => ({
          inputResponses: Object.fromEntries(
            Object.keys((asked as { inputRequests?: object })?.inputRequests ?? {}).map((key) => [
              key,
              { action: "accept", content: { sure: true } },
            ]),
          ),
          requestState: (asked as { requestState?: string })?.requestState,
        });
        const second = await ask(10, answer(await ask(10)));
        const carried = answer(second) as { requestState: string };
        expect(carried.requestState).toEqual(expect.any(String));
        expect(await ask(1_000_000, carried)).toMatchObject({ message: expect.stringContaining("other arguments") });
        const forged = { ...carried, requestState: `${carried.requestState.slice(0, -3)}xyz` };
        expect(await ask(10, forged)).toMatchObject({ message: "Invalid or expired requestState" });
        expect(await ask(10, carried)).toMatchObject({ content: [{ text: "paid 10" }] });
      },
    "Resource template values with `..` segments, absolute paths, or control characters are rejected before a method receives them, unless the resource [allows them](docs/resources.md#allow-unsafe-values).":
      async () => {
        await using client = await connect();
        for (const name of ["..", "%2e%2e", "..%2Fx", "%2Fetc%2Fpasswd", "C%3A%5Cx", "a%00b"]) {
          await expect(client.readResource(`notes:///${name}`)).rejects.toMatchObject({ code: expect.any(Number) });
        }
        expect(called).toEqual([]);
        expect(await client.readResource("notes:///a")).toMatchObject({ text: "a" });
      },
  });
});

describe("Guarantees on stdio", () => {
  describePromises("On stdio:", {
    "Only protocol messages are written to standard output.": async () => {
      const stdout = await callOverStdio("noisy", {});
      const lines = stdout.trim().split("\n");
      expect(lines.map((line) => (JSON.parse(line) as { id: number }).id)).toEqual([0, 1]);
    },
  });
});
