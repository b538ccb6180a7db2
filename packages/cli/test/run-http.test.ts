import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import type { Readable } from "node:stream";
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { afterEach, beforeAll, afterAll, describe, expect, it } from "vitest";
import { METHODIC, methodic } from "../../../fixtures/methodic.ts";
import { createNotesProject } from "../../../fixtures/notes-project.ts";
import { environment } from "../../../fixtures/process.ts";
import type { TemporaryProject } from "../../../fixtures/project.ts";
import { connect } from "../../../fixtures/stdio-client.ts";

let project: TemporaryProject;
beforeAll(() => {
  project = createNotesProject();
  project.write("src/main.ts", MAIN);
});
afterAll(() => project[Symbol.dispose]());

const MAIN = `import server from "./server.ts";
console.log("arguments:", ...process.argv.slice(2));
export default server;
declare const process: { argv: string[] };
declare const console: { log(...values: unknown[]): void };
`;

const running = new Set<HttpProcess>();
afterEach(() => {
  for (const { child } of running) child.kill("SIGKILL");
  running.clear();
});

/** `methodic run …`, as it serves HTTP. */
class HttpProcess {
  readonly child: ChildProcessByStdio<null, Readable, Readable>;
  readonly exited: Promise<readonly unknown[]>;
  stdout = "";
  stderr = "";
  #wake: () => void = () => undefined;

  constructor(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
    this.child = spawn(process.execPath, [METHODIC, "run", ...args], {
      cwd: project.root,
      env: environment(env),
      stdio: ["ignore", "pipe", "pipe"],
    });
    running.add(this);
    this.exited = once(this.child, "exit");
    this.child.stdout.on("data", (chunk: Buffer) => (this.stdout += chunk.toString()));
    this.child.stderr.on("data", (chunk: Buffer) => {
      this.stderr += chunk.toString();
      this.#wake();
    });
    this.child.on("close", () => this.#wake());
  }

  async url(): Promise<URL> {
    for (;;) {
      const [, url] = /serves MCP at (\S+)/.exec(this.stderr) ?? [];
      if (url !== undefined) return new URL(url);
      if (this.child.exitCode !== null) throw new Error(`The server did not start. Its stderr:\n${this.stderr}`);
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  async call(mode: "legacy" | { readonly pin: string } = "legacy"): Promise<unknown> {
    const client = new Client({ name: "test", version: "1.0.0" }, { versionNegotiation: { mode } });
    await client.connect(new StreamableHTTPClientTransport(await this.url()));
    const { content } = await client.callTool({ name: "add_note", arguments: { name: "a" } });
    await client.close();
    return content;
  }
}

const ANSWER = [{ type: "text", text: "a (1)" }];

describe("methodic run over HTTP", { timeout: 60_000 }, () => {
  it("serves clients of both eras until a signal comes", async () => {
    const server = new HttpProcess(["src/server.ts", "--http", "--port", "0"]);
    expect(await server.call("legacy")).toEqual(ANSWER);
    expect(await server.call({ pin: "2026-07-28" })).toEqual(ANSWER);
    server.child.kill("SIGTERM");
    expect(await server.exited).toEqual([0, null]);
    expect(server.stderr).toMatch(/^notes 1\.0\.0 serves MCP at http:\/\/127\.0\.0\.1:\d+\/mcp \(.*\)\n$/);
  });

  it("takes flags before and after the module, hands the rest on, and leaves stdout to the module", async () => {
    const server = new HttpProcess([
      "--port",
      "0",
      "src/main.ts",
      "x",
      "--verbose",
      "--path",
      "/notes",
      "y",
      "--",
      "--port",
      "1",
    ]);
    expect((await server.url()).pathname).toBe("/notes");
    expect(server.stdout).toBe("arguments: x --verbose y -- --port 1\n");
    expect(server.stderr).not.toContain("arguments");
  });

  it("is what PORT in the environment means", async () => {
    const server = new HttpProcess(["src/server.ts"], { PORT: "0", MCP_PATH: "/notes" });
    expect((await server.url()).pathname).toBe("/notes");
    expect(await server.call()).toEqual(ANSWER);
  });

  it("lets flags win over the environment", async () => {
    const env = { PORT: "1", HOST: "192.0.2.1", MCP_PATH: "/env", MCP_ALLOWED_HOSTS: "env.example" };
    const flags = ["--port", "0", "--host", "localhost", "--path", "/flag", "--allow-host", "localhost,flag.example"];
    const server = new HttpProcess([...flags, "--auth", "none", "src/server.ts"], env);
    const url = await server.url();
    expect(url.href).toMatch(/^http:\/\/localhost:\d+\/flag$/);
    expect(server.stderr).toContain("flag.example");
    expect(server.stderr).not.toContain("env.example");
  });

  it("asks for keys with --auth api-key", async () => {
    const server = new HttpProcess(["src/server.ts", "--port", "0", "--auth", "api-key"], {
      MCP_API_KEY: "k".repeat(32),
    });
    const url = await server.url();
    const list = { method: "POST", body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/list" }) };
    const headers = { "Content-Type": "application/json", Accept: "application/json, text/event-stream" };
    expect((await fetch(url, { ...list, headers })).status).toBe(401);
    expect((await fetch(url, { ...list, headers: { ...headers, "X-API-Key": "k".repeat(32) } })).status).toBe(200);
    expect(server.stderr).not.toContain("kkkk");
  });

  it.each([
    ["awaited", "await server.serve();"],
    ["not awaited, and exported", "void server.serve();\nexport default server;"],
    ["not awaited, with options, and exported", 'void server.serve({ transport: "http" });\nexport default server;'],
  ])("serves a module that serves itself once: %s", async (_how, code) => {
    project.write("src/self.ts", `import server from "./server.ts";\n${code}\n`);
    const free = createServer().listen(0, "127.0.0.1");
    await once(free, "listening");
    const { port } = free.address() as AddressInfo;
    free.close();
    await once(free, "close");
    const server = new HttpProcess(["src/self.ts", "--port", String(port)]);
    expect(Number((await server.url()).port)).toBe(port);
    expect(await server.call()).toEqual(ANSWER);
    expect(server.stderr.match(/serves MCP/g)).toHaveLength(1);
  });

  it("serves stdio though PORT is set, with --stdio", async () => {
    await using server = await connect([METHODIC, "run", "src/server.ts", "--stdio"], {
      cwd: project.root,
      env: { PORT: "1" },
    });
    expect(await server.call("add_note", { name: "a" })).toBe("a (1)");
  });
});

describe("what cannot be served over HTTP", { timeout: 60_000 }, () => {
  it("is told in one line if the port is in use", async () => {
    const busy = createServer().listen(0, "127.0.0.1");
    await once(busy, "listening");
    const { port } = busy.address() as AddressInfo;
    expect(await methodic(["run", "src/server.ts", "--port", String(port)], { cwd: project.root })).toEqual({
      exitCode: 1,
      stdout: "",
      stderr: `methodic: The server 'notes' cannot listen on port ${port} of 127.0.0.1: it is in use already. Stop what uses it, or choose another port (--port, PORT, or serve({ port }); 0 takes any that is free).\n`,
    });
    busy.close();
  });

  it.each([
    {
      what: "an address that others reach, and no host",
      flags: ["--host", "0.0.0.0"],
      message: /^methodic: .*allowedHosts.*MCP_ALLOWED_HOSTS.*\n$/,
    },
    {
      what: "hosts that others reach, and nobody named",
      flags: ["--host", "0.0.0.0", "--allow-host", "*"],
      message: /^methodic: .*auth.*"none".*\n$/,
    },
    {
      what: "names of this computer, as in a container whose port is published to it, and nobody named",
      flags: ["--host", "0.0.0.0", "--allow-host", "localhost"],
      message:
        /^methodic: The server '[^']+' is to listen on 0\.0\.0\.0, and says nothing of who may call it\..*"none".*\n$/,
    },
    {
      what: "a port that is none",
      flags: [],
      env: { PORT: "http" },
      message: /^methodic: The environment variable PORT must be a port number from 0 to 65535, and is "http"\..*\n$/,
    },
  ])("is told in one line: $what", async ({ flags, env = {}, message }) => {
    const outcome = await methodic(["run", "src/server.ts", ...flags], { cwd: project.root, env });
    expect(outcome).toMatchObject({ exitCode: 1, stdout: "", stderr: expect.stringMatching(message) as string });
  });

  it.each([
    [["--stdio", "--port", "1"], "option '--stdio' cannot be used with option '--port <number>'"],
    [["--port", "80a"], "It must be a number from 0 to 65535."],
    [["--port", "70000"], "It must be a number from 0 to 65535."],
    [["--auth", "basic"], "Allowed choices are none, api-key."],
    [["--prot", "1"], "there is no option '--prot'"],
  ])("is wrong usage: %s", async (flags, message) => {
    const outcome = await methodic(["run", ...flags, "src/server.ts"], { cwd: project.root });
    expect(outcome).toMatchObject({ exitCode: 2, stdout: "", stderr: expect.stringContaining(message) as string });
  });
});
