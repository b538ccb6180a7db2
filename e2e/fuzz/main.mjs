// `npm run fuzz`: a server of every mode receives random messages, valid and hostile ones.
// Options: --seed N; --fetch N (default 200,000), --sockets N (50,000) and --stdio N (20,000)
// messages; --case N sends one of them alone. Progress goes to stderr. Ends with status 1 if there
// is a problem.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { fuzzHttp } from "./fuzz-http.mjs";
import { fuzzStdio } from "./fuzz-stdio.mjs";

const here = fileURLToPath(new URL(".", import.meta.url));
const methodic = fileURLToPath(new URL("../../packages/cli/bin/methodic.js", import.meta.url));
const file = `${here}../.cache/fuzz/main.js`;
// The memory that more messages may leave behind, in MB: caches and compiled code.
const MAX_GROWTH = 30;
const SHOWN = 20;
const PROGRESS_INTERVAL = 5000;

const number = { type: "string" };
const { values } = parseArgs({
  options: { seed: number, fetch: number, sockets: number, stdio: number, case: number },
});
const given = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, readNumber(name, value)]));
const { seed = Date.now() % 1_000_000, fetch: fetches = 200_000, sockets = 50_000, stdio = 20_000 } = given;

function readNumber(name, value) {
  const read = Number(value);
  if (Number.isInteger(read) && read >= 0) return read;
  throw new Error(`Invalid --${name}: '${value}'. Use a whole number, 0 or above.`);
}

const { status } = spawnSync(process.execPath, [methodic, "build", `${here}server`], {
  stdio: ["ignore", "ignore", "inherit"],
});
if (status !== 0) throw new Error("The server could not be built.");
const { createTarget } = await import(`file://${file}`);

const problems = [];
const report = (problem) => void problems.push(problem);
for (const event of ["uncaughtException", "unhandledRejection"]) {
  process.on(event, (error) =>
    report({ transport: "any", mode: "any", problem: `${event}: ${error?.stack ?? error}` }),
  );
}
// The failures of tools that fail are logged.
const complain = console.error;
console.error = () => undefined;
console.warn = () => undefined;

function* range(from, count) {
  if (given.case !== undefined) return yield given.case;
  for (let index = from; index < from + count; index++) {
    if (index > 0 && index % PROGRESS_INTERVAL === 0) process.stderr.write(`${index} messages sent\n`);
    yield index;
  }
}

function heapUsed() {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed / 1e6;
}

console.log(`Node ${process.version}, seed ${seed}`);
for (const [transport, count] of [
  ["fetch", fetches],
  ["sockets", sockets],
]) {
  if (count === 0) continue;
  const start = performance.now();
  const warm = Math.ceil(count / 5);
  const first = await fuzzHttp(createTarget, { seed, indexes: range(0, warm), transport, report });
  const before = heapUsed();
  const rest =
    given.case === undefined
      ? await fuzzHttp(createTarget, { seed, indexes: range(warm, count - warm), transport, report })
      : first;
  const growth = heapUsed() - before;
  await Promise.all([first.close(), rest.close()]);
  const statuses = [...rest.statuses].sort(([a], [b]) => a - b).map(([code, times]) => `${code}: ${times}`);
  console.log(
    `${transport}: ${count} messages in ${seconds(start)} s, heap ${growth.toFixed(1)} MB; ${statuses.join(", ")}`,
  );
  if (globalThis.gc && growth > MAX_GROWTH)
    report({ transport, mode: "all", problem: `the heap grew by ${growth.toFixed(1)} MB` });
}
if (stdio > 0) {
  const start = performance.now();
  await fuzzStdio(file, { seed, indexes: range(0, stdio), report });
  console.log(`stdio: ${stdio} messages in ${seconds(start)} s`);
}
const kinds = new Map(problems.map((one) => [one.problem, one]));
for (const { transport, mode, problem, sent, answer } of [...kinds.values()].slice(0, SHOWN)) {
  console.log(`\n${transport}, ${mode}: ${problem}`);
  if (!sent) continue;
  console.log(`  again: npm run fuzz -- --seed ${seed} --case ${sent.index}`);
  console.log(`  sent: ${sent.method ?? ""} ${JSON.stringify(sent.headers ?? {})} ${String(sent.body).slice(0, 1500)}`);
  console.log(`  received: ${answer?.status} ${answer?.text.slice(0, 1000)}`);
}
console.log(problems.length === 0 ? "No problem." : `${problems.length} problems of ${kinds.size} kinds.`);
console.error = complain;
process.exit(problems.length === 0 ? 0 : 1);

function seconds(start) {
  return ((performance.now() - start) / 1000).toFixed(1);
}
