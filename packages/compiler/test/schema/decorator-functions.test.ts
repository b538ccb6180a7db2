import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { compileServices, loadProject, type CompiledMember, type Diagnostic } from "../../src/index.ts";
import type { TemporaryProject } from "../../../../fixtures/project.ts";
import { createStubProject } from "../fixtures/stub-project.ts";

const HELPERS = `import * as m from "methodic";
import { prompt, resource, tool as original } from "methodic";
export { tool as expose } from "methodic";
type Options = { title?: string; name?: string; annotations?: object };
export const READ_ONLY = { readOnlyHint: true } as const;
export const readTool = (options?: Options) => original({ ...options, annotations: READ_ONLY });
export function named(name: string, title = "No title") { return m.tool({ name, title }); }
export const doc = (path: string) => resource(\`docs://\${path}\`, { mimeType: "text/plain" });
export const presets = { plain: original(), titled(title: string) { return prompt({ title }); } };
export class Decorators { static read(title: string) { return readTool({ title }); } }
export const curried = (prefix: string) => (name: string) => original({ name: \`\${prefix}_\${name}\` });
export const logged = (method: any, context: any): void => {};
export const compose = (...all: ((...args: any[]) => any)[]) => (...args: any[]): void => { for (const one of all) one(...args); };
export function direct(method: any, context: any): void { original({ title: "Direct" })(method, context); }
export const applied = (title: string) => (...args: [any, any]): void => { logged(...args); original({ title })(...args); };
export const either = (open: boolean) => (open ? original({ title: "Open" }) : original());
export const held: typeof original = original;
`;

/** Decorators, with the kind and the options that are read from each. */
const RECOGNIZED: readonly (readonly [decorator: string, kind: string, options: object])[] = [
  ["@readTool()", "tool", { annotations: { readOnlyHint: true } }],
  ['@readTool({ title: "T" })', "tool", { title: "T", annotations: { readOnlyHint: true } }],
  ["@readTool(shared)", "tool", { title: "Shared", annotations: { readOnlyHint: true } }],
  ['@named("first")', "tool", { name: "first", title: "No title" }],
  ['@h.named("first", "Second")', "tool", { name: "first", title: "Second" }],
  ['@doc("intro")', "resource", { uri: "docs://intro", mimeType: "text/plain" }],
  ["@presets.plain", "tool", {}],
  ['@presets.titled("T")', "prompt", { title: "T" }],
  ['@Decorators.read("T")', "tool", { title: "T", annotations: { readOnlyHint: true } }],
  ['@curried("a")("b")', "tool", { name: "a_b" }],
  ['@compose(logged, readTool({ title: "T" }))', "tool", { title: "T", annotations: { readOnlyHint: true } }],
  ["@direct", "tool", { title: "Direct" }],
  ['@applied("T")', "tool", { title: "T" }],
  ["@either(true)", "tool", { computed: ["options"] }],
  ['@expose("name")', "tool", { name: "name" }],
  ["@expose", "tool", {}],
  ['@held({ title: "T" })', "tool", { title: "T" }],
  ["@local", "tool", { title: "Local" }],
];

const IMPORTS = `import { compose, curried, Decorators, direct, applied, doc, either, expose, held, logged, named, presets, readTool } from "./helpers.ts";
import * as h from "./helpers.ts";
import { tool } from "methodic";
const shared = { title: "Shared" };
const local = ((title: string) => tool({ title }))("Local");
export { h, shared, local, tool };
`;

let project: TemporaryProject;
let members: ReadonlyMap<string, CompiledMember>;
let diagnostics: readonly Diagnostic[];

const OPAQUE = `import { prompt, tool } from "methodic";
import { packaged } from "decorators";
const expose = (asTool: boolean) => (asTool ? tool() : prompt());
declare const given: ReturnType<typeof tool>;
export class S {
  @expose(true) either(): string { return ""; }
  @packaged() packaged(): void {}
  @given given(): void {}
}
`;

beforeAll(() => {
  const classes = RECOGNIZED.map(
    ([decorator], index) => `export class S${index} {\n  ${decorator} run(): string { return ""; }\n}\n`,
  );
  project = createStubProject({
    "helpers.ts": HELPERS,
    "services.ts": `${IMPORTS}${classes.join("")}`,
    "opaque.ts": OPAQUE,
    "misspelled.ts": `import { readTool } from "./helpers.ts";\nexport class S { @readTool({ titel: "T" } as {}) run(): void {} }\n`,
    "plain.ts": `import { logged, READ_ONLY } from "./helpers.ts";\nexport class S { @logged run(): void {} }\nexport { READ_ONLY };\n`,
    "node_modules/decorators/package.json": {
      name: "decorators",
      version: "1.0.0",
      type: "module",
      types: "index.d.ts",
    },
    "node_modules/decorators/index.d.ts":
      'import { tool } from "methodic";\nexport declare const packaged: () => ReturnType<typeof tool>;\n',
  });
  const { services, diagnostics: found } = compileServices(loadProject({ root: project.root }));
  diagnostics = found;
  members = new Map(
    services.flatMap(({ className, members: own }) => [...own].map(([, member]) => [className, member])),
  );
});

afterAll(() => project[Symbol.dispose]());

describe("decorators that the project's own functions make", () => {
  it.each(RECOGNIZED.map(([decorator, kind, options], index) => ({ decorator, kind, options, name: `S${index}` })))(
    "are recognized with their options: $decorator",
    ({ kind, options, name }) => {
      const member = members.get(name);
      expect([member?.data.kind, member?.options]).toEqual([kind, options]);
    },
  );

  it("are rejected if the compiler cannot read which component they make", () => {
    const found = diagnostics.filter(({ file }) => file === "opaque.ts");
    expect(found.map(({ line, column, code, message }) => `${line}:${column} ${code} ${message}`)).toEqual([
      "6:3 MTD158 S.either: '@expose(true)' makes the method a component, but the compiler cannot determine which kind.",
      "7:3 MTD158 S.packaged: '@packaged()' makes the method a component, but the compiler cannot determine which kind.",
      "8:3 MTD158 S.given: '@given' makes the method a component, but the compiler cannot determine which kind.",
    ]);
  });

  it("have their options checked where they are used", () => {
    const found = diagnostics.filter(({ file }) => file === "misspelled.ts");
    expect(found.map(({ line, column, message }) => `${line}:${column} ${message}`)).toEqual([
      "2:30 S.run: unknown option of @tool: 'titel'.",
    ]);
  });

  it("cause no other problems, and decorators from elsewhere are ignored", () => {
    expect(diagnostics.filter(({ file }) => file !== "opaque.ts" && file !== "misspelled.ts")).toEqual([]);
  });
});
