// `node scripts/check-language.mjs [--count] [--root <folder>] [path…]`: checks prose by the rules
// of language/rules.mjs. Prints file, line, text and fix of each violation and ends with status 1
// if there is one. Warnings do not count. --count prints a table of totals instead, and --root
// checks another checkout. Without paths, it checks every file of the repository.
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { checkFile } from "./language/check-file.mjs";
import { findSmallFiles } from "./language/small-files.mjs";
import { root } from "./run.mjs";

const CHECKED = /\.(?:[cm]?[jt]s|md|ya?ml|dockerignore|npmrc)$|Dockerfile$|\.ci\/run$|package\.json$|\.oxlintrc\.json$/;
const CHECKED_JSON = /^docs\/.*\.json$|expected-failures\.json$/;
// Third-party texts, generated data, and the words of this check with their samples.
const EXEMPT = /THIRD-PARTY|pnpm-lock|\/golden\/|^scripts\/language\//;

/** Folders of .gitignore, and git's own: the check has to work in an archive without a history. */
const SKIPPED = new Set([".git", ".cache", ".turbo", "coverage", "dist", "node_modules"]);

/** Lists the checked files below a folder, relative to the top folder. */
function listFiles(top, folder = "") {
  return readdirSync(path.join(top, folder), { withFileTypes: true }).flatMap((entry) => {
    const file = path.posix.join(folder, entry.name);
    if (entry.isDirectory()) return SKIPPED.has(entry.name) ? [] : listFiles(top, file);
    const isChecked = CHECKED.test(file) || CHECKED_JSON.test(file);
    return entry.isFile() && isChecked && !EXEMPT.test(file) ? [file] : [];
  });
}

/** Returns whether a file is one of the given paths or below it. */
function isBelow(file, paths) {
  return paths.length === 0 || paths.some((one) => one === "" || file === one || file.startsWith(`${one}/`));
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

const { values, positionals } = parseArgs({
  options: { count: { type: "boolean" }, root: { type: "string", default: root } },
  allowPositionals: true,
});
const top = path.resolve(values.root);
const paths = positionals.map((one) => path.relative(top, path.resolve(one)).replaceAll("\\", "/"));
const all = listFiles(top).sort();
const files = all.filter((file) => isBelow(file, paths));
const violations = [];
let docComments = 0;
for (const file of files) {
  const result = checkFile(file, readFileSync(path.join(top, file), "utf8"));
  docComments += result.docComments;
  violations.push(...result.violations.map((violation) => ({ file, ...violation })));
}
const shown = new Set(files);
const warnings = findSmallFiles(top, all).filter(({ file }) => shown.has(file));

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
