import { readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
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

function compilePublishedSchema(): ValidateFunction {
  const page = JSON.parse(
    readFileSync(new URL("../../../../docs/artifact.schema.json", import.meta.url), "utf8"),
  ) as object;
  return new Ajv2020({ strict: false, formats: { "uri-reference": true, uri: true, regex: true } }).compile(page);
}

describe("the artifact", () => {
  it("follows its published schema", () => {
    const validate = compilePublishedSchema();
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
        formatVersion: 2,
        services: { B: { tools: { t: { inputSchema: { type: "array" } } }, resources: {}, prompts: {} } },
      }),
    ).toBe(false);
    expect(
      validate({
        formatVersion: 2,
        services: {
          B: { tools: { t: { inputSchema: { type: "object", required: 1 } } }, resources: {}, prompts: {} },
        },
      }),
    ).toBe(false);
  });

  it("lists the servers of a project as clients see them, sorted, and numbers those of the same name", () => {
    const service = `class Base { @tool() zero(): void {} @tool() hidden(): void {} @tool() kept(a: string): void {} }
class Notes extends Base {
  constructor(readonly db: string) { super(); }
  override hidden(): void {}
  /** Adds. */ @tool({ title: "Add", icons: [{ src: "https://x.org/a.png" }], meta: { a: 1 }, annotations: { readOnlyHint: true } }) addNote(a: string): { b: number } { return { b: a.length }; }
  @resource("x://all", { mimeType: "text/plain", size: 3 }) all(): string { return ""; }
  @resource("x://{id}", "one") byId(id: string): string { return id; }
  /** Asks. @param topic What */ @prompt() askIt(topic: string, about?: string): string { return topic + about; }
}`;
    const call = (options: string): string =>
      `createServer({ name: "notes", version: "1", ${options}, services: [new Notes("a")] })`;
    using project = createStubProject({
      "a.ts": `import { createServer, prompt, resource, tool } from "methodic";\n${service}\nexport default ${call('title: "T", instructions: "Do." + " It.", naming: "snake_case"')};\nexport { Notes };\n`,
      "b.ts": `import { createServer } from "methodic";\nimport { Notes } from "./a.js";\nconst server = ${call('naming: "as-is"')};\nexport { server as default };\n`,
      "c.ts": 'export { default } from "./b.js";\nexport class Unused {}\n',
      "d.ts": 'import server from "./a.js";\nexport default { server };\n',
    });
    const { servers, computedServers, services, diagnostics, stats, places } = compileProject({ root: project.root });
    expect(computedServers).toEqual([]);
    // An override without a decorator is not published, and a warning says so.
    expect(diagnostics.filter(({ code }) => code !== "MTD202")).toMatchObject([
      { code: "MTD157", severity: "warning" },
    ]);
    const schema = (name: string): object => ({
      type: "object",
      properties: { [name]: { type: "string" } },
      required: [name],
      additionalProperties: false,
    });
    expect(servers["notes"]).toEqual({
      title: "T",
      instructions: "Do. It.",
      tools: {
        add_note: {
          title: "Add",
          description: "Adds.",
          icons: [{ src: "https://x.org/a.png" }],
          _meta: { a: 1 },
          annotations: { title: "Add", readOnlyHint: true },
          inputSchema: schema("a"),
          outputSchema: { type: "object", properties: { b: { type: "number" } }, required: ["b"] },
        },
        kept: { title: "Kept", annotations: { title: "Kept" }, inputSchema: schema("a") },
        zero: {
          title: "Zero",
          annotations: { title: "Zero" },
          inputSchema: expect.objectContaining({ type: "object" }) as unknown,
        },
      },
      resources: { "x://all": { name: "all", title: "All", mimeType: "text/plain", size: 3 } },
      resourceTemplates: { "x://{id}": { name: "one", title: "One" } },
      prompts: {
        ask_it: {
          title: "Ask it",
          description: "Asks.",
          arguments: { about: { required: false }, topic: { description: "What", required: true } },
        },
      },
    });
    expect(Object.keys(servers["notes"]?.tools ?? {})).toEqual(["add_note", "kept", "zero"]);
    expect(Object.keys(servers)).toEqual(["notes", "notes_2"]);
    expect(Object.keys(servers["notes_2"]?.prompts ?? {})).toEqual(["askIt"]);
    expect(stats).toMatchObject({ servers: 2, services: 2, tools: 6, resources: 4, prompts: 2 });
    expect(places["notes tools add_note"]).toEqual({ file: "a.ts", line: 6, column: expect.any(Number) as number });
    const artifact = JSON.parse(artifactText(services, servers)) as Artifact;
    expect(artifact).toEqual({ formatVersion: 2, servers });
    expect(compilePublishedSchema()(artifact)).toBe(true);
  });

  it.each([
    ["its services", "[...[Notes].filter(Boolean)]", ""],
    ["its services", "list", "const list: object[] = [];\nlist.push(Notes);"],
    ["its services", "list", "let list = [Notes];"],
    ["all components of Mixed", "[Mixed]", "declare function mix(): new () => { a: 1 };\nclass Mixed extends mix() {}"],
    ["its naming", "[Notes], naming: (name: string) => name", ""],
    ["its options", "[Notes], ...JSON.parse('{}')", ""],
    ["its instructions", "[Notes], instructions: String(1)", ""],
    ["title of Notes.titled", "[Notes]", ""],
    ["uri of Notes.computed", "[Notes]", ""],
    ["inputSchema of Notes.library", "[Notes]", ""],
    ["options of Notes.options", "[Notes]", ""],
  ])("leaves a server to be loaded if only the program knows %s", (computed, services, before) => {
    const name = /\.(\w+)$/.exec(computed)?.[1] ?? "none";
    const members = {
      none: "@tool() none(): void {}",
      titled: "@tool({ title: String(1) }) titled(): void {}",
      computed: "@resource(`${String(1)}://a`) computed(): string { return ''; }",
      library: "@tool({ inputSchema: library }) library(input: { a: string }): void {}",
      options: "@tool(options()) options(): void {}",
    };
    const source = `import { createServer, resource, tool } from "methodic";
declare const library: { readonly vendor: string };
declare function options(): { title?: string };
class Notes { ${members[name as keyof typeof members]} }
${before}
export default createServer({ name: "notes", version: "1", services: ${services} });
`;
    using project = createStubProject({ "s.ts": source });
    const { servers, computedServers } = compileProject({ root: project.root, keepGoing: true });
    expect({ servers, computedServers }).toEqual({
      servers: {},
      computedServers: [{ file: "s.ts", line: expect.any(Number) as number, column: 1, computed }],
    });
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
        add: {
          name: "add_it",
          description: "Adds it.",
          inputSchema: { type: "object", properties: {}, additionalProperties: false },
        },
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
