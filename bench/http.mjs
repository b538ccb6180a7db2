// tools/call over loopback: servers as separate processes, 8 connections, the servers' CPU time per
// call and requests per second.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import autocannon from "autocannon";
import { buildProject } from "@methodic/compiler";
import { median } from "./measure.mjs";
import { writeProject } from "./synthetic-project.mjs";

const here = fileURLToPath(new URL("./", import.meta.url));
const CONNECTIONS = 8;
const CALLS = 2000;

const CALL = { name: "say0", arguments: { topic: "weather" } };
const ERAS = {
  2026: {
    headers: { "mcp-protocol-version": "2026-07-28", "mcp-method": "tools/call", "mcp-name": CALL.name },
    params: {
      ...CALL,
      _meta: {
        "io.modelcontextprotocol/protocolVersion": "2026-07-28",
        "io.modelcontextprotocol/clientCapabilities": {},
        "io.modelcontextprotocol/clientInfo": { name: "bench", version: "1" },
      },
    },
  },
  2025: { headers: { "mcp-protocol-version": "2025-11-25" }, params: CALL },
};

/** Starts a server that prints its URL and reports its CPU time on request. */
async function start(file, args = [], env = {}) {
  const child = spawn(process.execPath, ["--import", `${here}report-cpu.mjs`, file, ...args], {
    stdio: ["ignore", "pipe", "pipe", "ipc"],
    env: { ...process.env, NODE_ENV: "production", PORT: "0", ...env },
  });
  let output = "";
  const url = await new Promise((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text) => {
        output += text;
        const [found] = /http:\/\/[^\s)]+/.exec(output) ?? [];
        if (found) resolve(found);
      });
    }
    child.once("exit", () => reject(new Error(`${file} ended:\n${output}`)));
  });
  return {
    url,
    async cpu() {
      child.send("cpu");
      const [{ user, system }] = await once(child, "message");
      return user + system;
    },
    async stop() {
      child.removeAllListeners("exit");
      child.kill("SIGKILL");
      await once(child, "close");
    },
  };
}

/** Measures the server's CPU time per call, in microseconds, and the calls per second. */
async function load(server, era, calls = CALLS) {
  const { headers, params } = ERAS[era];
  const before = await server.cpu();
  const start = performance.now();
  // autocannon rounds its own measurement to seconds.
  let end = start;
  const run = autocannon({
    url: server.url,
    connections: CONNECTIONS,
    amount: calls,
    method: "POST",
    headers: { "content-type": "application/json", accept: "application/json, text/event-stream", ...headers },
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/call", params }),
  });
  run.on("response", () => (end = performance.now()));
  const result = await run;
  const after = await server.cpu();
  const failed = result.non2xx + result.errors + result.timeouts;
  if (failed > 0) throw new Error(`${failed} of ${calls} calls to ${server.url} failed`);
  return { cpu: (after - before) / calls, rps: (calls / (end - start)) * 1000 };
}

/** Checks one answer, so that no server wins by answering with errors. */
async function assertAnswers(server, era) {
  const { headers, params } = ERAS[era];
  const response = await fetch(server.url, {
    method: "POST",
    headers: { "content-type": "application/json", accept: "application/json, text/event-stream", ...headers },
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/call", params }),
  });
  const text = await response.text();
  if (!response.ok || !text.includes('"text":"weather"'))
    throw new Error(`${server.url} answered ${response.status}: ${text}`);
}

async function compareServers(a, b, { era, rounds }) {
  for (const server of [a, b]) {
    await assertAnswers(server, era);
    // Warms up until V8 has optimized the code. Both servers get the same number of calls, because
    // a server gets faster with each.
    await load(server, era, 2 * CALLS);
  }
  const pairs = [];
  for (let i = 0; i < rounds; i++) pairs.push([await load(a, era), await load(b, era)]);
  return {
    a: median(pairs.map(([x]) => x.cpu)),
    b: median(pairs.map(([, y]) => y.cpu)),
    ratio: median(pairs.map(([x, y]) => x.cpu / y.cpu)),
    rps: median(pairs.map(([x, y]) => x.rps / y.rps)),
    unit: "µs",
  };
}

/** Starts two servers, compares them, and stops them. */
async function compareFresh(launchA, launchB, options) {
  const servers = [];
  try {
    servers.push(await launchA());
    servers.push(await launchB());
    const [a, b] = servers;
    const { rps, ...result } = await compareServers(a, b, options);
    return { ...result, what: `(calls/s × ${rps.toFixed(2)})` };
  } finally {
    for (const server of servers) await server.stop();
  }
}

/**
 * Rows of figures: Methodic against a plain echo, the SDK's two lines, and itself with more tools.
 */
export async function httpFigures(cache, rounds) {
  const build = async (count) => {
    const root = writeProject(`${cache}/http-${count}`, count);
    const { diagnostics } = await buildProject({ root });
    if (diagnostics.length > 0) throw new Error(JSON.stringify(diagnostics[0]));
    return () => start(`${root}/dist/main.js`);
  };
  const peer = (kind) => () => start(`${here}http-peer.mjs`, [kind]);
  const [one, many] = [await build(1), await build(1000)];
  const plan = [
    ["Methodic ÷ a plain node:http JSON echo", "2026", [one, peer("echo")]],
    ["Methodic ÷ a plain node:http JSON echo", "2025", [one, peer("echo")]],
    ["Methodic ÷ SDK v2 McpServer, createMcpHandler", "2026", [one, peer("sdk-v2")], 1],
    ["Methodic ÷ SDK v2 Server, createMcpHandler", "2026", [one, peer("sdk-v2-low")], 1],
    ["Methodic ÷ SDK v2 McpServer, createMcpHandler", "2025", [one, peer("sdk-v2")], 1],
    ["Methodic ÷ SDK v2 Server, stateless JSON transport", "2025", [one, peer("sdk-v2-json")], 1],
    ["Methodic ÷ SDK v1 McpServer, stateless JSON", "2025", [one, peer("sdk-v1")], 1],
    ["1,000 tools ÷ 1 tool", "2026", [many, one], 1.1],
    ["1,000 tools ÷ 1 tool", "2025", [many, one], 1.1],
  ];
  const rows = [];
  for (const [name, era, [a, b], bound] of plan) {
    const { what, ...result } = await compareFresh(a, b, { era, rounds });
    rows.push({ figure: `http ${era}: server CPU per call, ${name} ${what}`, ...result, bound });
  }
  return rows;
}
