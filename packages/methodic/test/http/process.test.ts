import { once } from "node:events";
import { connect } from "node:net";
import { fileURLToPath } from "node:url";
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { afterEach, describe, expect, it } from "vitest";
import { type Exit, TestProcess } from "../../../../fixtures/process.ts";
import { RawConnection } from "../fixtures/raw-http.ts";

const ENDED: Exit = { code: 0, signal: null };
const script = fileURLToPath(new URL("../fixtures/http-server.mjs", import.meta.url));

const running = new Set<ServerProcess>();
afterEach(async () => {
  for (const server of running) await server[Symbol.asyncDispose]();
  running.clear();
});

/** A server process. */
class ServerProcess extends TestProcess {
  constructor(env: Readonly<Record<string, string>> = { PORT: "0" }) {
    super(process.execPath, [script], { env, stdin: "pipe" });
    running.add(this);
  }

  /** Waits until the server has written a text to stderr. */
  says(text: string | RegExp, times = 1): Promise<void> {
    return this.until(() => (this.stderr.match(new RegExp(text, "g")) ?? []).length >= times);
  }

  /** Reads the URLs from the log. */
  async urls(count = 1): Promise<readonly URL[]> {
    await this.says(/serves MCP at \S+/, count);
    return Array.from(this.stderr.matchAll(/serves MCP at (\S+)/g), ([, url = ""]) => new URL(url));
  }

  async port(): Promise<number> {
    const [url] = await this.urls();
    return Number(url?.port);
  }
}

const call = (name: string, args: object = {}): string =>
  JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/call", params: { name, arguments: args } });
const HEADERS = { "Content-Type": "application/json", Accept: "application/json, text/event-stream" };

/** Waits until no process listens on a port. */
async function refused(port: number): Promise<void> {
  for (;;) {
    const socket = connect(port, "127.0.0.1");
    try {
      await once(socket, "connect");
    } catch {
      return;
    } finally {
      socket.destroy();
    }
  }
}

describe("a server process over HTTP", () => {
  it("is configured by PORT, HOST and MCP_PATH, writes nothing to stdout and serves both eras", async () => {
    const server = new ServerProcess({ PORT: "0", HOST: "localhost", MCP_PATH: "/v1/mcp" });
    const [url] = await server.urls();
    expect(url?.href).toMatch(/^http:\/\/localhost:\d+\/v1\/mcp$/);
    for (const mode of ["legacy", { pin: "2026-07-28" }] as const) {
      const client = new Client({ name: "c", version: "1" }, { versionNegotiation: { mode } });
      await client.connect(new StreamableHTTPClientTransport(url as URL));
      const { content } = await client.callTool({ name: "echo", arguments: { text: "hello" } });
      expect(content).toEqual([{ type: "text", text: "hello" }]);
      await client.close();
    }
    server.child.kill("SIGTERM");
    expect(await server.exit).toEqual(ENDED);
    expect(server.stdout).toBe("");
  });

  it.each(["SIGINT", "SIGTERM"] as const)(
    "lets calls in flight finish on %s, answers 503 meanwhile, then exits with 0",
    async (signal) => {
      const server = new ServerProcess();
      const port = await server.port();
      using caller = await RawConnection.open(port);
      caller.request("POST", "/mcp", { headers: HEADERS, body: call("wait") });
      await server.says("waiting");
      // A request that has started when the signal arrives.
      using prober = await RawConnection.open(port);
      prober.send("GET /ready HTTP/1.1\r\nHost: localhost\r\n");
      using late = await RawConnection.open(port);
      late.send("POST /mcp HTTP/1.1\r\nHost: localhost\r\n");
      // The server reads its connections in turn, so both requests have reached it.
      await fetch(`http://127.0.0.1:${port}/health`);
      server.child.kill(signal);
      await refused(port);
      prober.send("\r\n");
      expect(await prober.answers()).toMatchObject([{ status: 503, body: '{"status":"closing"}' }]);
      late.send("Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}");
      expect(await late.answers()).toMatchObject([{ status: 503, headers: { connection: "close" } }]);
      server.child.kill("SIGUSR2");
      expect((await caller.answers())[0]).toMatchObject({
        status: 200,
        body: expect.stringContaining("done") as string,
      });
      expect(await server.exit).toEqual(ENDED);
    },
  );

  it("waits for calls at most for shutdownTimeout", async () => {
    const server = new ServerProcess({ PORT: "0", OPTIONS: JSON.stringify({ shutdownTimeout: 100 }) });
    using caller = await RawConnection.open(await server.port());
    caller.request("POST", "/mcp", { headers: HEADERS, body: call("wait") });
    await server.says("waiting");
    server.child.kill("SIGTERM");
    expect(await server.exit).toEqual(ENDED);
    expect(await caller.answers()).toMatchObject([{ status: 503, headers: { connection: "close" } }]);
  });

  it("answers requests that reach it over idle connections during shutdown", async () => {
    const server = new ServerProcess();
    const port = await server.port();
    const clients = await Promise.all(Array.from({ length: 8 }, () => RawConnection.open(port)));
    const ask = (client: RawConnection): void =>
      client.request("POST", "/mcp", { headers: HEADERS, body: call("echo", { text: "hello" }) });
    for (const client of clients) ask(client);
    await Promise.all(clients.map((client) => client.answers()));
    server.child.kill("SIGTERM");
    await refused(port);
    for (const client of clients) ask(client);
    const answers = await Promise.all(clients.map((client) => client.answers(2)));
    for (const [first, second] of answers) {
      expect(first).toMatchObject({ status: 200, headers: { connection: "keep-alive" } });
      expect(second).toMatchObject({ status: 503, headers: { connection: "close" } });
    }
    expect(await server.exit).toEqual(ENDED);
  });

  it("closes its services after the last call, within shutdownTimeout", async () => {
    const server = new ServerProcess({ PORT: "0", SLOW_CLOSE: "1", OPTIONS: JSON.stringify({ shutdownTimeout: 600 }) });
    await server.port();
    server.child.kill("SIGTERM");
    expect(await server.exit).toEqual(ENDED);
    expect(server.stderr).toMatch(/^service closes\n[^]*^methodic: Service did not stop within \d+ ms\.$/m);
  });

  it("lets the author's own handlers of a signal finish, at most for shutdownTimeout", async () => {
    const patient = new ServerProcess({ PORT: "0", HANDLES_SIGTERM: "300" });
    await patient.port();
    expect(await patient.end()).toEqual(ENDED);
    expect(patient.stderr).toContain("flushed");
    const options = JSON.stringify({ shutdownTimeout: 100 });
    const impatient = new ServerProcess({ PORT: "0", HANDLES_SIGTERM: "60000", OPTIONS: options });
    await impatient.port();
    expect(await impatient.end()).toEqual(ENDED);
  });

  it.each([
    ["throw", "Error: too late"],
    ["reject", "Error: too late"],
    ["proxy", "(object)"],
  ])("on a late %s of a method, answers calls in flight and exits with 1", async (how, text) => {
    const server = new ServerProcess();
    const port = await server.port();
    using caller = await RawConnection.open(port);
    caller.request("POST", "/mcp", { headers: HEADERS, body: call("wait") });
    await server.says("waiting");
    using slip = await RawConnection.open(port);
    slip.request("POST", "/mcp", { headers: HEADERS, body: call("slip", { how }) });
    await server.says("uncaught error");
    server.child.kill("SIGUSR2");
    const [answer] = await caller.answers();
    expect(answer).toMatchObject({ status: 200, body: expect.stringContaining("done") as string });
    expect(await server.exit).toEqual({ code: 1, signal: null });
    expect(server.stderr).toMatch(/^methodic: \[[\da-f]{8}\] uncaught error\./m);
    expect(server.stderr).toContain(`uncaught error. The process ends once calls in flight are answered. ${text}`);
    expect(server.stderr).not.toMatch(/^methodic: forged/m);
  });

  it("goes on after an uncaught error with onUncaught: 'log', or if the author handles such errors", async () => {
    const logging = new ServerProcess({ PORT: "0", OPTIONS: JSON.stringify({ onUncaught: "log" }) });
    const handling = new ServerProcess({ PORT: "0", HANDLES_UNCAUGHT: "1" });
    for (const [server, said] of [
      [logging, "uncaught error. Error: too late"],
      [handling, "mine: too late"],
    ] as const) {
      const [url] = await server.urls();
      const post = (body: string): Promise<Response> => fetch(url as URL, { method: "POST", headers: HEADERS, body });
      await post(call("slip", { how: "reject" }));
      await server.says(said);
      expect(await (await post(call("echo", { text: "alive" }))).text()).toContain("alive");
      expect(await server.end()).toEqual(ENDED);
    }
  });

  it("goes on if a method does not await a function that asks the user", async () => {
    const server = new ServerProcess();
    const [url] = await server.urls();
    const post = (body: string): Promise<Response> => fetch(url as URL, { method: "POST", headers: HEADERS, body });
    expect(await (await post(call("slip", { how: "ask" }))).text()).toContain("fine so far");
    await server.says("uncaught error. A method did not await this promise. ToolError: This call needs an answer");
    expect(await (await post(call("echo", { text: "alive" }))).text()).toContain("alive");
    expect(await server.end()).toEqual(ENDED);
  });

  it.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const)("exits at once on a second %s", async (signal, exitCode) => {
    const server = new ServerProcess();
    const port = await server.port();
    using caller = await RawConnection.open(port);
    caller.request("POST", "/mcp", { headers: HEADERS, body: call("wait") });
    await server.says("waiting");
    server.child.kill(signal);
    await server.says("waiting for running calls to finish");
    server.child.kill(signal);
    expect(await server.exit).toEqual({ code: exitCode, signal: null });
  });

  it("ends open subscriptions on SIGTERM", async () => {
    const server = new ServerProcess();
    using listener = await RawConnection.open(await server.port());
    const meta = {
      "io.modelcontextprotocol/protocolVersion": "2026-07-28",
      "io.modelcontextprotocol/clientCapabilities": {},
    };
    listener.request("POST", "/mcp", {
      headers: { ...HEADERS, "MCP-Protocol-Version": "2026-07-28", "Mcp-Method": "subscriptions/listen" },
      body: JSON.stringify({
        jsonrpc: "2.0",
        id: 1,
        method: "subscriptions/listen",
        params: { notifications: { toolsListChanged: true }, _meta: meta },
      }),
    });
    await listener.until((text) => text.includes("subscriptions/acknowledged"));
    server.child.kill("SIGTERM");
    // The empty chunk at the end shows that the stream was ended, not cut off.
    expect(await listener.closed()).toMatch(/0\r\n\r\n$/);
    expect(await server.exit).toEqual(ENDED);
  });

  it("reports a port in use in one line and exits with 1", async () => {
    const first = new ServerProcess();
    const port = await first.port();
    const second = new ServerProcess({ PORT: String(port) });
    expect(await second.exit).toEqual({ code: 1, signal: null });
    expect(second.stderr).toContain(
      `MethodicError: The server 'http-test' cannot listen on 127.0.0.1, port ${port}: the port is in use. Stop the other process, or choose another port`,
    );
    expect(second.stderr).not.toMatch(/\n\s+at /);
  });

  it("reports everything that is missing to serve other machines in one line and exits with 1", async () => {
    const server = new ServerProcess({ PORT: "0", HOST: "0.0.0.0" });
    expect(await server.exit).toEqual({ code: 1, signal: null });
    expect(server.stderr).toContain(
      "MethodicError: The server 'http-test' would listen on 0.0.0.0, where other machines can reach it, but allowedHosts is not set. " +
        'Set allowedHosts: ["mcp.example.com"] or MCP_ALLOWED_HOSTS=mcp.example.com ("*" allows any host), or publicUrl or MCP_PUBLIC_URL=https://mcp.example.com/mcp. With methodic run: --allow-host mcp.example.com. ' +
        "Also, auth is not set. Pass auth to createServer, such as apiKey() of methodic/auth, which reads MCP_API_KEY, " +
        'or auth: "none" to let every caller in. With methodic run: --auth api-key or --auth none.',
    );
    expect(server.stderr).not.toMatch(/\n\s+at /);
  });

  it("logs the public URL at start-up", async () => {
    const MCP_PUBLIC_URL = "https://mcp.example.com/mcp";
    const server = new ServerProcess({ PORT: "0", MCP_PUBLIC_URL, OPTIONS: JSON.stringify({ auth: "none" }) });
    await server.urls();
    expect(server.stderr).toMatch(/\/mcp \(known to clients as https:\/\/mcp\.example\.com\/mcp; no auth; hosts: /);
  });

  it("serves several ports and stdio at once, and ends all of them when stdin ends", async () => {
    const serves = [{ port: 0 }, { port: 0, path: "/other" }, { transport: "stdio" }];
    const server = new ServerProcess({ SERVES: JSON.stringify(serves) });
    const urls = await server.urls(2);
    expect(urls.map(({ pathname }) => pathname)).toEqual(["/mcp", "/other"]);
    for (const url of urls) {
      const response = await fetch(url, { method: "POST", headers: HEADERS, body: call("echo", { text: "x" }) });
      expect(await response.text()).toContain('"text":"x"');
    }
    server.write(`${call("echo", { text: "hello" })}\n`);
    await server.until(() => server.stdout.includes("hello"));
    using caller = await RawConnection.open(Number(urls[1]?.port));
    caller.request("POST", "/other", { headers: HEADERS, body: call("wait") });
    await server.says("waiting");
    server.child.stdin?.end();
    await refused(Number(urls[0]?.port));
    server.child.kill("SIGUSR2");
    expect((await caller.answers())[0]).toMatchObject({ status: 200, body: expect.stringContaining("done") as string });
    expect(await server.exit).toEqual(ENDED);
  });

  it("keeps running when stderr is closed", async () => {
    const server = new ServerProcess();
    const [url] = await server.urls();
    server.child.stderr?.destroy();
    for (const text of ["a", "b", "c"]) {
      const body = call("echo", { text });
      expect(await (await fetch(url as URL, { method: "POST", headers: HEADERS, body })).text()).toContain(text);
    }
    expect(server.child.exitCode).toBe(null);
  });

  it("exits by itself once its server is closed", async () => {
    const server = new ServerProcess({ PORT: "0", CLOSE: "1" });
    expect(await server.exit).toEqual(ENDED);
    expect(server.stderr).toContain("closed\n");
  });
});
