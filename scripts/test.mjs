// `npm test`: install, build, check, test; ends with the plain line "N passed, N failed", and with status 1 if anything failed.
// `--tests-only` runs just the tests, with the Node that runs this script, on what is installed and built already.
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { pnpm, root, run } from "./run.mjs";

const testsOnly = process.argv.includes("--tests-only");
const reportFile = `${root}.cache/tests-node-${process.versions.node}.json`;
const bin = (name) => `${root}node_modules/${name}`;

const preparations = [
  ["install", () => pnpm("install", "--frozen-lockfile", "--reporter=append-only", "--loglevel=warn")],
  ["build", () => pnpm("run", "build")],
];
const checks = [
  ["lint", () => run(process.execPath, [bin("oxlint/bin/oxlint")])],
  ["format", () => run(process.execPath, [bin("oxfmt/bin/oxfmt"), "--check", "."])],
  ["types", () => pnpm("exec", "turbo", "run", "typecheck")],
  ["unused code", () => run(process.execPath, [bin("knip/bin/knip.js"), "--no-progress"])],
  ["packages", () => run(process.execPath, [`${root}scripts/check-packages.mjs`])],
];

function heading(title) {
  console.log(`\n▸ ${title} (Node ${process.versions.node})`);
}

function finish(passed, failed) {
  console.log(`\n${passed} passed, ${failed} failed`);
  process.exit(failed === 0 ? 0 : 1);
}

/** Counts from vitest's JSON report; a run that broke before it could report counts as one failure. */
function readReport(status) {
  try {
    const { numPassedTests, numFailedTests, numFailedTestSuites, numPendingTests } = JSON.parse(
      readFileSync(reportFile, "utf8"),
    );
    if (numPendingTests > 0) console.log(`${numPendingTests} skipped; each says why in its code`);
    const failed = numFailedTests > 0 ? numFailedTests : numFailedTestSuites;
    return { passed: numPassedTests, failed: status !== 0 && failed === 0 ? 1 : failed };
  } catch (error) {
    console.error(`The tests left no report: ${error.message}`);
    return { passed: 0, failed: 1 };
  }
}

if (!testsOnly) {
  for (const [title, step] of preparations) {
    heading(title);
    if (step() !== 0) {
      console.error(`\nStopped: ${title} failed.`);
      finish(0, 1);
    }
  }
}
const failedChecks = [];
for (const [title, check] of testsOnly ? [] : checks) {
  heading(title);
  if (check() !== 0) failedChecks.push(title);
}

heading("tests");
mkdirSync(`${root}.cache`, { recursive: true });
rmSync(reportFile, { force: true });
const status = run(process.execPath, [
  bin("vitest/vitest.mjs"),
  "run",
  "--reporter=default",
  "--reporter=json",
  `--outputFile.json=${reportFile}`,
]);
const { passed, failed } = readReport(status);
if (failedChecks.length > 0) console.error(`\nFailed checks: ${failedChecks.join(", ")}`);
finish(passed, failed + failedChecks.length);
