// `npm run bench`: Methodic's speed as ratios within one run. Options: --rounds N (default 11),
// --only startup|injected|generate|scale|cache|watch|tools|bundle|validate|invalid|worst|http|
// real-types.
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { buildProject } from "@methodic/compiler";
import { bundleProject } from "@methodic/compiler/bundle";
import { sizeOfBuild } from "./deployed-size.mjs";
import { httpFigures } from "./http.mjs";
import { buildServices } from "./injected-services.mjs";
import { compare, median, timeScript, timeToInitialize } from "./measure.mjs";
import { realTypes } from "./real-types.mjs";
import { prepareValidate } from "./validate.mjs";
import { worstInputs } from "./worst-input.mjs";
import { writeProject } from "./synthetic-project.mjs";

const here = fileURLToPath(new URL("./", import.meta.url));
const cache = `${here}.cache`;
const { values } = parseArgs({ options: { rounds: { type: "string", default: "11" }, only: { type: "string" } } });
const rounds = Number(values.rounds);
if (!Number.isInteger(rounds) || rounds < 1)
  throw new Error(`Invalid --rounds: '${values.rounds}'. Use a whole number, 1 or above.`);

async function startup() {
  const example = fileURLToPath(new URL("../examples/notes-weather/dist/main.js", import.meta.url));
  if (!existsSync(example)) throw new Error("The example is not built: run `npm run build` first.");
  const env = { NOTES_DB: ":memory:" };
  const result = await compare(
    () => timeToInitialize(example, env),
    () => timeToInitialize(`${here}hand-written-server.mjs`, env),
    rounds,
  );
  return { figure: "stdio: spawn to `initialize`, example ÷ hand-written on the SDK", ...result, bound: 1.15 };
}

async function injected() {
  const [wired, plain] = [true, false].map((isInjected) =>
    buildServices(`${cache}/${isInjected ? "injected" : "plain"}-services`, isInjected),
  );
  const result = await compare(
    () => timeToInitialize(wired),
    () => timeToInitialize(plain),
    rounds,
  );
  return {
    figure: "stdio: spawn to `initialize`, 20 injected services ÷ 20 without dependencies",
    ...result,
    bound: 1.05,
  };
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
    bound: 1,
    rssBound: 260,
  };
}

const methodic = fileURLToPath(new URL("../packages/cli/bin/methodic.js", import.meta.url));

async function scale() {
  const [many, one] = [writeProject(`${cache}/scale-1000`, 1000), writeProject(`${cache}/scale-1`, 1)];
  const generate = (folder) => () =>
    timeScript(methodic, ["generate", folder, "--no-cache", "--out", `${cache}/scale.json`]);
  return {
    figure: "methodic generate, 1,000 tools ÷ 1 tool",
    ...(await compare(generate(many), generate(one), rounds)),
    bound: 2.5,
  };
}

async function unchanged() {
  const folder = writeProject(`${cache}/unchanged-100`, 100);
  const result = await compare(
    () => timeScript(methodic, ["generate", folder, "--out", `${cache}/unchanged.json`]),
    () => timeScript("-e", ["0"]),
    rounds,
  );
  return {
    figure: "methodic generate, 100 tools, nothing changed ÷ an empty Node process",
    ...result,
    absolute: "the whole command",
    absoluteBound: 150,
  };
}

async function watch() {
  const folder = writeProject(`${cache}/watch-1000`, 1000);
  const { edits } = await timeScript(`${here}watch-methodic.mjs`, [folder, String(rounds)]);
  const of = (part) => median(edits.map((edit) => edit[part]));
  const [load, compile, cpu] = ["load", "compile", "cpu"].map((part) => of(part).toFixed(0));
  console.error(`watch: program ${load} ms, compilation ${compile} ms; CPU time in all ${cpu} ms`);
  return { a: of("total"), absolute: "1,000 tools, from an edit to the artifact on disk", absoluteBound: 100 };
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
    absolute: "one call",
    absoluteBound: 100,
  };
}

async function invalid() {
  const { invalid } = await prepareValidate(`${cache}/validate`);
  const result = await compare(...invalid, rounds);
  return { figure: "invalid input, generated check ÷ ajv standalone by hand", ...result, bound: 1.5, unit: "ns" };
}

/** Start and size of a bundle against the same project built, with its node_modules. */
async function bundled() {
  const rows = [];
  for (const tools of [1, 1000]) {
    const root = writeProject(`${cache}/bundle-${tools}`, tools);
    const built = buildProject({ root });
    const { diagnostics, size } = await bundleProject({ root, minify: true });
    const problem = [...built.diagnostics, ...diagnostics][0];
    if (problem) throw new Error(JSON.stringify(problem));
    const result = await compare(
      () => timeToInitialize(`${root}/dist/main.mjs`),
      () => timeToInitialize(`${root}/dist/main.js`),
      rounds,
    );
    const installed = sizeOfBuild(`${root}/dist`);
    rows.push(
      {
        figure: `stdio: spawn to \`initialize\`, ${tools} tools: bundled ÷ built`,
        ...result,
        bound: tools === 1 ? 0.9 : 0.95,
      },
      {
        figure: `deployed size, ${tools} tools: bundled ÷ built with its node_modules`,
        a: size / 1000,
        b: installed / 1000,
        ratio: size / installed,
        bound: 0.25,
        unit: "kB",
      },
    );
  }
  return rows;
}

const benches = {
  startup,
  injected,
  generate,
  scale,
  cache: unchanged,
  watch,
  tools,
  bundle: bundled,
  validate,
  invalid,
  worst: () => worstInputs(cache, rounds),
  http: () => httpFigures(cache, rounds),
  "real-types": () => realTypes(cache, rounds),
};
if (values.only && !(values.only in benches))
  throw new Error(`Invalid --only: '${values.only}'. Use one of ${Object.keys(benches).join(", ")}.`);
const rows = [];
for (const [name, bench] of Object.entries(benches)) {
  if (values.only && values.only !== name) continue;
  console.error(`${name}: ${rounds} rounds …`);
  for (const row of [await bench()].flat()) addRows(name, row);
}

function addRows(name, { figure, a, b, ratio, bound, rssMb, rssBound, unit = "ms", absolute, absoluteBound }) {
  if (ratio !== undefined)
    rows.push({
      figure,
      A: `${Math.round(a)} ${unit}`,
      B: `${Math.round(b)} ${unit}`,
      "A/B": ratio.toFixed(2),
      ...(bound !== undefined && { "at most": bound, met: ratio <= bound ? "yes" : "no" }),
    });
  if (absoluteBound)
    rows.push({
      figure: `${name}: ${absolute}`,
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
