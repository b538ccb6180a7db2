import { expect, test } from "vitest";
import { rewriteCreatedRequire } from "./created-require.ts";

const IMPORT = 'import { createRequire } from "node:module";';
const rewrite = (body: string): string | undefined =>
  rewriteCreatedRequire("a.ts", `${IMPORT} ${body}`)?.slice(IMPORT.length + 1);

test.each([
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
])("%s", (body, expected) => {
  expect(rewrite(body)).toBe(expected);
});

test.each([
  ["a path that only running tells", "createRequire(import.meta.url)(name);"],
  ["another place than the module's", 'createRequire(process.cwd())("./a.json");'],
  ["a name that means two things", 'const load = createRequire(import.meta.url); (load) => load("a");'],
  ["a name that may change", 'let load = createRequire(import.meta.url); load("a");'],
  ["nothing to load", "const require = createRequire(import.meta.url); require.resolve('a');"],
])("leaves %s alone", (_, body) => {
  expect(rewrite(body)).toBeUndefined();
});

test("knows createRequire by the name it is imported under, and only if it is Node's", () => {
  const renamed = 'import { createRequire as make } from "module"; make(import.meta.url)("a");';
  expect(rewriteCreatedRequire("a.mjs", renamed)).toBe('import { createRequire as make } from "module"; require("a");');
  expect(
    rewriteCreatedRequire("a.ts", 'import { createRequire } from "./mine.ts"; createRequire(import.meta.url)("a");'),
  ).toBeUndefined();
});
