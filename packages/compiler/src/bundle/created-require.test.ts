import { describe, expect, it } from "vitest";
import { rewriteCreatedRequire } from "./created-require.ts";

const IMPORT = 'import { createRequire } from "node:module";';
const rewrite = (body: string): string | undefined =>
  rewriteCreatedRequire("a.ts", `${IMPORT} ${body}`)?.slice(IMPORT.length + 1);

describe("rewriteCreatedRequire", () => {
  it.each([
    ['createRequire(import.meta.url)("./a.json");', 'require("./a.json");'],
    [
      'const load = createRequire(import.meta.url); load("./a.json"); load(name);',
      'const load = createRequire(import.meta.url); require("./a.json"); load(name);',
    ],
    [
      'const require = createRequire(import.meta.url); require("a"); require.resolve("b"); x.require("c"); ({ require });',
      'const require$created = createRequire(import.meta.url); require("a"); require$created.resolve("b"); x.require("c"); ({ require: require$created });',
    ],
    [
      'const require = createRequire(import.meta.url); const f = () => require("a") as A; export { require };',
      'const require$created = createRequire(import.meta.url); const f = () => require("a") as A; export { require$created as require };',
    ],
  ])("rewrites %s", (body, expected) => {
    expect(rewrite(body)).toBe(expected);
  });

  it.each([
    ["a computed path", "createRequire(import.meta.url)(name);"],
    ["a base other than the module", 'createRequire(process.cwd())("./a.json");'],
    ["a name with two declarations", 'const load = createRequire(import.meta.url); (load) => load("a");'],
    ["a variable that may be reassigned", 'let load = createRequire(import.meta.url); load("a");'],
    ["a module that loads nothing", "const require = createRequire(import.meta.url); require.resolve('a');"],
  ])("leaves %s alone", (_, body) => {
    expect(rewrite(body)).toBeUndefined();
  });

  it("recognizes createRequire under an alias, and only if it is imported from Node", () => {
    const renamed = 'import { createRequire as make } from "module"; make(import.meta.url)("a");';
    expect(rewriteCreatedRequire("a.mjs", renamed)).toBe(
      'import { createRequire as make } from "module"; require("a");',
    );
    expect(
      rewriteCreatedRequire("a.ts", 'import { createRequire } from "./mine.ts"; createRequire(import.meta.url)("a");'),
    ).toBeUndefined();
  });
});
