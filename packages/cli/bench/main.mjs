// `pnpm bench`: Methodic's speed as ratios within one run. Options: --rounds N (default 11), --only startup|generate|tools|validate|invalid.
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { buildProject } from "@methodic/compiler";
import { compare, timeScript, timeToInitialize } from "./measure.mjs";
import { prepareValidate } from "./validate.mjs";
import { writeProject } from "./synthetic-project.mjs";

const here = fileURLToPath(new URL(".", import.meta.url));
const cache = `${here}../.cache/bench`;
const { values } = parseArgs({ options: { rounds: { type: "string", default: "11" }, only: { type: "string" } } });
const rounds = Number(values.rounds);
if (!Number.isInteger(rounds) || rounds < 1)
  throw new Error(`--rounds takes a whole number from 1, not '${values.rounds}'.`);

async function startup() {
  const example = fileURLToPath(new URL("../../../examples/notes-weather/dist/main.js", import.meta.url));
  if (!existsSync(example)) throw new Error("The example is not built: run `npm run build` first.");
  const env = { NOTES_DB: ":memory:" };
  const result = await compare(
    () => timeToInitialize(example, env),
    () => timeToInitialize(`${here}hand-written-server.mjs`, env),
    rounds,
  );
  return { figure: "stdio: spawn to `initialize`, example ÷ hand-written on the SDK", ...result, bound: 1.15 };
}

async function generate() {
  const folder = writeProject(`${cache}/generate-100`, 100);
  const result = await compare(
    () => timeScript(`${here}generate-methodic.mjs`, [folder]),
    () => timeScript(`${here}generate-stock.mjs`, [folder]),
    rounds,
  );
  return {
    figure: "generate 100 tools, Methodic ÷ ts-json-schema-generator by nodes",
    ...result,
    bound: 1.1,
    rssBound: 260,
  };
}

async function tools() {
  const build = async (count) => {
    const root = writeProject(`${cache}/tools-${count}`, count, 50);
    const { diagnostics } = await buildProject({ root });
    if (diagnostics.length > 0) throw new Error(JSON.stringify(diagnostics[0]));
    return `${root}/dist/main.js`;
  };
  const [many, few] = [await build(1000), await build(10)];
  const result = await compare(
    () => timeToInitialize(many),
    () => timeToInitialize(few),
    rounds,
  );
  return { figure: "stdio: spawn to `initialize`, 1,000 tools in 20 classes ÷ 10 tools in one", ...result, bound: 1.5 };
}

async function validate() {
  const { valid } = await prepareValidate(`${cache}/validate`);
  const result = await compare(...valid, rounds);
  return {
    figure: "valid input of 5 properties, generated check ÷ ajv standalone by hand",
    ...result,
    bound: 1.5,
    unit: "ns",
    absoluteBound: 100,
  };
}

async function invalid() {
  const { invalid } = await prepareValidate(`${cache}/validate`);
  const result = await compare(...invalid, rounds);
  return { figure: "invalid input, generated check ÷ ajv standalone by hand", ...result, bound: 1.5, unit: "ns" };
}

const benches = { startup, generate, tools, validate, invalid };
if (values.only && !(values.only in benches))
  throw new Error(`--only takes ${Object.keys(benches).join(", ")}, not '${values.only}'.`);
const rows = [];
for (const [name, bench] of Object.entries(benches)) {
  if (values.only && values.only !== name) continue;
  console.error(`${name}: ${rounds} rounds …`);
  const { figure, a, b, ratio, bound, rssMb, rssBound, unit = "ms", absoluteBound } = await bench();
  rows.push({
    figure,
    A: `${Math.round(a)} ${unit}`,
    B: `${Math.round(b)} ${unit}`,
    "A/B": ratio.toFixed(2),
    "at most": bound,
    met: ratio <= bound ? "yes" : "no",
  });
  if (absoluteBound)
    rows.push({
      figure: `${name}: one call`,
      A: `${Math.round(a)} ${unit}`,
      "at most": absoluteBound,
      met: a <= absoluteBound ? "yes" : "no",
    });
  if (rssBound)
    rows.push({
      figure: `${name}: peak memory`,
      A: `${Math.round(rssMb)} MB`,
      "at most": rssBound,
      met: rssMb <= rssBound ? "yes" : "no",
    });
}
console.log(`Node ${process.version}, medians of ${rounds} rounds, A and B in turn`);
console.table(rows);
