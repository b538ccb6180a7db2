import { readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { artifactText, compileProject, compileServices, loadProject, type Artifact } from "../../src/index.ts";
import { describeServices } from "../../src/artifact.ts";
import { BASIC } from "./constructs/basic.ts";
import { CHECKED } from "./constructs/checked.ts";
import { createStubProject } from "../fixtures/stub-project.ts";
import type { ProjectFiles } from "../../../../fixtures/project.ts";

const SHARED = `
export interface Paged<T> { items: T[]; mode: "z" | "a" }
export type Level = "high" | "low" | "mid";
export interface Chain<T> { value: T; next?: Chain<T> }
export interface A { b?: B; level: Level }
export interface B { a?: A; keys: keyof A }
`;

/** Files that use the same types in different orders: the first read must not affect the others. */
function sharingFiles(): ProjectFiles {
  const uses = [
    "x: A, y: B",
    "y: B, x: A",
    'p: Paged<"low" | "zzz">, q: Pick<A, "level" | "b">',
    'r: Record<"mid" | "high" | "a", B>',
    "e: Exclude<Level, 'low'>, i: A & { more: B }",
    'c: Chain<"mid" | "zzz" | "low">, d: Chain<{ v: "b" } | { v: "a" }>',
    'l: "zzz" | "low" | "mid", c: Chain<"zzz" | "low" | "mid">, d: Chain<{ v: "a" } | { v: "b" }>',
  ];
  const files = uses.map((parameters, index) => [
    `src/use-${index}.ts`,
    `import { tool, prompt, resource } from "methodic";\nimport type { A, B, Chain, Level, Paged } from "./shared.js";\nexport class Service {\n  /** Runs. */\n  @tool({ name: "run_${index}", annotations: { readOnlyHint: true } }) run(${parameters}) { return { x: null as never as A, level: null as never as Level | "new" }; }\n  @resource("a://${index}/{id}", { mimeType: "text/plain" }) read(id: string): string { return id; }\n  @prompt() /* ask */ ask(/** What */ topic: string, tone?: Level): string { return topic; }\n}\n`,
  ]);
  return { ...Object.fromEntries(files), "src/shared.ts": SHARED };
}

describe("the artifact", () => {
  it("follows its published schema", () => {
    const page = JSON.parse(
      readFileSync(new URL("../../../../docs/artifact.schema.json", import.meta.url), "utf8"),
    ) as object;
    const validate = new Ajv2020({ strict: false, formats: { "uri-reference": true, uri: true, regex: true } }).compile(
      page,
    );
    const constructs = [...BASIC, ...CHECKED].filter(({ files }) => !files);
    const source = constructs.map(
      ({ before = "", parameters }, index) =>
        `namespace n${index} {\n${before}\nexport class S${index} { @tool() run(${parameters}): void {} }\n}`,
    );
    using project = createStubProject({
      ...sharingFiles(),
      "all.ts": `import { tool } from "methodic";\n${source.join("\n")}\nexport {};`,
    });
    const artifact = JSON.parse(
      artifactText(compileProject({ root: project.root, keepGoing: true }).services),
    ) as Artifact;
    expect(Object.keys(artifact.services).length).toBeGreaterThan(100);
    expect(validate(artifact), JSON.stringify(validate.errors)).toBe(true);
    // The schema does not accept everything.
    expect(validate({ ...artifact, more: 1 })).toBe(false);
    expect(
      validate({
        formatVersion: 1,
        services: { "a#B": { tools: { t: { inputSchema: { type: "array" } } }, resources: {}, prompts: {} } },
      }),
    ).toBe(false);
    expect(
      validate({
        formatVersion: 1,
        services: {
          "a#B": { tools: { t: { inputSchema: { type: "object", required: 1 } } }, resources: {}, prompts: {} },
        },
      }),
    ).toBe(false);
  });

  it("lists members as clients see them, and numbers classes of the same name", () => {
    const one = "{\n  /** Adds. */\n  @tool({ name: 'add_it', description: 'Adds it.' }) add(): void {}\n}";
    using project = createStubProject({
      "s.ts": `import { tool } from "methodic";\nexport function a() { return class Notes ${one}; }\nexport function b() { return class Notes ${one}; }`,
    });
    const { services, stats } = compileProject({ root: project.root });
    expect(Object.keys(services)).toEqual(["s.ts#Notes", "s.ts#Notes_2"]);
    expect(services["s.ts#Notes"]).toEqual({
      tools: {
        add: { name: "add_it", description: "Adds it.", inputSchema: { type: "object", additionalProperties: false } },
      },
      resources: {},
      prompts: {},
    });
    expect(stats).toMatchObject({ files: 1, services: 2, tools: 2, resources: 0, prompts: 0 });
  });

  it("is empty if there are errors, unless keepGoing is set", () => {
    using project = createStubProject({
      "s.ts":
        'import { tool } from "methodic";\nexport class S { @tool() good(): void {} @tool() bad(x: RegExp): void {} }',
    });
    const strict = compileProject({ root: project.root });
    expect([strict.services, strict.diagnostics.length]).toEqual([{}, 1]);
    const going = compileProject({ root: project.root, keepGoing: true });
    expect(Object.keys(going.services["s.ts#S"]!.tools)).toEqual(["good"]);
    expect(going.diagnostics).toEqual(strict.diagnostics);
  });
});

describe("the bytes of the artifact", () => {
  it("are the same for one file and for the whole project", () => {
    using project = createStubProject(sharingFiles());
    const whole = compileProject({ root: project.root }).services;
    expect(Object.keys(whole)).toHaveLength(7);
    for (const key of Object.keys(whole)) {
      const alone = compileProject({ root: project.root, files: [key.split("#")[0]!] }).services;
      expect(artifactText(alone)).toBe(artifactText({ [key]: whole[key]! }));
    }
  });

  it("are the same in every order of files", () => {
    using project = createStubProject(sharingFiles());
    const loaded = loadProject({ root: project.root });
    const expected = artifactText(describeServices(compileServices(loaded).services, loaded.root));
    for (let shift = 0; shift < loaded.files.length; shift++) {
      const rotated = [...loaded.files.slice(shift), ...loaded.files.slice(0, shift)];
      for (const files of [rotated, [...rotated].reverse()]) {
        const fresh = loadProject({ root: project.root });
        const order = files.map((file) => fresh.findFile(file.fileName)!);
        expect(artifactText(describeServices(compileServices(fresh, order).services, fresh.root))).toBe(expected);
      }
    }
  });

  it("are the same after type-checking", () => {
    using project = createStubProject(sharingFiles());
    const loaded = loadProject({ root: project.root });
    const expected = artifactText(compileProject({ root: project.root }).services);
    for (const file of [...loaded.files].reverse()) loaded.program.getSemanticDiagnostics(file);
    expect(artifactText(describeServices(compileServices(loaded).services, loaded.root))).toBe(expected);
  });

  it("are the same in another folder and from another working directory", () => {
    using first = createStubProject(sharingFiles());
    using second = createStubProject({ "deep/er/project/x.txt": "" });
    second.writeFiles(
      Object.fromEntries(Object.entries(sharingFiles()).map(([file, text]) => [`deep/er/project/${file}`, text])),
    );
    second.writeFiles({
      "deep/er/project/tsconfig.json": {
        compilerOptions: { strict: true, lib: ["ES2023"], types: [], module: "NodeNext" },
      },
    });
    const expected = artifactText(compileProject({ root: first.root }).services);
    expect(artifactText(compileProject({ root: `${second.root}/deep/er/project` }).services)).toBe(expected);
    expect(expected).not.toContain(tmpdir());
    const before = process.cwd();
    try {
      for (const folder of [second.root, "/", `${second.root}/deep/er`]) {
        process.chdir(folder);
        expect(artifactText(compileProject({ root: first.root }).services)).toBe(expected);
      }
    } finally {
      process.chdir(before);
    }
  });
});
