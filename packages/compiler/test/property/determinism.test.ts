import { expect, test } from "vitest";
import { artifactText, compileProject } from "../../src/index.ts";
import { createStubProject } from "../fixtures/stub-project.ts";
import { sourceOf } from "./compiled-types.ts";
import { SEED, writeTypes } from "./random-types.ts";

const FILES: Readonly<Record<string, string>> = Object.fromEntries(
  writeTypes(40, SEED + 1).map((type, index) => [`src/case-${index}.ts`, sourceOf(type)]),
);
const NAMES: readonly string[] = Object.keys(FILES);
const FEW = 6;

/** Returns the artifact's text for each service of a project with these files. */
function compile(names: readonly string[]): Record<string, string> {
  const compilerOptions = { target: "ES2022", lib: ["ES2023"], module: "NodeNext", strict: true, types: [] };
  using project = createStubProject({
    ...Object.fromEntries(names.map((name) => [name, FILES[name] ?? ""])),
    "tsconfig.json": { compilerOptions, files: names },
  });
  const { services } = compileProject({ root: project.root, keepGoing: true });
  return Object.fromEntries(Object.entries(services).map(([key, service]) => [key, artifactText({ [key]: service })]));
}

const together = compile(NAMES);

test("most types compile", () => {
  expect(Object.keys(together).length).toBeGreaterThan(NAMES.length * 0.9);
});

test("schemas do not depend on the order of the files", () => {
  expect(compile([...NAMES].reverse())).toEqual(together);
});

test.each(Object.keys(together).slice(0, FEW))("%s has the same schema without the other files", (key) => {
  const [name = ""] = key.split("#");
  expect(compile([name])).toEqual({ [key]: together[key] });
});

test.each(Object.keys(together).slice(-FEW))("%s has the same schema with half of the other files", (key) => {
  const [name = ""] = key.split("#");
  const others = NAMES.filter((other, index) => index % 2 === 0 && other !== name);
  expect(compile([...others, name])[key]).toBe(together[key]);
});
