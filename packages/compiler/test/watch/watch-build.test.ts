import { EventEmitter, on } from "node:events";
import { existsSync, readdirSync, readFileSync, rmSync, statSync, unlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { buildProject, watchBuild, type BuildUpdate, type WatchBuildOptions } from "../../src/index.ts";
import { createStubProject } from "../fixtures/stub-project.ts";
import type { TemporaryProject } from "../../../../fixtures/project.ts";

const TSCONFIG = {
  compilerOptions: {
    target: "ES2022",
    lib: ["ES2022"],
    module: "NodeNext",
    strict: true,
    types: [],
    skipLibCheck: true,
    rootDir: "src",
    outDir: "dist",
  },
  include: ["src"],
};

const service = (type: string): string =>
  `import { tool } from "methodic";
import type { Shape } from "./shape.js";
export class Service {
  /** Acts. */
  @tool() act(value: Shape): ${type} { return value.kind; }
}
`;

const FILES = {
  "tsconfig.json": TSCONFIG,
  "src/service.ts": service("string"),
  "src/shape.ts": "export interface Shape { kind: 'circle' }\n",
};

/** Builds and watches. Tests wait for each update without a time limit. */
function startBuilding(options: Omit<WatchBuildOptions, "onUpdate">): {
  next: () => Promise<BuildUpdate>;
  /** Waits for an update that matches: one operation may cause several events and updates. */
  until: (isWanted: (update: BuildUpdate) => boolean) => Promise<BuildUpdate>;
} & Disposable {
  const events = new EventEmitter();
  const updates = on(events, "update");
  const watcher = watchBuild({ ...options, onUpdate: (update) => events.emit("update", update) });
  const next = async (): Promise<BuildUpdate> => ((await updates.next()) as { value: [BuildUpdate] }).value[0];
  return {
    next,
    until: async (isWanted) => {
      for (;;) {
        const update = await next();
        if (isWanted(update)) return update;
      }
    },
    [Symbol.dispose]: () => watcher.close(),
  };
}

/** The texts of all files below a folder. */
function readAll(folder: string): Record<string, string> {
  const names = (readdirSync(folder, { recursive: true }) as string[]).filter((name) =>
    statSync(path.join(folder, name)).isFile(),
  );
  return Object.fromEntries(names.sort().map((name) => [name, readFileSync(path.join(folder, name), "utf8")]));
}

/** Returns the output of a build from scratch. */
function buildAfresh(project: TemporaryProject): Record<string, string> {
  const outDir = path.join(project.root, "..", `${path.basename(project.root)}-afresh`);
  try {
    expect(buildProject({ root: project.root, outDir }).diagnostics).toEqual([]);
    // Source maps name their sources relative to themselves.
    return Object.fromEntries(Object.entries(readAll(outDir)).filter(([name]) => !name.endsWith(".map")));
  } finally {
    rmSync(outDir, { recursive: true, force: true });
  }
}

function readBuild(project: TemporaryProject): Record<string, string> {
  return Object.fromEntries(
    Object.entries(readAll(path.join(project.root, "dist"))).filter(([name]) => !name.endsWith(".map")),
  );
}

const OUTPUTS = ["dist/service.d.ts", "dist/service.js", "dist/service.js.map"];

describe("watchBuild", () => {
  it("writes only changed output, and writes nothing while there are errors", async () => {
    using project = createStubProject(FILES);
    using building = startBuilding({ root: project.root });
    const first = await building.next();
    expect(first).toMatchObject({ changed: [], diagnostics: [], failure: undefined, stats: { services: 1, tools: 1 } });
    expect(first.files).toEqual([...OUTPUTS, "dist/shape.d.ts", "dist/shape.js", "dist/shape.js.map"]);
    expect(readBuild(project)).toEqual(buildAfresh(project));

    project.writeFiles({ "src/shape.ts": "export interface Shape { kind: 'square' }\n" });
    const second = await building.until(({ files }) => files.length > 0);
    expect(second.changed).toContain("src/shape.ts");
    expect(second.files).toEqual(["dist/service.js", "dist/shape.d.ts"]);
    expect(readBuild(project)).toEqual(buildAfresh(project));

    const before = readBuild(project);
    project.writeFiles({ "src/service.ts": service("number") });
    const failed = await building.until(({ diagnostics }) => diagnostics.length > 0);
    expect(failed.files).toEqual([]);
    expect(failed.diagnostics.map(({ code }) => code)).toEqual(["TS2322"]);
    expect(readBuild(project)).toEqual(before);

    project.writeFiles({ "src/service.ts": service("string") });
    expect((await building.until(({ diagnostics }) => diagnostics.length === 0)).files).toEqual([]);
    expect(readBuild(project)).toEqual(before);

    rmSync(path.join(project.root, "dist"), { recursive: true });
    project.writeFiles({ "src/shape.ts": "export interface Shape { kind: 'oval' }\n" });
    expect((await building.until(({ files }) => files.length > 0)).files.length).toBe(6);
    expect(readBuild(project)).toEqual(buildAfresh(project));
  });

  it("writes the schema of a call of config again after a change of its type", async () => {
    const settings =
      'import { config } from "methodic";\nimport type { Shape } from "./shape.js";\nexport const shape = config<Shape>();\n';
    using project = createStubProject({ ...FILES, "src/settings.ts": settings });
    using building = startBuilding({ root: project.root });
    await building.next();
    expect(readBuild(project)["settings.js"]).toContain('"name":"KIND"');
    project.writeFiles({ "src/shape.ts": "export interface Shape { kind: string; size?: number }\n" });
    const second = await building.until(({ files }) => files.includes("dist/shape.d.ts"));
    expect(second.files).toEqual(["dist/service.js", "dist/settings.js", "dist/shape.d.ts"]);
    expect(readBuild(project)["settings.js"]).toContain('"name":"SIZE"');
    expect(readBuild(project)).toEqual(buildAfresh(project));
  });

  it("reacts to new files, missing files, packages and the tsconfig", async () => {
    using project = createStubProject(FILES);
    using building = startBuilding({ root: project.root });
    await building.next();
    unlinkSync(path.join(project.root, "src/shape.ts"));
    const broken = await building.until(({ diagnostics }) => diagnostics.length > 0);
    expect(broken.diagnostics.map(({ code }) => code)).toContain("TS2307");

    project.writeFiles({
      "src/shape.ts": 'import type { Kind } from "kinds";\nexport interface Shape { kind: Kind }\n',
      "node_modules/kinds/package.json": { name: "kinds", types: "index.d.ts" },
      "node_modules/kinds/index.d.ts": "export type Kind = 'a' | 'b';\n",
    });
    await building.until(({ diagnostics }) => diagnostics.length === 0);
    expect(readBuild(project)).toEqual(buildAfresh(project));

    project.writeFiles({ "node_modules/kinds/index.d.ts": "export type Kind = 'a' | 'c';\n" });
    expect((await building.until(({ files }) => files.length > 0)).files).toEqual(["dist/service.js"]);
    expect(readBuild(project)).toEqual(buildAfresh(project));

    project.writeFiles({
      "tsconfig.json": { ...TSCONFIG, compilerOptions: { ...TSCONFIG.compilerOptions, removeComments: true } },
      "src/extra.ts": "export const extra = 1;\n",
    });
    await building.until(() => existsSync(path.join(project.root, "dist/extra.js")));
    expect(readBuild(project)).toEqual(buildAfresh(project));
  });

  it("builds every project of a solution, and notices changes of the solution", async () => {
    const unit = { compilerOptions: { ...TSCONFIG.compilerOptions, composite: true, rootDir: "." }, include: ["*.ts"] };
    using project = createStubProject({
      "tsconfig.json": { files: [], references: [{ path: "a" }] },
      "a/tsconfig.json": unit,
      "a/a.ts": "export const a = 1;\n",
      "b/tsconfig.json": unit,
      "b/b.ts": "export const b = 1;\n",
    });
    using building = startBuilding({ root: project.root });
    expect((await building.next()).files).toContain("a/dist/a.js");
    project.writeFiles({ "tsconfig.json": { files: [], references: [{ path: "a" }, { path: "b" }] } });
    expect((await building.until(({ files }) => files.length > 0)).files).toContain("b/dist/b.js");
    project.writeFiles({ "b/b.ts": "export const b = 2;\n" });
    expect((await building.until(({ files }) => files.length > 0)).changed).toEqual(["b/b.ts"]);
    expect(readFileSync(path.join(project.root, "b/dist/b.js"), "utf8")).toContain("b = 2");
  });

  it("does not react to its own output", async () => {
    const compilerOptions = { ...TSCONFIG.compilerOptions, rootDir: ".", outDir: "." };
    using project = createStubProject({
      ...FILES,
      "tsconfig.json": { compilerOptions, include: ["src"], exclude: ["node_modules"] },
    });
    using building = startBuilding({ root: project.root });
    expect(await building.next()).toMatchObject({
      diagnostics: [],
      files: expect.arrayContaining(["src/service.js"]) as unknown,
    });
    project.writeFiles({ "src/shape.ts": "export interface Shape { kind: 'square' }\n" });
    expect(await building.next()).toMatchObject({
      changed: ["src/shape.ts"],
      files: ["src/service.js", "src/shape.d.ts"],
    });
    project.writeFiles({ "src/service.ts": service("number") });
    expect(await building.next()).toMatchObject({ changed: ["src/service.ts"], files: [] });
  });

  it("reports output that cannot be written, and builds once it can", async () => {
    using project = createStubProject({ ...FILES, dist: "a file where the folder should be" });
    using building = startBuilding({ root: project.root });
    const { failure, files } = await building.next();
    expect(failure).toMatchObject({ syscall: "mkdir" });
    expect(files).toEqual([]);
    unlinkSync(path.join(project.root, "dist"));
    writeFileSync(path.join(project.root, "src/more.ts"), "export const more = 1;\n");
    expect((await building.until((update) => update.failure === undefined)).files).toContain("dist/service.js");
    expect(readBuild(project)).toEqual(buildAfresh(project));
  });
});
