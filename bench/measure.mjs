// Measures two kinds of processes in turn and takes the median of the pairwise ratios, so that the
// machine's drift does not affect the result.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

const INITIALIZE = JSON.stringify({
  jsonrpc: "2.0",
  id: 1,
  method: "initialize",
  params: { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "bench", version: "1" } },
});

/** Milliseconds from spawning a stdio server to its answer to `initialize`. */
export async function timeToInitialize(file, env = {}) {
  const start = performance.now();
  const child = spawn(process.execPath, [file], { stdio: ["pipe", "pipe", "ignore"], env: { ...process.env, ...env } });
  const lines = createInterface({ input: child.stdout });
  child.stdin.write(`${INITIALIZE}\n`);
  const [line] = await once(lines, "line");
  const elapsed = performance.now() - start;
  if (!JSON.parse(line).result?.serverInfo) throw new Error(`${file} did not answer initialize: ${line}`);
  child.stdin.end();
  child.kill();
  await once(child, "exit");
  return { ms: elapsed };
}

/**
 * Runs a script; returns the milliseconds of the whole process, and the JSON of its last line if it
 * prints any.
 */
export async function timeScript(file, args) {
  const start = performance.now();
  const child = spawn(process.execPath, [file, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  let err = "";
  child.stderr.setEncoding("utf8").on("data", (text) => (err += text));
  let out = "";
  child.stdout.setEncoding("utf8").on("data", (text) => (out += text));
  const [status] = await once(child, "close");
  if (status !== 0) throw new Error(`${file} ended with status ${status}\n${err}`);
  const ms = performance.now() - start;
  return { ms, ...JSON.parse(out.trim().split("\n").at(-1) || "{}") };
}

/** Returns the median of numbers. */
export function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** Runs two measurements in turn, A B A B, after one warm-up of each. */
export async function compare(a, b, rounds) {
  await a();
  await b();
  const pairs = [];
  for (let i = 0; i < rounds; i++) pairs.push([await a(), await b()]);
  return {
    a: median(pairs.map(([x]) => x.ms)),
    b: median(pairs.map(([, y]) => y.ms)),
    ratio: median(pairs.map(([x, y]) => x.ms / y.ms)),
    rssMb: Math.max(...pairs.map(([x]) => x.rssMb ?? 0)),
  };
}
