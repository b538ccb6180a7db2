import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { TestProcess } from "../../../../fixtures/process.ts";

const script = fileURLToPath(new URL("../fixtures/lifecycle-server.mjs", import.meta.url));

/** Starts the server over a transport. */
function start(transport: "stdio" | "http", env: Readonly<Record<string, string>> = {}): TestProcess {
  const port: Record<string, string> = transport === "http" ? { PORT: "0" } : {};
  return new TestProcess(process.execPath, [script], { env: { ...port, ...env }, stdin: "pipe" });
}

const CALL = { jsonrpc: "2.0", id: 1, method: "tools/call", params: { name: "wait", arguments: {} } };

/** Calls the tool of a running server. Resolves with the answer's text. */
async function call(server: TestProcess, transport: "stdio" | "http"): Promise<string> {
  if (transport === "http") {
    const [, url = ""] = /serves MCP at (\S+)/.exec(await server.readUntil(/serves MCP at/)) ?? [];
    const headers = { "content-type": "application/json", accept: "application/json, text/event-stream" };
    return await (await fetch(url, { method: "POST", headers, body: JSON.stringify(CALL) })).text();
  }
  const params = { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "c", version: "1" } };
  server.write(`${JSON.stringify({ jsonrpc: "2.0", id: 0, method: "initialize", params })}\n${JSON.stringify(CALL)}\n`);
  await server.until(() => server.stdout.includes('"id":1'));
  return server.stdout;
}

describe.each(["stdio", "http"] as const)("a server process over %s", (transport) => {
  it("answers the running call on SIGTERM, and then stops its services", async () => {
    await using server = start(transport);
    const answer = call(server, transport);
    await server.until(() => server.stderr.includes("waiting"));
    server.child.kill("SIGTERM");
    server.child.kill("SIGUSR2");
    expect(await answer).toContain("done, with Database");
    expect(await server.exit).toEqual({ code: 0, signal: null });
    expect(server.stderr.replaceAll(/.*serves MCP.*\n/g, "")).toBe(
      "Database started\nNotes starts\nNotes started\nwaiting\nNotes stopped\nDatabase stopped\n",
    );
  });

  it("stops what has started if SIGTERM arrives during the start", async () => {
    await using server = start(transport, { START: "waits" });
    await server.until(() => server.stderr.includes("Notes starts"));
    server.child.kill("SIGTERM");
    server.child.kill("SIGUSR2");
    expect(await server.exit).toEqual({ code: 0, signal: null });
    expect(server.stderr).toBe("Database started\nNotes starts\nNotes started\nNotes stopped\nDatabase stopped\n");
  });

  it("ends with one message if it cannot start", async () => {
    await using server = start(transport, { START: "fails" });
    expect(await server.exit).toEqual({ code: 1, signal: null });
    expect(server.stderr).toMatch(
      /^Database started\nNotes starts\nDatabase stopped\nmethodic: Notes\.onStart failed: TypeError/,
    );
    expect(server.stderr).toContain(
      "The server 'notes' cannot start: Notes.onStart failed: no table 'notes'. What had started was stopped. Fix the cause, and start again.",
    );
  });
});
