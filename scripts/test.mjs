// `npm test`: installs, builds, checks and tests; ends with the plain line "N passed, N failed",
// and with status 1 if anything failed. `--node-dependent` runs only the tests that depend on the
// version of Node, with the Node that runs this script, on an installed and built workspace.
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { NODE_DEPENDENT } from "./node-dependent.mjs";
import { pnpm, root, run } from "./run.mjs";

const onlyNodeDependent = process.argv.includes("--node-dependent");
const reportFile = `${root}.cache/tests-node-${process.versions.node}.json`;
const node = (script, ...args) => run(process.execPath, [`${root}${script}`, ...args]);

const preparations = [
  ["install", () => pnpm("install", "--frozen-lockfile", "--reporter=append-only", "--loglevel=warn")],
  ["build", () => pnpm("exec", "turbo", "run", "build")],
];
const checks = [
  ["lint", () => node("node_modules/oxlint/bin/oxlint")],
  ["language", () => node("scripts/check-language.mjs")],
  ["format", () => node("node_modules/oxfmt/bin/oxfmt", "--check", ".")],
  ["types", () => pnpm("exec", "turbo", "run", "typecheck")],
  ["unused code", () => node("node_modules/knip/bin/knip.js", "--no-progress")],
];

function heading(title) {
  console.log(`\n▸ ${title} (Node ${process.versions.node})`);
}

function finish(passed, failed) {
  console.log(`\n${passed} passed, ${failed} failed`);
  process.exit(failed === 0 ? 0 : 1);
}

/** Reads vitest's counts; a run that broke before it could report counts as one failure. */
function readReport(status) {
  try {
    const { numPassedTests, numFailedTests, numFailedTestSuites, numPendingTests } = JSON.parse(
      readFileSync(reportFile, "utf8"),
    );
    if (numPendingTests > 0) console.log(`${numPendingTests} skipped; their code gives the reasons`);
    const failed = numFailedTests > 0 ? numFailedTests : numFailedTestSuites;
    return { passed: numPassedTests, failed: status !== 0 && failed === 0 ? 1 : failed };
  } catch (error) {
    console.error(`The tests left no report: ${error.message}`);
    return { passed: 0, failed: 1 };
  }
}

function runTests() {
  heading("tests");
  mkdirSync(`${root}.cache`, { recursive: true });
  rmSync(reportFile, { force: true });
  const status = node(
    "node_modules/vitest/vitest.mjs",
    "run",
    ...(onlyNodeDependent ? Object.keys(NODE_DEPENDENT) : []),
    "--reporter=default",
    "--reporter=json",
    `--outputFile.json=${reportFile}`,
  );
  return readReport(status);
}

if (onlyNodeDependent) {
  const { passed, failed } = runTests();
  finish(passed, failed);
}
for (const [title, step] of preparations) {
  heading(title);
  if (step() === 0) continue;
  console.error(`\nStopped: ${title} failed.`);
  finish(0, 1);
}
const failedChecks = [];
for (const [title, check] of checks) {
  heading(title);
  if (check() !== 0) failedChecks.push(title);
}
const { passed, failed } = runTests();
if (failedChecks.length > 0) console.error(`\nFailed checks: ${failedChecks.join(", ")}`);
finish(passed, failed + failedChecks.length);
