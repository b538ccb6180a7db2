// `npm run conformance`: runs the official conformance suite against a server of decorated classes,
// served over HTTP in every way and, through a bridge, over stdio, on both protocol revisions.
// Needs Node 22 or later. expected-failures.json lists the known failures, with reasons; a scenario
// that passes must not be listed.
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const here = fileURLToPath(new URL(".", import.meta.url));
const methodic = fileURLToPath(new URL("../../packages/cli/bin/methodic.js", import.meta.url));
const suite = `${here}../node_modules/@modelcontextprotocol/conformance/dist/index.js`;
const REVISIONS = ["2025-11-25", "2026-07-28"];

/** Reads the reasons why scenarios of one run fail, by scenario. */
function readExpected(way, revision) {
  const all = JSON.parse(readFileSync(`${here}expected-failures.json`, "utf8"));
  return { ...all[`every way, ${revision}`], ...all[`${way}, ${revision}`] };
}

/** Starts the server, which prints the URL of each way it is served. */
async function startServer() {
  const server = spawn(process.execPath, [`${here}../.cache/conformance/main.js`], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let log = "";
  server.stderr.setEncoding("utf8").on("data", (text) => (log += text));
  const ended = once(server, "exit").then(([code]) => {
    throw new Error(`The server ended with code ${code}.\n${log}`);
  });
  const [line] = await Promise.race([once(createInterface(server.stdout), "line"), ended]);
  return { ways: JSON.parse(line), stop: () => void server.removeAllListeners("exit").kill(), log: () => log };
}

/** Reads the checks of a scenario; a scenario that crashed leaves no file. */
function readChecks(file) {
  if (existsSync(file)) return JSON.parse(readFileSync(file, "utf8"));
  return [{ id: "no-result", status: "FAILURE", errorMessage: "The scenario did not finish." }];
}

/**
 * Runs all scenarios of a revision; returns the failures by scenario, with the suite's
 * messages.
 */
async function runSuite(url, revision, results) {
  const args = [suite, "server", "--url", url, "--requirements", revision, "--output-dir", results];
  const runner = spawn(process.execPath, args, { stdio: "ignore" });
  await once(runner, "exit");
  // The name of a folder consists of the tested side, the scenario, and the time.
  const scenarios = readdirSync(results).map((folder) => [
    /^server-(.+?)-\d{4}-\d\d-\d\dT[\d-]+Z$/.exec(folder)?.[1] ?? folder,
    readChecks(path.join(results, folder, "checks.json")),
  ]);
  const failed = new Map();
  for (const [scenario, checks] of scenarios) {
    const wrong = checks.filter(({ status }) => status === "FAILURE" || status === "WARNING");
    if (wrong.length > 0)
      failed.set(
        scenario,
        wrong.map(({ id, errorMessage }) => `${id}: ${errorMessage}`),
      );
  }
  const passed = scenarios.flatMap(([, checks]) => checks.filter(({ status }) => status === "SUCCESS")).length;
  return { names: scenarios.map(([scenario]) => scenario), failed, passed };
}

/** Compares a run with the expected failures; returns a line for every deviation. */
function judge({ names, failed }, expected) {
  return [
    ...[...failed]
      .filter(([scenario]) => !Object.hasOwn(expected, scenario))
      .map(([scenario, problems]) => `${scenario} fails:\n      ${problems.join("\n      ")}`),
    ...Object.keys(expected)
      .filter((scenario) => !failed.has(scenario))
      .map((scenario) =>
        names.includes(scenario)
          ? `${scenario} passes now: delete it from expected-failures.json.`
          : `${scenario} is expected to fail, but was not run: delete it from expected-failures.json.`,
      ),
    ...(names.length === 0 ? ["The suite ran no scenario."] : []),
  ];
}

async function main() {
  if (Number(process.versions.node.split(".")[0]) < 22) {
    console.error(`The conformance suite needs Node 22 or later; this is Node ${process.versions.node}.`);
    return 1;
  }
  const { status } = spawnSync(process.execPath, [methodic, "build", `${here}server`], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  if (status !== 0) return 1;
  const results = mkdtempSync(path.join(tmpdir(), "methodic-conformance-"));
  const { ways, stop, log } = await startServer();
  let deviations = 0;
  try {
    for (const [way, url] of Object.entries(ways)) {
      for (const revision of REVISIONS) {
        const expected = readExpected(way, revision);
        const run = await runSuite(url, revision, path.join(results, way, revision));
        const wrong = judge(run, expected);
        const summary = `${run.passed} checks pass, ${run.failed.size} of ${run.names.length} scenarios fail`;
        console.log(
          `${wrong.length === 0 ? "✓" : "✗"} ${way}, ${revision}: ${summary}, ${Object.keys(expected).length} expected`,
        );
        for (const line of wrong) console.log(`    ${line}`);
        deviations += wrong.length;
      }
    }
  } finally {
    stop();
    rmSync(results, { recursive: true });
  }
  if (deviations === 0) return 0;
  console.error(`The end of the server's log:\n${log().slice(-2000)}`);
  return 1;
}

process.exitCode = await main();
