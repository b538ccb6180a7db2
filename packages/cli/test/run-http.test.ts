import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { METHODIC, methodic } from "../../../fixtures/methodic.ts";
import { createNotesProject } from "../../../fixtures/notes-project.ts";
import { TestProcess } from "../../../fixtures/process.ts";
import type { TemporaryProject } from "../../../fixtures/project.ts";
import { connect } from "../../../fixtures/stdio-client.ts";

const MAIN = `import server from "./server.ts";
console.log("arguments:", ...process.argv.slice(2));
export default server;
declare const process: { argv: string[] };
declare const console: { log(...values: unknown[]): void };
`;

// Built once: flags and environment do not depend on the build, and a build starts faster.
let project: TemporaryProject;
beforeAll(async () => {
  project = createNotesProject();
  project.write("src/main.ts", MAIN);
  expect(await methodic(["build", project.root])).toMatchObject({ exitCode: 0 });
});
afterAll(() => project[Symbol.dispose]());

const running = new Set<HttpProcess>();
afterEach(async () => {
  for (const { child } of running) await child[Symbol.asyncDispose]();
  running.clear();
});

/** A process that runs `methodic run` and serves HTTP. */
class HttpProcess {
  readonly child: TestProcess;
  readonly url: Promise<URL>;

  constructor(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
    this.child = new TestProcess(process.execPath, [METHODIC, "run", ...args], { cwd: project.root, env });
    this.url = this.child
      .readUntil(/serves MCP at \S+/)
      .then((text) => new URL(/serves MCP at (\S+)/.exec(text)?.[1] ?? ""));
    running.add(this);
  }

  async call(mode: "legacy" | { readonly pin: string } = "legacy"): Promise<unknown> {
    const client = new Client({ name: "test", version: "1.0.0" }, { versionNegotiation: { mode } });
    await client.connect(new StreamableHTTPClientTransport(await this.url));
    const { content } = await client.callTool({ name: "add_note", arguments: { name: "a" } });
    await client.close();
    return content;
  }
}

const ANSWER = [{ type: "text", text: "a (1)" }];

describe("methodic run over HTTP", () => {
  it("serves clients of both eras until a signal arrives", async () => {
    const server = new HttpProcess(["src/server.ts", "--http", "--port", "0"]);
    expect(await server.call("legacy")).toEqual(ANSWER);
    expect(await server.call({ pin: "2026-07-28" })).toEqual(ANSWER);
    expect(await server.child.end("SIGTERM")).toEqual({ code: 0, signal: null });
    expect(server.child.stderr).toMatch(/^notes 1\.0\.0 serves MCP at http:\/\/127\.0\.0\.1:\d+\/mcp \(.*\)\n$/);
  });

  it("takes flags before and after the module, passes on the others, and leaves stdout to the module", async () => {
    const server = new HttpProcess([
      "--port",
      "0",
      "dist/main.js",
      "x",
      "--verbose",
      "--path",
      "/notes",
      "y",
      "--",
      "--port",
      "1",
    ]);
    expect((await server.url).pathname).toBe("/notes");
    expect(server.child.stdout).toBe("arguments: x --verbose y -- --port 1\n");
    expect(server.child.stderr).not.toContain("arguments");
  });

  it("is selected by PORT in the environment", async () => {
    const server = new HttpProcess(["dist/server.js"], { PORT: "0", MCP_PATH: "/notes" });
    expect((await server.url).pathname).toBe("/notes");
    expect(await server.call()).toEqual(ANSWER);
  });

  it("prefers flags to the environment", async () => {
    const env = { PORT: "1", HOST: "192.0.2.1", MCP_PATH: "/env", MCP_ALLOWED_HOSTS: "env.example" };
    const flags = ["--port", "0", "--host", "localhost", "--path", "/flag", "--allow-host", "localhost,flag.example"];
    const server = new HttpProcess([...flags, "--auth", "none", "dist/server.js"], env);
    const url = await server.url;
    expect(url.href).toMatch(/^http:\/\/localhost:\d+\/flag$/);
    expect(server.child.stderr).toContain("flag.example");
    expect(server.child.stderr).not.toContain("env.example");
  });

  it("requires keys with --auth api-key", async () => {
    const server = new HttpProcess(["dist/server.js", "--port", "0", "--auth", "api-key"], {
      MCP_API_KEY: "k".repeat(32),
    });
    const url = await server.url;
    const list = { method: "POST", body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/list" }) };
    const headers = { "Content-Type": "application/json", Accept: "application/json, text/event-stream" };
    expect((await fetch(url, { ...list, headers })).status).toBe(401);
    expect((await fetch(url, { ...list, headers: { ...headers, "X-API-Key": "k".repeat(32) } })).status).toBe(200);
    expect(server.child.stderr).not.toContain("kkkk");
  });

  it.each([
    ["awaited", "await server.serve();"],
    ["not awaited, and exported", "void server.serve();\nexport default server;"],
    ["not awaited, with options, and exported", 'void server.serve({ transport: "http" });\nexport default server;'],
  ])("serves a module once that serves itself: %s", async (_how, code) => {
    project.write("dist/self.js", `import server from "./server.js";\n${code}\n`);
    const free = createServer().listen(0, "127.0.0.1");
    await once(free, "listening");
    const { port } = free.address() as AddressInfo;
    free.close();
    await once(free, "close");
    const server = new HttpProcess(["dist/self.js", "--port", String(port)]);
    expect(Number((await server.url).port)).toBe(port);
    expect(await server.call()).toEqual(ANSWER);
    expect(server.child.stderr.match(/serves MCP/g)).toHaveLength(1);
  });

  it("serves stdio with --stdio even if PORT is set", async () => {
    await using server = await connect([METHODIC, "run", "dist/server.js", "--stdio"], {
      cwd: project.root,
      env: { PORT: "1" },
    });
    expect(await server.call("add_note", { name: "a" })).toBe("a (1)");
  });
});

describe("methodic run over HTTP, on failure,", () => {
  it("reports a used port in one line", async () => {
    const busy = createServer().listen(0, "127.0.0.1");
    await once(busy, "listening");
    const { port } = busy.address() as AddressInfo;
    expect(await methodic(["run", "dist/server.js", "--port", String(port)], { cwd: project.root })).toEqual({
      exitCode: 1,
      stdout: "",
      stderr: `methodic: The server 'notes' cannot listen on 127.0.0.1, port ${port}: the port is in use. Stop the other process, or choose another port (--port, PORT, or serve({ port }); 0 takes any free one).\n`,
    });
    busy.close();
  });

  it.each([
    {
      what: "a public address without allowed hosts",
      flags: ["--host", "0.0.0.0"],
      message: /^methodic: .*allowedHosts.*MCP_ALLOWED_HOSTS.*\n$/,
    },
    {
      what: "a public address without auth",
      flags: ["--host", "0.0.0.0", "--allow-host", "*"],
      message: /^methodic: .*auth.*"none".*\n$/,
    },
    {
      what: "a public address with local hosts, as in a container, without auth",
      flags: ["--host", "0.0.0.0", "--allow-host", "localhost"],
      message:
        /^methodic: The server '[^']+' would listen on 0\.0\.0\.0, where other machines can reach it, but auth is not set\..*"none".*\n$/,
    },
    {
      what: "an invalid port",
      flags: [],
      env: { PORT: "http" },
      message: /^methodic: Invalid environment variable PORT: "http"\. It must be a port number from 0 to 65535\..*\n$/,
    },
  ])("reports $what in one line", async ({ flags, env = {}, message }) => {
    const outcome = await methodic(["run", "dist/server.js", ...flags], { cwd: project.root, env });
    expect(outcome).toMatchObject({ exitCode: 1, stdout: "", stderr: expect.stringMatching(message) as string });
  });

  it.each([
    [["--stdio", "--port", "1"], "option '--stdio' cannot be used with option '--port <number>'"],
    [["--port", "80a"], "It must be a number from 0 to 65535."],
    [["--port", "70000"], "It must be a number from 0 to 65535."],
    [["--auth", "basic"], "Allowed choices are none, api-key."],
    [["--prot", "1"], `unknown option '--prot'. Did you mean "--port"?`],
    [["--verbose"], "unknown option '--verbose'"],
  ])("rejects wrong flags: %s", async (flags, message) => {
    const outcome = await methodic(["run", ...flags, "dist/server.js"], { cwd: project.root });
    expect(outcome).toMatchObject({ exitCode: 2, stdout: "", stderr: expect.stringContaining(message) as string });
  });

  it("rejects a misspelled flag after the file name", async () => {
    const outcome = await methodic(["run", "dist/main.js", "--hots=0.0.0.0"], { cwd: project.root });
    expect(outcome).toEqual({
      exitCode: 2,
      stdout: "",
      stderr: `methodic: unknown option '--hots'. Did you mean "--host"? If it is the module's own option, write -- before it.\n`,
    });
  });

  it("passes other options, and all options after --, to the module", async () => {
    const { stderr } = await methodic(["run", "--stdio", "dist/main.js", "--export", "1", "--", "--hots"], {
      cwd: project.root,
    });
    expect(stderr).toMatch(/^arguments: --export 1 (-- )?--hots$/m);
  });
});
