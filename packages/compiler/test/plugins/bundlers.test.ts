import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { build as esbuild, context as createEsbuild, type BuildOptions } from "esbuild";
import { rolldown } from "rolldown";
import { rollup, type Plugin as RollupPlugin } from "rollup";
import { minify } from "terser";
import { build as tsdown } from "tsdown";
import { build as tsup } from "tsup";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import webpack, { type Compiler, type Configuration, type Stats } from "webpack";
import { bundleProject } from "../../src/bundle/bundle.ts";
import { methodic as esbuildPlugin } from "../../src/plugins/esbuild.ts";
import { ModuleTransform } from "../../src/plugins/module-transform.ts";
import { methodic as rolldownPlugin } from "../../src/plugins/rolldown.ts";
import { methodic as rollupPlugin } from "../../src/plugins/rollup.ts";
import { methodic as tsdownPlugin } from "../../src/plugins/tsdown.ts";
import { createServicesProject, DIALECTS, WHERE_AM_I_LINE } from "../fixtures/services-project.ts";
import { connect } from "../../../../fixtures/stdio-client.ts";
import { expectEveryClass } from "../fixtures/every-class.ts";
import { createProject, type TemporaryProject } from "../../../../fixtures/project.ts";

const require = createRequire(import.meta.url);

// webpack loads the plugin's loader by file name, which only works in the built package.
const { methodic: webpackPlugin } = (await import(
  new URL("../../dist/webpack.js", import.meta.url).href
)) as typeof import("../../src/plugins/webpack.ts");

/** Builds `src/main.ts` of a project, minified and with source maps, into `bundle/`. */
type Build = (project: TemporaryProject) => Promise<unknown>;

const TERSER: RollupPlugin = {
  name: "terser",
  renderChunk: async (code) => {
    const { code: smaller = "", map } = await minify(code, { module: true, sourceMap: true });
    return { code: smaller, map: map as string };
  },
};

/** Returns JavaScript from its `load` hook, as @rollup/plugin-typescript does. */
const OTHER_COMPILER: RollupPlugin = {
  name: "other-compiler",
  load: (id) => {
    if (!id.endsWith(".ts")) return null;
    const { outputText, sourceMapText } = ts.transpileModule(readFileSync(id, "utf8"), {
      fileName: id,
      compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext, sourceMap: true },
    });
    return { code: outputText, map: sourceMapText ?? null };
  },
};

async function buildWithRollup(project: TemporaryProject, plugins: RollupPlugin[]): Promise<void> {
  const bundle = await rollup({
    input: project.path("src/main.ts"),
    external: [/^methodic/],
    plugins,
    onwarn: (warning) => {
      throw new Error(warning.message);
    },
  });
  await bundle.write({ dir: project.path("bundle"), sourcemap: true, plugins: [TERSER] });
}

function esbuildOptions(project: TemporaryProject): BuildOptions {
  return {
    absWorkingDir: project.root,
    entryPoints: ["src/main.ts"],
    bundle: true,
    platform: "node",
    format: "esm",
    packages: "external",
    minify: true,
    sourcemap: true,
    outdir: "bundle",
    logLevel: "silent",
    plugins: [esbuildPlugin()],
  };
}

function createWebpack(project: TemporaryProject, configuration: Configuration = {}): Compiler {
  return webpack({
    context: project.root,
    mode: "production",
    entry: "./src/main.ts",
    target: "node20",
    devtool: "source-map",
    experiments: { outputModule: true },
    externals: [/^methodic/],
    externalsType: "module",
    output: { path: project.path("bundle"), filename: "main.js", module: true },
    plugins: [webpackPlugin()],
    ...configuration,
  })!;
}

/** Runs webpack and returns the text of its errors and warnings. */
async function runWebpack(compiler: Compiler): Promise<string> {
  const stats = await new Promise<Stats>((resolve, reject) => {
    compiler.run((error, result) => (result ? resolve(result) : reject(error)));
  });
  return stats.toString({ all: false, errors: true, warnings: true });
}

async function closeWebpack(compiler: Compiler): Promise<void> {
  await new Promise((resolve) => compiler.close(resolve));
}

async function buildWithWebpack(project: TemporaryProject, configuration?: Configuration): Promise<void> {
  const compiler = createWebpack(project, configuration);
  expect(await runWebpack(compiler)).toBe("");
  await closeWebpack(compiler);
}

const BUNDLERS: readonly (readonly [name: string, build: Build])[] = [
  ["Rollup", (project) => buildWithRollup(project, [rollupPlugin()])],
  [
    "Rollup, after a plugin that compiles TypeScript",
    (project) => buildWithRollup(project, [OTHER_COMPILER, rollupPlugin()]),
  ],
  [
    "Rolldown",
    async (project) => {
      const bundle = await rolldown({
        input: project.path("src/main.ts"),
        platform: "node",
        external: [/^methodic/],
        plugins: [rolldownPlugin()],
      });
      await bundle.write({ dir: project.path("bundle"), sourcemap: true, minify: true });
      await bundle.close();
    },
  ],
  [
    "methodic build --bundle",
    async (project) => {
      const outFile = project.path("bundle/main.js");
      const options = { root: project.root, outFile, minify: true, external: ["methodic"] };
      expect(await bundleProject(options)).toMatchObject({ diagnostics: [] });
    },
  ],
  ["esbuild", (project) => esbuild(esbuildOptions(project))],
  ["webpack", (project) => buildWithWebpack(project)],
  [
    "webpack with ts-loader",
    (project) =>
      buildWithWebpack(project, {
        module: {
          rules: [
            {
              test: /\.ts$/,
              loader: require.resolve("ts-loader"),
              options: { onlyCompileBundledFiles: true, instance: project.root },
            },
          ],
        },
      }),
  ],
  [
    "tsup",
    (project) =>
      tsup({
        config: false,
        entry: [project.path("src/main.ts")],
        tsconfig: project.path("tsconfig.json"),
        format: "esm",
        external: [/^methodic/],
        outDir: project.path("bundle"),
        minify: true,
        sourcemap: true,
        silent: true,
        esbuildPlugins: [esbuildPlugin()],
      }),
  ],
  [
    "tsdown",
    (project) =>
      tsdown({
        cwd: project.root,
        config: false,
        entry: "src/main.ts",
        outDir: "bundle",
        fixedExtension: false,
        minify: true,
        sourcemap: true,
        logLevel: "silent",
        plugins: [tsdownPlugin()],
      }),
  ],
];

describe.each(DIALECTS)("the bundler plugins in the %s dialect", (dialect) => {
  it.each(BUNDLERS)("let a minified bundle of %s serve every class", async (_name, build) => {
    using project = createServicesProject({ dialect, packageJson: { dependencies: { methodic: "*" } } });
    await build(project);
    expect(readdirSync(project.path("bundle")).filter((name) => !name.endsWith(".map"))).toEqual(["main.js"]);
    expect(readFileSync(project.path("bundle/main.js"), "utf8").split("\n").length).toBeLessThan(10);
    await using server = await connect(["--enable-source-maps", "bundle/main.js"], { cwd: project.root });
    await expectEveryClass(server);
    expect((await server.callTool("where_am_i")).text).toContain(WHERE_AM_I_LINE);
  });
});

describe("the bundler plugins for modules with problems", () => {
  const HITS = "export interface Hits { hits: Map<number, string> }\n";
  const NOTES =
    'import { tool } from "methodic";\nexport class Service {\n  @tool() one(a): void {}\n  @tool() two(b): void {}\n}\n';
  const PROBLEM = /^src\/search\.ts:5:68 - error MTD\d+: Service\.search: /;

  it("fail a Rollup build at the location of the first problem", async () => {
    using project = createServicesProject({ dialect: "standard", files: { "src/hits.ts": HITS } });
    await expect(buildWithRollup(project, [rollupPlugin()])).rejects.toMatchObject({
      plugin: "methodic",
      message: expect.stringContaining("src/search.ts:5:68 - error MTD"),
      pluginCode: expect.stringMatching(/^MTD\d+$/),
      loc: { file: project.path("src/search.ts"), line: 5, column: 67 },
      frame: expect.stringContaining("search(query: string"),
    });
    expect(existsSync(project.path("bundle"))).toBe(false);
  });

  it("fail an esbuild build at the location of every problem", async () => {
    using project = createServicesProject({
      dialect: "standard",
      files: { "src/hits.ts": HITS, "src/notes.ts": NOTES },
    });
    await expect(esbuild(esbuildOptions(project))).rejects.toMatchObject({
      errors: expect.arrayContaining([
        expect.objectContaining({
          pluginName: "methodic",
          text: expect.stringMatching(PROBLEM),
          location: expect.objectContaining({
            file: "src/search.ts",
            line: 5,
            column: 67,
            lineText: expect.stringContaining("search(query: string"),
          }),
        }),
        expect.objectContaining({ location: expect.objectContaining({ file: "src/notes.ts", line: 3 }) }),
        expect.objectContaining({ location: expect.objectContaining({ file: "src/notes.ts", line: 4 }) }),
      ]),
    });
    expect(existsSync(project.path("bundle"))).toBe(false);
  });

  it("fail a webpack build with every problem and without stacks", async () => {
    using project = createServicesProject({
      dialect: "standard",
      files: { "src/hits.ts": HITS, "src/notes.ts": NOTES },
    });
    const compiler = createWebpack(project);
    const report = await runWebpack(compiler);
    await closeWebpack(compiler);
    expect(report).toContain("src/search.ts:5:68 - error MTD");
    expect(report).toContain("src/notes.ts:3:15 - error MTD121: Service.one: ");
    expect(report).toContain("src/notes.ts:4:15 - error MTD121: Service.two: ");
    expect(report).not.toMatch(/\n\s+at /);
  });
});

describe("the bundler plugins for a service with types from another file", () => {
  const hasFoundInSchema = (project: TemporaryProject): boolean =>
    readFileSync(project.path("bundle/main.js"), "utf8").includes('"found":{"type":"array"');
  const CHANGED_HITS = "export interface Hits { found: string[] }\n";

  it("rebuild the service in esbuild when that file changes", async () => {
    using project = createServicesProject({ dialect: "standard" });
    const context = await createEsbuild(esbuildOptions(project));
    try {
      await context.rebuild();
      expect(hasFoundInSchema(project)).toBe(false);
      project.write("src/hits.ts", CHANGED_HITS);
      await context.rebuild();
      expect(hasFoundInSchema(project)).toBe(true);
    } finally {
      await context.dispose();
    }
  });

  it("rebuild the service in webpack when that file changes, despite the cache", async () => {
    using project = createServicesProject({ dialect: "standard" });
    const compiler = createWebpack(project, { cache: { type: "memory" } });
    expect(await runWebpack(compiler)).toBe("");
    expect(hasFoundInSchema(project)).toBe(false);
    project.write("src/hits.ts", CHANGED_HITS);
    await runWebpack(compiler);
    await closeWebpack(compiler);
    expect(hasFoundInSchema(project)).toBe(true);
  });

  it("make Rollup watch that file and the tsconfig", async () => {
    using project = createServicesProject({ dialect: "legacy" });
    const bundle = await rollup({
      input: project.path("src/search.ts"),
      external: [/^methodic/],
      plugins: [rollupPlugin()],
    });
    expect(bundle.watchFiles).toEqual(
      expect.arrayContaining([project.path("src/hits.ts"), project.path("tsconfig.json")]),
    );
  });
});

describe("the bundler plugins in a project with Node's module resolution", () => {
  it.each([{ module: "NodeNext" }, { module: "NodeNext", moduleResolution: "NodeNext" }])(
    "read the types of CommonJS packages, whose imports have no extensions: %j",
    (compilerOptions) => {
      const text = 'import { tool } from "methodic";\nimport type { Block } from "blocks";\n';
      using project = createProject({
        "package.json": { name: "nodenext", type: "module" },
        "tsconfig.json": { compilerOptions: { target: "ES2022", strict: true, types: [], ...compilerOptions } },
        "service.ts": `${text}export class Service { @tool() send(block: Block): void {} }\n`,
        "node_modules/blocks/package.json": { name: "blocks", types: "./index.d.ts" },
        "node_modules/blocks/index.d.ts": 'export * from "./block";\n',
        "node_modules/blocks/block.d.ts": "export interface Block {\n  text: string;\n}\n",
      });
      const fileName = project.path("service.ts");
      const compiled = new ModuleTransform({}).transform(fileName, readFileSync(fileName, "utf8"));
      expect(compiled?.diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
      expect(compiled?.output?.code).toContain('"text"');
    },
  );
});
