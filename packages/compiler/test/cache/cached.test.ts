import {
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { describe, expect, it, vi } from "vitest";
import { generateArtifact, type GeneratedArtifact, type GenerateOptions } from "../../src/build/generate.ts";
import { Disk } from "../../src/project/disk.ts";
import { findChange, type Inputs } from "../../src/project/inputs.ts";
import { createStubProject } from "../fixtures/stub-project.ts";
import type { TemporaryProject } from "../../../../fixtures/project.ts";

const FILES = {
  "tsconfig.base.json": { compilerOptions: { target: "ES2022", lib: ["ES2022"], module: "NodeNext", strict: true } },
  "tsconfig.json": { extends: "./tsconfig.base.json", include: ["src"] },
  "src/service.ts": `import { tool } from "methodic";
import type { Shape } from "./shapes.js";
import type { Extern } from "extern";
import type { Plain } from "./plain.js";
import type { Later } from "./later.js";
export class Service {
  /** Draws. */
  @tool() draw(shape: Shape, extern: Extern, plain: Plain): string { return shape.kind + extern.id + plain.text; }
  @tool() later(value: Later): void {}
  @tool() stray(value: Stray): void {}
}
`,
  "src/shapes.ts": "export interface Shape { kind: 'circle' | 'square' }\n",
  "src/plain.d.ts": "export interface Plain { text: string }\n",
  "src/globals.d.ts": "interface Stray { at: number }\n",
  "node_modules/extern/package.json": { name: "extern", version: "1.0.0", types: "index.d.ts" },
  "node_modules/extern/index.d.ts": "export interface Extern { id: string }\n",
  "node_modules/extern/other.d.ts": "export interface Extern { id: number }\n",
  "linked-a/package.json": { name: "linked", types: "index.d.ts" },
  "linked-b/package.json": { name: "linked", types: "index.d.ts" },
  "linked-a/index.d.ts": "export interface Linked { a: string }\n",
  "linked-b/index.d.ts": "export interface Linked { b: string }\n",
};

const edit = (file: string, from: string, to: string) => (project: TemporaryProject) => {
  const fileName = path.join(project.root, file);
  const text = readFileSync(fileName, "utf8");
  expect(text).toContain(from);
  writeFileSync(fileName, text.replace(from, to));
};

const add = (file: string, content: string | object) => (project: TemporaryProject) =>
  project.writeFiles({ [file]: content });

/** Changes of a project that invalidate its result. */
const CHANGES: Readonly<Record<string, (project: TemporaryProject) => void>> = {
  "a type in another file": edit("src/shapes.ts", "'square'", "'oval'"),
  "a type in another file, with the time of long ago": (project) => {
    edit("src/shapes.ts", "'square'", "'oval'")(project);
    utimesSync(path.join(project.root, "src/shapes.ts"), new Date(0), new Date(0));
  },
  "a comment": edit("src/service.ts", "Draws.", "Paints."),
  "a new file": add("src/more.ts", 'import { tool } from "methodic";\nexport class More { @tool() more(): void {} }\n'),
  "a new file in a new folder": add(
    "src/deep/er/more.ts",
    'import { tool } from "methodic";\nexport class More { @tool() more(): void {} }\n',
  ),
  "a deleted file": (project) => unlinkSync(path.join(project.root, "src/globals.d.ts")),
  "a renamed file": (project) =>
    renameSync(path.join(project.root, "src/service.ts"), path.join(project.root, "src/renamed.ts")),
  "an import that is found at last": add("src/later.ts", "export interface Later { at: string }\n"),
  "a source that comes before a declaration": add("src/plain.ts", "export interface Plain { other: string }\n"),
  "the tsconfig": edit("tsconfig.json", '["src"]', '["src/shapes.ts"]'),
  "the base of the tsconfig": edit(
    "tsconfig.base.json",
    '"strict":true',
    '"strict":true,"exactOptionalPropertyTypes":true,"types":["none"]',
  ),
  "a package's types": edit("node_modules/extern/index.d.ts", "string", "boolean"),
  "a package's package.json": edit("node_modules/extern/package.json", "index.d.ts", "other.d.ts"),
  "a package's types, of the same length and with the time of before": (project) => {
    const fileName = path.join(project.root, "node_modules/extern/index.d.ts");
    const { atime, mtime } = statSync(fileName);
    edit("node_modules/extern/index.d.ts", "string", "number")(project);
    utimesSync(fileName, atime, mtime);
  },
  "a package that is nearer": (project) => {
    add("src/node_modules/extern/package.json", { name: "extern", types: "index.d.ts" })(project);
    add("src/node_modules/extern/index.d.ts", "export interface Extern { near: true }\n")(project);
  },
  "a package that is gone": (project) => rmSync(path.join(project.root, "node_modules/extern"), { recursive: true }),
  "new global types": (project) => {
    add("node_modules/@types/late/package.json", { name: "@types/late", types: "index.d.ts" })(project);
    add("node_modules/@types/late/index.d.ts", "interface Stray { late: string }\n")(project);
  },
  "the kind of module": add("package.json", { name: "fixture", type: "commonjs" }),
};

/** Changes without effect. */
const NO_CHANGES: Readonly<Record<string, (project: TemporaryProject) => void>> = {
  "a touched file": (project) => utimesSync(path.join(project.root, "src/shapes.ts"), new Date(), new Date()),
  "a file that was written anew as it was": (project) => edit("src/shapes.ts", "square", "square")(project),
  "a file outside the project": add("README.md", "# Read me\n"),
  "an artifact next to the tsconfig": add("mcp.json", {}),
};

function generate(project: TemporaryProject, options: Partial<GenerateOptions> = {}): Promise<GeneratedArtifact> {
  return generateArtifact({ root: project.root, keepGoing: true, ...options });
}

/** Moves the clock an hour ahead, so that a new project counts as old. */
function anHourLater(): Disposable {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 3_600_000 });
  return { [Symbol.dispose]: () => vi.useRealTimers() };
}

async function generateTwice(project: TemporaryProject): Promise<GeneratedArtifact> {
  const first = await generate(project);
  const second = await generate(project);
  expect([first.fromCache, second.fromCache]).toEqual([false, true]);
  expect({ ...second, fromCache: false }).toEqual(first);
  return first;
}

describe("generateArtifact", () => {
  it.each(Object.entries(CHANGES))("compiles again after a change: %s", async (_change, apply) => {
    using project = createStubProject(FILES);
    await generateTwice(project);
    apply(project);
    const fresh = await generate(project, { cache: false });
    const after = await generate(project);
    expect(after).toEqual(fresh);
    expect({ ...(await generate(project)), fromCache: false }).toEqual(fresh);
  });

  it.each(Object.entries(CHANGES).filter(([change]) => change.includes("package")))(
    "is not given after a change, though files are old enough to be known by their stamps: %s",
    async (_change, apply) => {
      using project = createStubProject(FILES);
      using _later = anHourLater();
      await generateTwice(project);
      apply(project);
      const fresh = await generate(project, { cache: false });
      expect(await generate(project)).toEqual(fresh);
      expect({ ...(await generate(project)), fromCache: false }).toEqual(fresh);
    },
  );

  it.each(Object.entries(NO_CHANGES))("uses the cache after %s", async (_change, apply) => {
    using project = createStubProject(FILES);
    const first = await generateTwice(project);
    apply(project);
    const again = await generate(project);
    expect(again).toEqual({ ...first, fromCache: true });
  });

  it("compiles again while a link has another target", async () => {
    using project = createStubProject({
      ...FILES,
      "src/linked.ts":
        'import { tool } from "methodic";\nimport type { Linked } from "linked";\nexport class L { @tool() l(linked: Linked): void {} }\n',
    });
    const link = path.join(project.root, "node_modules/linked");
    const leadTo = (target: string): void => {
      rmSync(link, { force: true });
      symlinkSync(path.join(project.root, target), link, "junction");
    };
    leadTo("linked-a");
    const first = await generateTwice(project);
    leadTo("linked-b");
    const other = await generate(project);
    expect(other.fromCache).toBe(false);
    expect(other.text).not.toBe(first.text);
    leadTo("linked-a");
    expect((await generate(project)).text).toBe(first.text);
  });

  it("repeats diagnostics exactly for all options", async () => {
    using project = createStubProject(FILES);
    const all = await generateTwice(project);
    expect(all.diagnostics.map(({ code }) => code)).toEqual(["MTD110"]);
    const kept = await generate(project, { keepGoing: false });
    expect(kept.fromCache).toBe(false);
    expect(kept.text).not.toBe(all.text);
    const one = await generate(project, { files: ["src/shapes.ts"] });
    expect(one).toMatchObject({ fromCache: false, stats: { files: 1 } });
    expect(await generate(project, { keepGoing: false })).toEqual({ ...kept, fromCache: true });
  });

  it("does not use the cache if it is turned off", async () => {
    using project = createStubProject(FILES);
    await generateTwice(project);
    expect((await generate(project, { cache: false })).fromCache).toBe(false);
    vi.stubEnv("METHODIC_CACHE", "0");
    expect((await generate(project)).fromCache).toBe(false);
    vi.unstubAllEnvs();
  });
});

describe("the stamp of an installed file", () => {
  const TYPES = "node_modules/extern/index.d.ts";

  it("is used only once the file is old enough", () => {
    using project = createStubProject(FILES);
    const fileName = path.join(project.root, TYPES);
    const read = (): Inputs => {
      const disk = new Disk();
      disk.readFile(fileName);
      return disk.inputs();
    };
    const asIfChanged = (inputs: Inputs): Inputs => ({ ...inputs, texts: { [fileName]: "another hash" } });
    expect(findChange(asIfChanged(read()))).toBe(fileName);
    using _later = anHourLater();
    const setTime = (): void => utimesSync(fileName, 0, 0);
    setTime();
    const inputs = read();
    expect(findChange(asIfChanged(inputs))).toBeUndefined();
    writeFileSync(fileName, "export interface Extern { id: number }\n");
    setTime();
    expect(findChange(inputs)).toBe(fileName);
  });

  it("is replaced after the file was read again", async () => {
    using project = createStubProject(FILES);
    using _later = anHourLater();
    await generateTwice(project);
    const folder = path.join(project.root, "node_modules/.cache/methodic");
    const entry = (): string => readFileSync(path.join(folder, readdirSync(folder)[0] ?? ""), "utf8");
    const before = entry();
    utimesSync(path.join(project.root, TYPES), new Date(0), new Date(0));
    expect((await generate(project)).fromCache).toBe(true);
    const renewed = entry();
    expect(renewed).not.toBe(before);
    expect((await generate(project)).fromCache).toBe(true);
    expect(entry()).toBe(renewed);
  });
});

describe("ResultCache", () => {
  const folderOf = (project: TemporaryProject): string => path.join(project.root, "node_modules/.cache/methodic");

  it.each([
    ["is empty", () => ""],
    ["was cut off", (text: string) => text.slice(0, text.length - 20)],
    ["was changed", (text: string) => text.replace("circle", "sphere")],
    ["has another format", () => '{"version":99}'],
  ])("ignores and replaces an entry that %s", async (_what, spoil) => {
    using project = createStubProject(FILES);
    const first = await generateTwice(project);
    const [name = ""] = readdirSync(folderOf(project));
    const fileName = path.join(folderOf(project), name);
    writeFileSync(fileName, spoil(readFileSync(fileName, "utf8")));
    expect(await generate(project)).toEqual(first);
    expect((await generate(project)).fromCache).toBe(true);
  });

  it("does not return the entry of another request", async () => {
    using project = createStubProject(FILES);
    await generateTwice(project);
    const [mine = ""] = readdirSync(folderOf(project));
    await generate(project, { keepGoing: false });
    const [other = ""] = readdirSync(folderOf(project)).filter((name) => name !== mine);
    renameSync(path.join(folderOf(project), mine), path.join(folderOf(project), other));
    expect((await generate(project, { keepGoing: false })).fromCache).toBe(false);
  });

  it("ignores entries that cannot be written", async () => {
    using project = createStubProject(FILES);
    mkdirSync(path.join(project.root, "node_modules/.cache"));
    writeFileSync(path.join(project.root, "node_modules/.cache/methodic"), "a file where the folder should be");
    const first = await generate(project);
    expect(await generate(project)).toEqual(first);
  });

  it("limits the number of entries", async () => {
    using project = createStubProject(FILES);
    mkdirSync(folderOf(project), { recursive: true });
    for (let number = 0; number < 80; number++) {
      const fileName = path.join(folderOf(project), `old-${number}.entry`);
      writeFileSync(fileName, "");
      utimesSync(fileName, new Date(0), new Date(number));
    }
    await generateTwice(project);
    expect(readdirSync(folderOf(project)).length).toBe(50);
  });
});
