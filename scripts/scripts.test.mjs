import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { NODE_DEPENDENT } from "./node-dependent.mjs";
import { root } from "./run.mjs";

const { scripts } = JSON.parse(readFileSync(`${root}package.json`, "utf8"));

describe("the scripts of package.json", () => {
  it("are all the commands that CONTRIBUTING.md names", () => {
    const text = readFileSync(`${root}CONTRIBUTING.md`, "utf8");
    const named = Array.from(text.matchAll(/\bnpm run ([\w:-]+)/g), ([, name]) => name);
    expect(named).not.toEqual([]);
    expect(named.filter((name) => !Object.hasOwn(scripts, name))).toEqual([]);
  });

  it("do not call a global pnpm", () => {
    expect(Object.values(scripts).filter((command) => /(?:^|\s|&)pnpm\b/.test(command))).toEqual([]);
  });
});

describe("the tests that depend on the version of Node", () => {
  it.each(Object.keys(NODE_DEPENDENT))("exist: %s", (path) => {
    const folder = path.slice(0, path.lastIndexOf("/"));
    const files = readdirSync(`${root}${folder}`, { recursive: true }).map((file) => `${folder}/${file}`);
    expect(files.filter((file) => file.startsWith(path) && file.endsWith(".test.ts"))).not.toEqual([]);
  });
});
