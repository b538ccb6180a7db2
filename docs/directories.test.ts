import { readFileSync, writeFileSync } from "node:fs";
import { DIRECTORIES, DIRECTORY_RULES, type DirectoryName, type DirectoryRule } from "@methodic/compiler/cached";
import { expect, it } from "vitest";
import { root } from "./snippets.ts";

const TABLES: Readonly<Record<string, (rule: DirectoryRule) => boolean>> = {
  "Rules that the command checks": ({ isByHand }) => isByHand !== true,
  "Rules to check by hand": ({ isByHand }) => isByHand === true,
};

it("docs/directories.md shows the rules that the code applies", () => {
  const page = `${root}docs/directories.md`;
  const text = readFileSync(page, "utf8");
  const written = Object.entries(TABLES).reduce(
    (all, [heading, isListed]) =>
      all.replace(new RegExp(`(### ${heading}\n\n)[^#]*`), (_, start: string) => `${start}${renderTable(isListed)}\n`),
    text,
  );
  if (process.env["UPDATE_DOCS"]) writeFileSync(page, `${written.trim()}\n`);
  expect(readFileSync(page, "utf8")).toBe(`${written.trim()}\n`);
});

function renderTable(isListed: (rule: DirectoryRule) => boolean): string {
  const rows = Object.entries(DIRECTORY_RULES)
    .filter(([, rule]) => isListed(rule))
    .map(([id, { rule, sources }]) => `| \`${id}\` | ${rule} | ${linkTo(sources)} |\n`);
  return `| rule | what it says | directories |\n|---|---|---|\n${rows.join("")}`;
}

function linkTo(sources: DirectoryRule["sources"]): string {
  return (Object.entries(sources) as [DirectoryName, string][])
    .map(([directory, source]) => `[${DIRECTORIES[directory]}](${source})`)
    .join(", ");
}
