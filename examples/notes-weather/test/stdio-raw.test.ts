import { fileURLToPath } from "node:url";
import { buildProject } from "@methodic/compiler";
import { beforeAll, describe, expect, it } from "vitest";
import { startOpenMeteoStandIn } from "../scripts/open-meteo-stand-in.mjs";
import { BUILT_SERVER, RawServer, serverEnv, strayLines, type Message } from "./built-server.ts";

const NOISY_PROJECT = fileURLToPath(new URL("fixtures/noisy", import.meta.url));
const NOISY_BUILD = fileURLToPath(new URL("../.cache/noisy", import.meta.url));

function startExample(env: Record<string, string> = serverEnv(":memory:")): RawServer {
  return new RawServer([BUILT_SERVER], env);
}

function startNoisy(): RawServer {
  return new RawServer([`${NOISY_BUILD}/server.js`], serverEnv(":memory:"));
}

/** Returns a call as a line of bytes, with multibyte characters. */
function addNoteLine(id: number): Buffer {
  const params = { name: "add_note", arguments: { name: `é${id}`, content: "日本" } };
  return Buffer.from(`${JSON.stringify({ jsonrpc: "2.0", id, method: "tools/call", params })}\n`);
}

function textOf(message: Message): string | undefined {
  return (message.result?.["content"] as { text: string }[] | undefined)?.[0]?.text;
}

describe("the built example reading stdin", () => {
  it("ignores garbage before and after the handshake", async () => {
    await using server = startExample();
    const garbage = [
      "not json",
      "",
      "   ",
      "{",
      "[]",
      "null",
      "42",
      '"text"',
      "{}",
      '{"jsonrpc":"1.0","id":7}',
      "\u0000\uFFFD",
    ];
    server.write(`${garbage.join("\n")}\n`);
    expect((await server.initialize()).result).toMatchObject({ serverInfo: { name: "notes-server" } });
    server.write(`${garbage.join("\r\n")}\r\n`);
    server.process.stdin.write(Buffer.from([0xff, 0xfe, 0x80, 0x0a]));
    expect(textOf(await server.callTool(1, "list_notes"))).toBe("No notes saved yet.");
    expect(strayLines(server.lines)).toEqual([]);
  });

  it("returns errors for unknown methods, tools, prompts and resources", async () => {
    await using server = startExample();
    await server.initialize();
    expect((await server.request(1, "notes/burn")).error).toMatchObject({ code: -32601 });
    const tool = await server.callTool(2, "get_notes");
    expect(tool.error).toMatchObject({ code: -32602, message: expect.stringContaining("get_notes") });
    expect((await server.request(3, "prompts/get", { name: "nope" })).error).toMatchObject({ code: -32602 });
    expect((await server.request(4, "tools/call", { name: 5 })).error).toMatchObject({ code: -32602 });
    // MCP 2025-11-25 has a separate code for this; 2026-07-28 uses invalid params.
    const note = await server.request(5, "resources/read", { uri: "notes://nope" });
    expect(note.error).toMatchObject({ code: -32002, data: { uri: "notes://nope" } });
    expect((await server.request(6, "ping")).result).toEqual({});
    expect(strayLines(server.lines)).toEqual([]);
  });

  it("accepts huge lines", async () => {
    await using server = startExample();
    await server.initialize();
    const content = "0123456789".repeat(500_000);
    server.write(`${"x".repeat(5_000_000)}\n`);
    expect(textOf(await server.callTool(1, "add_note", { name: "big", content }))).toContain("added");
    expect(textOf(await server.callTool(2, "get_note", { name: "big" }))).toBe(content);
    expect(strayLines(server.lines)).toEqual([]);
  });

  it("accepts messages split or joined across chunks", async () => {
    await using server = startExample();
    await server.initialize();
    const answers = [1, 2, 3, 4].map((id) => server.answerTo(id));
    server.process.stdin.write(Buffer.concat([1, 2, 3].map(addNoteLine)));
    for (const byte of addNoteLine(4)) server.process.stdin.write(Buffer.of(byte));
    expect((await Promise.all(answers)).map(textOf)).toEqual(
      [1, 2, 3, 4].map((id) => `Note 'é${id}' added successfully.`),
    );
    expect(textOf(await server.callTool(5, "get_note", { name: "é4" }))).toBe("日本");
  });

  it("serves 2026-07-28 without a handshake", async () => {
    await using server = startExample();
    const answer = await server.request(1, "tools/call", {
      name: "add_note",
      arguments: { name: "a", content: "b" },
      _meta: {
        "io.modelcontextprotocol/protocolVersion": "2026-07-28",
        "io.modelcontextprotocol/clientCapabilities": {},
        "io.modelcontextprotocol/clientInfo": { name: "raw", version: "1.0.0" },
      },
    });
    expect(answer.result).toMatchObject({ resultType: "complete" });
    expect(textOf(answer)).toBe("Note 'a' added successfully.");
    expect(strayLines(server.lines)).toEqual([]);
  });
});

describe("the built example shutting down", () => {
  it("exits at once and without output when stdin closes between calls", async () => {
    await using server = startExample();
    await server.initialize();
    server.process.stdin.end();
    expect(await server.ended).toEqual({ code: 0, signal: null });
    expect(server.stderr).toBe("");
  });

  it("exits when stdin closes before the first line", async () => {
    await using server = startExample();
    server.process.stdin.end();
    expect(await server.ended).toEqual({ code: 0, signal: null });
    expect(server.lines).toEqual([]);
  });

  it.each(["SIGTERM", "SIGINT"] as const)("exits at once on %s", async (signal) => {
    await using server = startExample();
    await server.initialize();
    server.process.kill(signal);
    expect(await server.ended).toEqual({ code: 0, signal: null });
  });

  it("answers the call in flight before it exits", async () => {
    await using weather = await startOpenMeteoStandIn("hold");
    await using server = startExample(serverEnv(":memory:", weather.url));
    await server.initialize();
    const arrived = weather.nextRequest();
    const answer = server.callTool(1, "get_weather", { city: "Chicago" });
    await arrived;
    server.process.stdin.end();
    weather.release();
    expect(textOf(await answer)).toContain("Weather in Chicago, United States:");
    expect(await server.ended).toEqual({ code: 0, signal: null });
    expect(strayLines(server.lines)).toEqual([]);
  });

  it("does not crash when the client disappears during a call", async () => {
    await using weather = await startOpenMeteoStandIn("hold");
    await using server = startExample(serverEnv(":memory:", weather.url));
    await server.initialize();
    const arrived = weather.nextRequest();
    server.send(1, "tools/call", { name: "get_weather", arguments: { city: "Chicago" } });
    await arrived;
    server.process.stdout.destroy();
    server.process.stdin.destroy();
    weather.release();
    expect(await server.ended).toMatchObject({ signal: null });
    expect(server.stderr).not.toMatch(/Unhandled|uncaught|\n\s+at /i);
  });
});

describe("a server whose code logs and fails", () => {
  beforeAll(() => {
    expect(buildProject({ root: NOISY_PROJECT, outDir: NOISY_BUILD }).diagnostics).toEqual([]);
  });

  it("writes only the protocol to stdout", async () => {
    await using server = startNoisy();
    await server.initialize();
    expect(textOf(await server.callTool(1, "shout", { text: "hey" }))).toBe("HEY");
    expect(textOf(await server.callTool(2, "keepTalking"))).toBe("ok");
    for (let id = 3; id < 20; id++) await server.callTool(id, "shout", { text: "again" });
    expect(strayLines(server.lines)).toEqual([]);
    for (const text of ["log hey { nested: [ 1, 2 ] }", "info hey", "debug", "raw hey", "bytes", "still here"]) {
      await server.stderrSays(text);
    }
  });

  it("does not show a stack trace to the client", async () => {
    await using server = startNoisy();
    await server.initialize();
    const failure = await server.callTool(1, "fail");
    expect(failure.result).toMatchObject({ isError: true });
    expect(textOf(failure)).toContain("Something broke.");
    expect(JSON.stringify(failure)).not.toMatch(/server\.[jt]s|\\n\s+at /);
  });

  it.each(["SIGTERM", "SIGINT", "end of stdin"] as const)("answers the call in flight after %s", async (end) => {
    await using upstream = await startOpenMeteoStandIn("hold");
    await using server = startNoisy();
    await server.initialize();
    const arrived = upstream.nextRequest();
    const answer = server.callTool(1, "fetchStatus", { url: upstream.url });
    await arrived;
    if (end === "end of stdin") server.process.stdin.end();
    else server.process.kill(end);
    await server.stderrSays(`${end} seen`);
    upstream.release();
    expect((await answer).result).toMatchObject({ structuredContent: { result: 200 } });
    expect(await server.ended).toEqual({ code: 0, signal: null });
  });

  it("exits at once on a second signal", async () => {
    await using upstream = await startOpenMeteoStandIn("hang");
    await using server = startNoisy();
    await server.initialize();
    const arrived = upstream.nextRequest();
    server.send(1, "tools/call", { name: "fetchStatus", arguments: { url: upstream.url } });
    await arrived;
    server.process.kill("SIGTERM");
    await server.stderrSays("SIGTERM seen");
    server.process.kill("SIGINT");
    expect((await server.ended).code).not.toBe(0);
  });
});
