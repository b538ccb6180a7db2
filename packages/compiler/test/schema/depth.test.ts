import { expect, test } from "vitest";
import { compileFiles, inputSchemaOf } from "./compile-files.ts";

const LEVELS = 3000;

function service(declarations: string, type: string): string {
  return `import { tool } from "methodic";\n${declarations}\nexport class S {\n  @tool() bad(x: ${type}): void {}\n  @tool() good(x: string): void {}\n}\n`;
}

/** Declarations that each refer to the one before. */
function chain(first: string, next: (name: string, before: string) => string): string {
  const rest = Array.from({ length: LEVELS }, (_, index) => next(`T${index + 1}`, `T${index}`));
  return [first, ...rest].join("\n");
}

test.each([
  [
    "interfaces in interfaces",
    chain("interface T0 { a: string }", (name, before) => `interface ${name} { a: ${before} }`),
  ],
  ["arrays of arrays", chain("type T0 = string;", (name, before) => `type ${name} = ${before}[];`)],
  ["aliases of aliases", chain("type T0 = string;", (name, before) => `type ${name} = ${before};`)],
  [
    "interfaces from interfaces",
    chain("interface T0 { a: string }", (name, before) => `interface ${name} extends ${before} { ${name}: string }`),
  ],
])("thousands of %s are rejected without affecting other types", (_, declarations) => {
  const { members, diagnostics } = compileFiles({ "s.ts": service(declarations, `T${LEVELS}`) });
  expect(diagnostics).toMatchObject([{ code: "MTD109", severity: "error", file: "s.ts" }]);
  expect([...members.keys()]).toEqual(["S.good"]);
});

test("a type with too many properties is rejected, with the part that has them", () => {
  const large = Array.from({ length: 50_001 }, (_, i) => `p${i}: 1;`).join(" ");
  const { members, diagnostics } = compileFiles({
    "s.ts": service(`interface Large { ${large} }\ninterface Outer { a: string; large: Large }`, "Outer"),
  });
  expect(diagnostics.map(({ code, message }) => `${code} ${message}`)).toEqual([
    "MTD109 S.bad: at x.large: the schema has more than 50000 properties.",
  ]);
  expect([...members.keys()]).toEqual(["S.good"]);
});

test("a file that TypeScript cannot parse is rejected without affecting other files", () => {
  const nested = "{ a: ".repeat(LEVELS) + "string" + " }".repeat(LEVELS);
  const { members, diagnostics } = compileFiles({
    "deep.ts": service("", nested),
    "flat.ts": service("", "number").replace("class S", "class Flat"),
  });
  expect(diagnostics).toMatchObject([{ code: "TS2589", severity: "error", file: "deep.ts" }]);
  expect([...members.keys()]).toEqual(["Flat.bad", "Flat.good"]);
});

test("a tuple with thousands of elements is written out", () => {
  const { members, diagnostics } = compileFiles({
    "s.ts": service("", `[${Array.from({ length: LEVELS }, () => "string").join(", ")}]`),
  });
  expect(diagnostics).toEqual([]);
  expect(inputSchemaOf(members.get("S.bad")?.data).properties?.["x"]).toMatchObject({
    type: "array",
    minItems: LEVELS,
  });
});

test("the path to a deeply nested problem is shortened", () => {
  const nested = "{ a: ".repeat(60) + "symbol" + " }".repeat(60);
  const { diagnostics } = compileFiles({ "s.ts": service("", nested) });
  expect(diagnostics[0]?.message).toContain("at x.a.a.a.a.a.a.a.….a.a.a.a.a.a.a.a: type 'symbol'");
});
