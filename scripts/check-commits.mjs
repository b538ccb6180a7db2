// `node scripts/check-commits.mjs`: checks the subjects of all commits made under the rule.
import { spawnSync } from "node:child_process";
import { findSubjectProblem } from "./language/commit-subject.mjs";
import { root } from "./run.mjs";

/** The last commit before the rule. Shallow clones that lack it are checked from its date on. */
const BASE = "98f9367d3a1e4151798898b5f16d564f01e9ab55";
const BASE_DATE = "2026-11-23T02:44:40Z";

function git(...args) {
  return spawnSync("git", ["-C", root, ...args], { encoding: "utf8" });
}

/** Lists the commits to check, each with hash and subject. Merge commits are written by tools. */
function listCommits() {
  const hasBase = git("merge-base", "--is-ancestor", BASE, "HEAD").status === 0;
  const range = hasBase ? [`${BASE}..HEAD`] : [`--since=${BASE_DATE}`, "HEAD"];
  const { status, stdout, stderr } = git("log", "--no-merges", "--format=%h %s", ...range);
  if (status === 0) return stdout.split("\n").filter((line) => line !== "");
  console.log(`Commit messages were not checked: git cannot read the history. ${stderr?.trim() ?? ""}`);
  return [];
}

const commits = listCommits();
const problems = commits.flatMap((line) => {
  const problem = findSubjectProblem(line.slice(line.indexOf(" ") + 1));
  return problem === undefined ? [] : [`${line}\n    ${problem}`];
});
for (const problem of problems) console.error(problem);
console.log(`${commits.length} commit messages checked, ${problems.length} wrong`);
process.exitCode = problems.length > 0 ? 1 : 0;
