import { Ajv2020 } from "ajv/dist/2020.js";
import { expect, test } from "vitest";
import type { JsonSchema } from "methodic/manifest";
import { buildProject, compileServices, hasErrors, loadProject } from "../../src/index.ts";
import { connect } from "../../../../fixtures/stdio-client.ts";
import { createProject, type TemporaryProject } from "../../../../fixtures/project.ts";
import { sampleSubject } from "./compiled-types.ts";
import type { Json } from "./json-value.ts";
import { describeType, SEED, writeTypes } from "./random-types.ts";
import type { WrittenType } from "./type-writer.ts";

const COUNT = 25;
const TSCONFIG = {
  compilerOptions: {
    target: "ES2022",
    lib: ["ES2022"],
    module: "NodeNext",
    types: [],
    strict: true,
    skipLibCheck: true,
  },
  include: ["src"],
};

/** A tool that returns its argument, with the argument's type as its result type. */
function sourceOf({ declarations, text }: WrittenType, index: number): string {
  return `import { tool } from "methodic";
${declarations.join("\n")}
type Subject = ${text};
export class Service${index} {
  @tool() echo${index}(value: Subject, other?: null): { value: Subject } { return { value }; }
}
`;
}

function mainOf(indexes: readonly number[]): string {
  const imports = indexes.map((index) => `import { Service${index} } from "./case-${index}.js";`);
  const services = indexes.map((index) => `Service${index}`);
  return `import { createServer } from "methodic";
${imports.join("\n")}
await createServer({ name: "echo", version: "1.0.0", services: [${services.join(", ")}] }).serve();
`;
}

interface Case {
  readonly type: WrittenType;
  readonly tool: string;
  /** The schema of the validator. Clients see a published one, which may accept more. */
  readonly exact: JsonSchema;
  readonly values: readonly Json[];
}

/** Builds a server with one tool for each type that compiles. */
function buildServer(project: TemporaryProject): Case[] {
  const types = writeTypes(COUNT, SEED + 2);
  for (const [index, type] of types.entries()) project.write(`src/case-${index}.ts`, sourceOf(type, index));
  const loaded = loadProject({ root: project.root });
  const { services, diagnostics } = compileServices(loaded);
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  const indexes = [...types.keys()].filter((index) => !errors.some(({ file }) => file === `src/case-${index}.ts`));
  for (const index of types.keys()) if (!indexes.includes(index)) project.write(`src/case-${index}.ts`, "export {};\n");
  project.write("src/main.ts", mainOf(indexes));
  expect(hasErrors(buildProject({ root: project.root }).diagnostics)).toBe(false);
  const members = new Map(services.flatMap((service) => [...service.members]));
  return indexes.map((index) => {
    const subject = { file: project.path(`src/case-${index}.ts`), seed: SEED + index, count: 10 };
    const { values } = sampleSubject(loaded.program, subject);
    const tool = `echo${index}`;
    return { type: types[index] as WrittenType, tool, exact: members.get(tool)?.data.inputSchema ?? {}, values };
  });
}

/** Models sometimes send objects and arrays as JSON text. */
function sentAsText(values: readonly Json[]): string[] {
  return values.filter((value) => typeof value === "object" && value !== null).map((value) => JSON.stringify(value));
}

test("a call returns valid values unchanged and repairs or rejects invalid ones", async () => {
  using project = createProject({ "package.json": { type: "module" }, "tsconfig.json": TSCONFIG });
  const cases = buildServer(project);
  await using server = await connect(["dist/main.js"], { cwd: project.root });
  const { tools } = await server.client.listTools();
  const published = new Map(tools.map(({ name, inputSchema }) => [name, inputSchema]));
  const outcomes = { right: 0, repaired: 0, refused: 0 };
  for (const { type, tool, exact, values } of cases) {
    const isValid = new Ajv2020({ strict: false }).compile(exact);
    const isShown = new Ajv2020({ strict: false }).compile(published.get(tool) ?? false);
    for (const value of [...values, ...sentAsText(values)]) {
      const what = `${describeType(type)}\n  ${JSON.stringify(value)}`;
      const { isError, structured, text } = await server.callTool(tool, { value });
      if (isValid({ value })) {
        expect(isShown({ value }), what).toBe(true);
        expect({ structured, isError }, `${what}\n  ${text}`).toEqual({ structured: { value } });
        outcomes.right++;
      } else if (isError) {
        expect(text, what).toContain("value");
        outcomes.refused++;
      } else {
        expect(isValid(structured), what).toBe(true);
        outcomes.repaired++;
      }
    }
  }
  expect(outcomes.right).toBeGreaterThan(cases.length);
  expect(outcomes.refused).toBeGreaterThan(cases.length);
  expect(outcomes.repaired).toBeGreaterThan(0);
});
