import { symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { build, createServer, type InlineConfig } from "vite";
import { describe, expect, it } from "vitest";
import { methodic } from "../../src/plugins/vite.ts";
import { runNode } from "../../../../fixtures/process.ts";
import { createServicesProject, DIALECTS, WHERE_AM_I } from "../fixtures/services-project.ts";
import { connect } from "../../../../fixtures/stdio-client.ts";
import { expectEveryClass } from "../fixtures/every-class.ts";
import { createProject, type TemporaryProject } from "../../../../fixtures/project.ts";

const VITEST = path.join(path.dirname(createRequire(import.meta.url).resolve("vitest/package.json")), "vitest.mjs");
const BUILT_PLUGIN = fileURLToPath(new URL("../../dist/vite.js", import.meta.url));

/** An author's tests of the services project, with a decorated class in the test file itself. */
const AUTHOR_TEST = `import { createServer, tool } from "methodic";
import { createTestClient } from "methodic/testing";
import { expect, test } from "vitest";
import server from "../src/server.js";

class InTest { @tool() twice(value: number): string { return String(value * 2); } }

test("the project's server", async () => {
  const onElicit = ({ message }) => ({ action: "accept", data: message === "Which dish?" ? { name: "rice" } : { seats: 4 } });
  await using client = await createTestClient(server, { onElicit });
  expect((await client.listTools()).map((tool) => tool.name)).toEqual(["add_note", "where_am_i", "search", "find", "count", "ping", "order"]);
  expect((await client.callTool("add_note", { name: "a", level: 2 })).text).toBe("a at 2");
  expect((await client.callTool("add_note", { level: 2 })).isError).toBe(true);
  expect((await client.callTool("find", { id: 7 })).structured).toEqual({ id: 7, name: "user 7" });
  expect((await client.callTool("order")).text).toBe("rice for 4");
  expect((await client.callTool("where_am_i")).text).toContain(${JSON.stringify(WHERE_AM_I)});
});

test("a server made in a test", async () => {
  await using client = await createTestClient(createServer({ name: "t", version: "1.0.0", services: [InTest] }));
  expect((await client.callTool("twice", { value: 21 })).text).toBe("42");
});
`;

/** Configures Vite for a project, with no plugin except ours. */
function viteConfig(project: TemporaryProject, overrides: InlineConfig = {}): InlineConfig {
  return { root: project.root, configFile: false, logLevel: "silent", plugins: [methodic()], ...overrides };
}

describe.each(DIALECTS)("the Vite plugin in the %s dialect", (dialect) => {
  it("compiles services for the author's tests in Vitest", async () => {
    using project = createServicesProject({
      dialect,
      files: {
        "test/server.test.ts": AUTHOR_TEST,
        "vitest.config.js": `import { methodic } from ${JSON.stringify(BUILT_PLUGIN)};\nexport default { plugins: [methodic()] };\n`,
      },
    });
    const { exitCode, stdout, stderr } = await runNode([VITEST, "run", "--reporter=default"], {
      cwd: project.root,
      env: { NO_COLOR: "1" },
    });
    expect(stderr).toBe("");
    expect(stdout).toMatch(/Tests\s+2 passed \(2\)/);
    expect(exitCode).toBe(0);
  });

  it("compiles services for a minified bundle", async () => {
    using project = createServicesProject({ dialect });
    const config = viteConfig(project, { ssr: { noExternal: [/\.\//], external: ["methodic"] } });
    await build({ ...config, build: { ssr: "src/main.ts", outDir: "bundle", minify: true, target: "node20" } });
    await using server = await connect(["bundle/main.js"], { cwd: project.root });
    await expectEveryClass(server);
  });

  it("recompiles a module when the types that it imports change", async () => {
    using project = createServicesProject({ dialect });
    const server = await createServer(
      viteConfig(project, { server: { middlewareMode: true, ws: false, watch: null }, appType: "custom" }),
    );
    try {
      const environment = server.environments.ssr;
      const search = project.path("src/search.ts");
      expect((await environment.transformRequest(search))?.code).toContain('\\"hits\\"');
      project.write("src/hits.ts", "export interface Hits { found: string[] }\n");
      server.watcher.emit("change", project.path("src/hits.ts"));
      await expect.poll(async () => (await environment.transformRequest(search))?.code).toContain('\\"found\\"');
    } finally {
      await server.close();
    }
  });
});

describe("the Vite plugin for a module with problems", () => {
  it("fails the build with the location and text of the problem", async () => {
    using project = createServicesProject({
      dialect: "standard",
      files: { "src/hits.ts": "export interface Hits { hits: Map<number, string> }\n" },
    });
    await expect(build({ ...viteConfig(project), build: { ssr: "src/main.ts" } })).rejects.toMatchObject({
      errors: [
        {
          message: expect.stringMatching(/^src\/search\.ts:5:68 - error MTD102: Service\.search: /),
          plugin: "methodic",
          loc: { file: project.path("src/search.ts"), line: 5, column: 67 },
          frame: expect.stringContaining("search(query: string"),
        },
      ],
    });
  });
});

describe("the Vite plugin for a module without services", () => {
  it("compiles standard decorators, which Vite does not compile, and nothing else", async () => {
    using project = createProject({
      "package.json": { type: "module" },
      "tsconfig.json": {
        compilerOptions: { target: "ESNext", module: "ESNext", moduleResolution: "Bundler", types: [] },
      },
      "plain.ts": "/** @internal */\nexport const plain: number = 1;\nexport class Derived extends Array<string> {}\n",
      "decorated.ts": "function log(value: unknown): void {}\nexport class Logged { @log method(): void {} }\n",
    });
    const plugin = methodic();
    const handler = (plugin.transform as { handler: (code: string, id: string) => Promise<{ code: string } | null> })
      .handler;
    const context = { addWatchFile: () => {}, warn: () => {}, error: () => {} };
    const transform = async (name: string, code: string): Promise<string | undefined> =>
      (await handler.call(context, code, project.path(name)))?.code;
    expect(
      await transform(
        "plain.ts",
        "/** @internal */\nexport const plain: number = 1;\nexport class Derived extends Array<string> {}\n",
      ),
    ).toBeUndefined();
    expect(
      await transform(
        "decorated.ts",
        "function log(value: unknown): void {}\nexport class Logged { @log method(): void {} }\n",
      ),
    ).not.toContain("@log");
    expect(await transform("decorated.ts?raw", "@log")).toBeUndefined();
    // The code that another plugin returned takes precedence over the file.
    expect(
      await transform("decorated.ts", "declare const log: any;\nexport class Renamed { @log method(): void {} }\n"),
    ).toContain("Renamed");
  });
});

it("the Vite plugin uses the tsconfig of its options", async () => {
  using project = createServicesProject({ dialect: "legacy", files: { "tsconfig.json": { compilerOptions: {} } } });
  project.write(
    "config/tsconfig.json",
    JSON.stringify({
      compilerOptions: { experimentalDecorators: true, module: "NodeNext", target: "ES2022", types: [] },
      include: ["../src"],
    }),
  );
  symlinkSync(project.path("config/tsconfig.json"), project.path("tsconfig.legacy.json"));
  const bundle = await build({
    ...viteConfig(project, { plugins: [methodic({ tsconfig: "config/tsconfig.json" })] }),
    build: { ssr: "src/notes.ts", write: false },
  });
  expect(JSON.stringify(bundle)).toContain("__decorate");
});
