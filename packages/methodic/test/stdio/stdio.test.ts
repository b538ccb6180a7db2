import { fileURLToPath } from "node:url";
import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { afterEach, describe, expect, it } from "vitest";
import { type Exit, TestProcess } from "../../../../fixtures/process.ts";

const ENDED: Exit = { code: 0, signal: null };
const script = fileURLToPath(new URL("../fixtures/stdio-server.mjs", import.meta.url));

interface Message {
  readonly id?: number | string;
  readonly method?: string;
  readonly result?: { readonly content?: readonly { readonly text: string }[] };
  readonly error?: { readonly code: number; readonly message: string };
}

const running = new Set<Raw>();
afterEach(async () => {
  for (const server of running) await server[Symbol.asyncDispose]();
  running.clear();
});

/** A server process whose stdin and stdout the test writes and reads line by line. */
class Raw extends TestProcess {
  constructor(env: Record<string, string> = {}, nodeOptions: readonly string[] = []) {
    super(process.execPath, [...nodeOptions, script], { env, stdin: "pipe" });
    running.add(this);
  }

  /** Complete lines on stdout. */
  get lines(): readonly string[] {
    return this.stdout.split("\n").slice(0, -1);
  }

  get messages(): readonly Message[] {
    return this.lines.map((line) => JSON.parse(line) as Message);
  }

  send(...messages: readonly (object | string)[]): void {
    for (const message of messages) this.write(`${typeof message === "string" ? message : JSON.stringify(message)}\n`);
  }

  async answer(id: number): Promise<Message> {
    await this.until(() => this.messages.some((message) => message.id === id));
    return this.messages.find((message) => message.id === id) ?? {};
  }

  async initialize(): Promise<void> {
    this.send(initialize, { jsonrpc: "2.0", method: "notifications/initialized" });
    await this.answer(0);
  }
}

const initialize = {
  jsonrpc: "2.0",
  id: 0,
  method: "initialize",
  params: { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "raw", version: "1" } },
};
const callTool = (id: number, name: string, args: object = {}): object => ({
  jsonrpc: "2.0",
  id,
  method: "tools/call",
  params: { name, arguments: args },
});
const textOf = ({ result }: Message): string | undefined => result?.content?.[0]?.text;

describe("serveStdio", () => {
  it.each([
    ["legacy", "legacy"],
    ["modern", { pin: "2026-07-28" }],
  ] as const)("works with the official client in the %s era", async (_, mode) => {
    const client = new Client({ name: "c", version: "1" }, { versionNegotiation: { mode } });
    await client.connect(new StdioClientTransport({ command: process.execPath, args: [script], stderr: "ignore" }));
    const { content } = await client.callTool({ name: "echo", arguments: { text: "hello" } });
    expect(content).toEqual([{ type: "text", text: "hello" }]);
    await client.close();
  });

  it.each(["pino", "winston", "console"])("keeps stdout for the protocol if %s logs there", async (logger) => {
    const server = new Raw({ LOGGER: logger });
    await server.initialize();
    server.send(callTool(1, "log"));
    expect(textOf(await server.answer(1))).toBe("logged");
    server.end();
    expect(await server.exit).toEqual(ENDED);
    expect(server.messages.map(({ id, method }) => id ?? method)).toEqual([0, "notifications/message", 1]);
    expect(server.stderr).toContain("disk is almost full");
  });

  it("reserves stdout for the protocol, and explains it once", async () => {
    const server = new Raw();
    await server.initialize();
    server.send(callTool(1, "noisy"), callTool(2, "noisy"));
    await server.answer(2);
    expect(server.messages.map(({ id }) => id)).toEqual([0, 1, 2]);
    await server.until(() => server.stderr.split("process.stdout.write\n").length === 3);
    for (const text of ["console.log\n", "console.info 5\n", "console.debug\n", "│ 0"])
      expect(server.stderr).toContain(text);
    expect(server.stderr.match(/Shown once/g)).toHaveLength(1);
  });

  it("answers running calls when stdin ends, then exits with 0", async () => {
    const server = new Raw();
    await server.initialize();
    server.send(callTool(1, "sleep", { ms: 300 }));
    server.child.stdin?.end();
    expect(await server.exit).toEqual(ENDED);
    expect(textOf(await server.answer(1))).toBe("slept 300");
  });

  it.each(["SIGINT", "SIGTERM"] as const)(
    "answers running calls on %s, accepts no new ones, then exits with 0",
    async (signal) => {
      const server = new Raw();
      await server.initialize();
      server.send(callTool(1, "sleep", { ms: 400 }));
      await server.until(() => server.stderr.includes("sleeping"));
      server.child.kill(signal);
      expect(await server.exit).toEqual(ENDED);
      expect(textOf(await server.answer(1))).toBe("slept 400");
    },
  );

  it.each(["end of stdin", "SIGTERM"])("does not wait for an answer of the user after %s", async (how) => {
    const server = new Raw();
    const { params } = initialize;
    server.send({ ...initialize, params: { ...params, capabilities: { elicitation: {} } } }, callTool(1, "ask"));
    await server.until(() => server.lines.some((line) => line.includes("Sure?")));
    if (how === "end of stdin") server.child.stdin?.end();
    else server.child.kill("SIGTERM");
    const { result } = await server.answer(1);
    expect(result).toMatchObject({
      isError: true,
      content: [{ text: expect.stringContaining("The client can no longer answer") as string }],
    });
    expect(await server.exit).toEqual(ENDED);
  });

  it("exits with 0 on SIGTERM if no call is running", async () => {
    const server = new Raw();
    await server.initialize();
    server.child.kill("SIGTERM");
    expect(await server.exit).toEqual(ENDED);
  });

  it("does not wait longer than shutdownTimeout", async () => {
    const server = new Raw({ SHUTDOWN_TIMEOUT: "50" });
    await server.initialize();
    server.send(callTool(1, "sleep", { ms: 60_000 }));
    await server.until(() => server.stderr.includes("sleeping"));
    server.child.stdin?.end();
    expect(await server.exit).toEqual(ENDED);
    expect(server.messages.slice(1)).toEqual([
      { jsonrpc: "2.0", id: 1, error: { code: -32_000, message: "The server is shutting down." } },
    ]);
  });

  it.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const)("exits at once on a second %s", async (signal, code) => {
    const server = new Raw();
    await server.initialize();
    server.send(callTool(1, "sleep", { ms: 60_000 }));
    await server.until(() => server.stderr.includes("sleeping"));
    server.child.kill(signal);
    await server.until(() => server.stderr.includes(`Send ${signal} again to exit now.`));
    server.child.kill(signal);
    expect(await server.exit).toEqual({ code, signal: null });
  });

  it("survives invalid lines, unknown methods and huge lines", async () => {
    const server = new Raw();
    await server.initialize();
    const huge = "x".repeat(11 * 1024 * 1024);
    server.send(
      "garbage",
      "",
      "[]",
      { jsonrpc: "2.0", id: 1, method: "nope/nope" },
      { jsonrpc: "2.0", method: "notifications/nope" },
      callTool(2, "echo", { text: huge }),
    );
    expect((await server.answer(1)).error).toMatchObject({ code: -32601 });
    expect((await server.answer(2)).error).toMatchObject({
      code: -32600,
      message: expect.stringContaining("too long") as string,
    });
    const large = "y".repeat(1024 * 1024);
    server.send(callTool(3, "echo", { text: large }));
    expect(textOf(await server.answer(3))).toBe(large);
    server.child.stdin?.end();
    expect(await server.exit).toEqual(ENDED);
  });

  it("answers malformed requests once, in plain words, and no notification", async () => {
    const server = new Raw();
    await server.initialize();
    const malformed = [
      { method: "tools/call", params: { name: "echo", arguments: null } },
      { method: "tools/call", params: { name: 5 } },
      { method: "logging/setLevel", params: { level: "loud" } },
      { method: "tools/list", params: { cursor: 1 } },
      { method: "tools/list", params: { _meta: { progressToken: {} } } },
      { method: "ping", params: [] },
      { method: "prompts/list" },
    ].map((request, i) => ({ jsonrpc: "2.0", id: 10 + i, ...request }));
    const before = server.messages.length;
    server.send({ jsonrpc: "2.0", method: "notifications/cancelled", params: 5 }, ...malformed, callTool(9, "echo"));
    await server.answer(9);
    for (const { id } of malformed) await server.answer(id);
    const answers = server.messages.slice(before).filter(({ id }) => id !== 9);
    const codes = answers.map(({ id, error }) => [id, error?.code]).sort(([a], [b]) => Number(a) - Number(b));
    expect(codes).toEqual([-32602, -32602, -32602, -32602, -32602, -32600, -32601].map((code, i) => [10 + i, code]));
    for (const { error } of answers) expect(error?.message).toMatch(/^[^\n]{20,200}\.$/);
    server.child.stdin?.end();
    expect(await server.exit).toEqual(ENDED);
  });

  it("exits when the client disappears in the middle of a call", async () => {
    const server = new Raw();
    await server.initialize();
    server.send(callTool(1, "sleep", { ms: 200 }));
    await server.until(() => server.stderr.includes("sleeping"));
    server.child.stdout?.destroy();
    server.child.stdin?.destroy();
    expect(await server.exit).toEqual(ENDED);
  });

  it("exits when only the client's reading end disappears", async () => {
    const server = new Raw();
    await server.initialize();
    server.child.stdout?.destroy();
    server.send(callTool(1, "echo", { text: "x" }));
    expect(await server.exit).toEqual(ENDED);
  });

  it("explains itself at a terminal", async () => {
    const terminal = "data:text/javascript,import process from 'node:process'; process.stdin.isTTY = true;";
    const server = new Raw({}, ["--import", terminal]);
    await server.until(() => server.stderr.includes("Press Ctrl+C to stop."));
    expect(server.stderr).toContain("stdio-test 1.0.0 is an MCP server");
    const configuration = JSON.parse(/\{[\s\S]*\}/.exec(server.stderr)?.[0] ?? "") as object;
    expect(configuration).toEqual({
      mcpServers: { "stdio-test": { command: process.execPath, args: ["--import", terminal, script] } },
    });
    await server.initialize();
  });

  it("rejects a second server in the process", async () => {
    const server = new Raw({ SERVE_TWICE: "yes" });
    await server.until(() => server.stderr.includes("\n"));
    expect(server.stderr).toContain(
      "ALREADY_SERVING: The server 'stdio-test' is already serving stdio, so 'second' cannot.",
    );
    await server.initialize();
  });

  it("releases stdin and stdout when the server is closed", async () => {
    const server = new Raw({ SERVE_BEFORE: "yes" });
    await server.until(() => server.lines.length === 1);
    await server.initialize();
    expect(server.messages.map(({ id }) => id)).toEqual(["first", 0]);
    expect(server.messages[0]).toEqual({ id: "first", refused: "SERVER_CLOSED", clean: true });
    server.child.stdin?.end();
    expect(await server.exit).toEqual(ENDED);
  });

  it("keeps running when its log is closed", async () => {
    const server = new Raw();
    await server.initialize();
    server.child.stderr?.destroy();
    server.send("garbage", callTool(1, "noisy"), callTool(2, "noisy"));
    expect(textOf(await server.answer(2))).toBe("done");
  });

  it("answers many concurrent calls", async () => {
    const server = new Raw();
    await server.initialize();
    server.send(...Array.from({ length: 500 }, (_, i) => callTool(i + 1, "echo", { text: String(i) })));
    server.child.stdin?.end();
    expect(await server.exit).toEqual(ENDED);
    await server.answer(500);
    expect(server.messages).toHaveLength(501);
  });
});
