// `node scripts/check-language.mjs [--count] [path…]`: checks prose by the rules of
// language/rules.mjs. Prints file, line, text and fix of each violation and ends with status 1 if
// there is one. Warnings do not count. --count prints a table of totals instead. Without paths, it
// checks every file of the repository.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { checkFile } from "./language/check-file.mjs";
import { findSmallFiles } from "./language/small-files.mjs";

const CHECKED = /\.(?:[cm]?[jt]s|md|ya?ml|dockerignore|npmrc)$|Dockerfile$|\.ci\/run$|package\.json$|\.oxlintrc\.json$/;
const CHECKED_JSON = /^docs\/.*\.json$|expected-failures\.json$/;
// Third-party texts, generated data, and the words of this check with their samples.
const EXEMPT = /THIRD-PARTY|pnpm-lock|\/golden\/|^scripts\/language\//;

function git(...args) {
  const { stdout, stderr, status } = spawnSync("git", args, { encoding: "utf8", maxBuffer: 1 << 26 });
  if (status !== 0) throw new Error(`git ${args.join(" ")} failed: ${stderr}`);
  return stdout;
}

function listFiles(top, paths) {
  return git("-C", top, "ls-files", "-co", "--exclude-standard", "--full-name", "--", ...paths)
    .split("\n")
    .filter((file) => CHECKED.test(file) || CHECKED_JSON.test(file))
    .filter((file) => !EXEMPT.test(file) && existsSync(path.join(top, file)));
}

function count(violations, warnings, docComments) {
  const totals = new Map();
  for (const { rule } of violations) totals.set(rule, (totals.get(rule) ?? 0) + 1);
  const banned = violations.filter(({ isBanned }) => isBanned).length;
  console.table({
    "doc comments": docComments,
    ...Object.fromEntries([...totals].sort(([, a], [, b]) => b - a)),
    "banned words, all": banned,
    "small files (warning)": warnings.length,
  });
}

const { values, positionals } = parseArgs({ options: { count: { type: "boolean" } }, allowPositionals: true });
const top = git("rev-parse", "--show-toplevel").trim();
const files = listFiles(top, positionals.length > 0 ? positionals.map((one) => path.resolve(one)) : [top]);
const violations = [];
let docComments = 0;
for (const file of files) {
  const result = checkFile(file, readFileSync(path.join(top, file), "utf8"));
  docComments += result.docComments;
  violations.push(...result.violations.map((violation) => ({ file, ...violation })));
}
const shown = new Set(files);
const warnings = findSmallFiles(top, listFiles(top, [top])).filter(({ file }) => shown.has(file));

if (values.count) {
  count(violations, warnings, docComments);
} else {
  for (const { file, line, rule, text, fix } of violations)
    console.log(`${file}:${line} [${rule}] ${text}\n    ${fix}`);
  for (const { file, lines, importer } of warnings) {
    console.log(`${file}:1 warning: ${lines} lines with one importer. Move them into ${importer}.`);
  }
  console.log(`${violations.length} violations, ${warnings.length} warnings in ${files.length} files`);
  process.exitCode = violations.length > 0 ? 1 : 0;
}
