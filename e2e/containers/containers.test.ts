import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, it } from "vitest";
import { methodic } from "../../fixtures/methodic.ts";
import { TestProcess } from "../../fixtures/process.ts";

const folder = fileURLToPath(new URL(".", import.meta.url));

beforeAll(async () => {
  for (const dialect of ["legacy", "standard"]) {
    expect(await methodic(["build", "--tsconfig", `tsconfig.${dialect}.json`], { cwd: folder })).toMatchObject({
      exitCode: 0,
    });
  }
});

/** Starts a built program. */
function start(program: string, env: Readonly<Record<string, string>> = { PORT: "0" }): TestProcess {
  return new TestProcess(process.execPath, [`${folder}.cache/${program}.js`], { env, stdin: "pipe" });
}

const ERAS = [
  ["2025-11-25", {}],
  [
    "2026-07-28",
    {
      "io.modelcontextprotocol/protocolVersion": "2026-07-28",
      "io.modelcontextprotocol/clientCapabilities": {},
    },
  ],
] as const;
type Version = (typeof ERAS)[number][0];

const call = (version: Version): string =>
  JSON.stringify({
    jsonrpc: "2.0",
    id: 1,
    method: "tools/call",
    params: { name: "save", arguments: {}, _meta: Object.fromEntries(ERAS)[version] },
  });

/** Calls the tool over HTTP. */
async function post(server: TestProcess, version: Version, key = "nest"): Promise<Response> {
  await server.until(() => /serves MCP at \S+/.test(server.stderr));
  const [, url = ""] = /serves MCP at (\S+)/.exec(server.stderr) ?? [];
  const headers = {
    "content-type": "application/json",
    accept: "application/json, text/event-stream",
    "mcp-protocol-version": version,
    "mcp-method": "tools/call",
    "mcp-name": "save",
    "x-key": key,
  };
  return await fetch(url, { method: "POST", headers, body: call(version) });
}

const eventsOf = (server: TestProcess): string => server.stderr.replaceAll(/.*(?:serves MCP|intercepted).*\n/g, "");
const STOPPED = "notes stopped\ndatabase closed\n";

const PROGRAMS = [
  ["legacy/tsyringe", "tsyringe"],
  ["legacy/nest", "nest"],
  ["standard/awilix", "awilix"],
  ["standard/script", "a script"],
] as const;

describe.each(PROGRAMS)("%s", (program, name) => {
  it.each(ERAS)("injects services, and answers a call of %s on SIGTERM before it stops them", async (version) => {
    await using server = start(program);
    const answer = post(server, version).then((response) => response.text());
    await server.until(() => server.stderr.includes("waiting"));
    server.child.kill("SIGTERM");
    server.child.kill("SIGUSR2");
    expect(await answer).toContain(`saved by ${name}`);
    // Once it has shut down, NestJS sends itself the signal again.
    expect(await server.exit).toEqual(name === "nest" ? { code: null, signal: "SIGTERM" } : { code: 0, signal: null });
    expect(eventsOf(server)).toBe(`notes started\nwaiting\n${STOPPED}`);
  });
});

describe.each(["legacy/tsyringe", "standard/script"])("%s over stdio", (program) => {
  it("answers a call on SIGTERM before it stops its services", async () => {
    await using server = start(program, {});
    const params = { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "c", version: "1" } };
    const hello = JSON.stringify({ jsonrpc: "2.0", id: 0, method: "initialize", params });
    server.write(`${hello}\n${call("2025-11-25")}\n`);
    await server.until(() => server.stderr.includes("waiting"));
    server.child.kill("SIGTERM");
    server.child.kill("SIGUSR2");
    expect(await server.exit).toEqual({ code: 0, signal: null });
    expect(server.stdout).toContain("saved by ");
    expect(eventsOf(server)).toBe(`notes started\nwaiting\n${STOPPED}`);
  });
});

describe("a NestJS application", () => {
  it("applies guards of the controller to requests, and no guards of services to tools", async () => {
    await using server = start("legacy/nest");
    expect((await post(server, "2026-07-28", "another")).status).toBe(403);
    const answer = post(server, "2026-07-28");
    await server.until(() => server.stderr.includes("waiting"));
    server.child.kill("SIGUSR2");
    expect((await answer).status).toBe(200);
    expect(server.stderr).not.toContain("a guard on a service ran");
  });

  it("runs interceptors of the controller once for each request", async () => {
    await using server = start("legacy/nest");
    const answer = post(server, "2025-11-25");
    await server.until(() => server.stderr.includes("waiting"));
    server.child.kill("SIGUSR2");
    await answer;
    await server.until(() => server.stderr.includes("intercepted POST"));
    expect(server.stderr.match(/intercepted/g)).toEqual(["intercepted"]);
  });
});
