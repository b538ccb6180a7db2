// `npm run load`: a server under load, with clients that fail in every way.
// Options: --seconds N (default 60), or --calls N; --seed N; --only vanish,listen for some clients.
// Ends with status 1 if a bound is exceeded.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { judge } from "./judge.mjs";
import { runLoad } from "./run-load.mjs";

const here = fileURLToPath(new URL(".", import.meta.url));
const methodic = fileURLToPath(new URL("../../packages/cli/bin/methodic.js", import.meta.url));
const { values } = parseArgs({
  options: {
    seconds: { type: "string" },
    calls: { type: "string" },
    seed: { type: "string" },
    only: { type: "string" },
  },
});
const { only, ...numbers } = values;
const {
  seconds = values.calls === undefined ? 60 : undefined,
  calls,
  seed = Date.now() % 1_000_000,
} = Object.fromEntries(Object.entries(numbers).map(([name, value]) => [name, readNumber(name, value)]));

function readNumber(name, value) {
  const number = Number(value);
  if (Number.isInteger(number) && number > 0) return number;
  throw new Error(`Invalid --${name}: '${value}'. Use a whole number, 1 or above.`);
}

const { status } = spawnSync(process.execPath, [methodic, "build", `${here}server`], {
  stdio: ["ignore", "ignore", "inherit"],
});
if (status !== 0) throw new Error("The server could not be built.");
console.log(`Node ${process.version}, ${calls ? `${calls} calls` : `${seconds} s`}, seed ${seed}`);
const result = await runLoad(`${here}../.cache/load/main.js`, { seconds, calls, seed, only: only?.split(",") });
const { figures, rows, examples, isKept } = judge(result);
console.log(figures.join("\n"));
console.table(rows);
for (const example of examples) console.log(example);
console.log(isKept ? "All bounds are kept." : "A bound is exceeded.");
// Clients that wait forever must not keep this process alive.
process.exit(isKept ? 0 : 1);
