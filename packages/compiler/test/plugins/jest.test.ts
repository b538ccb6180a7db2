import { createRequire } from "node:module";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { runNode } from "../../../../fixtures/process.ts";
import type { TemporaryProject } from "../../../../fixtures/project.ts";
import { createServicesProject, WHERE_AM_I } from "../fixtures/services-project.ts";

const JEST = path.join(path.dirname(createRequire(import.meta.url).resolve("jest/package.json")), "bin/jest.js");

/** An author's tests of the services project, as docs/testing.md shows them. */
const AUTHOR_TEST = `import { createTestClient } from "methodic/testing";
import server from "../src/server.js";

test("the project's server", async () => {
  const onElicit = ({ message }: { message: string }) => ({
    action: "accept" as const,
    data: message === "Which dish?" ? { name: "rice" } : { seats: 4 },
  });
  const client = await createTestClient(server, { onElicit });
  expect((await client.callTool("add_note", { name: "a", level: 2 })).text).toBe("a at 2");
  expect((await client.callTool("add_note", { level: 2 })).isError).toBe(true);
  expect((await client.callTool("order")).text).toBe("rice for 4");
  expect((await client.callTool("where_am_i")).text).toContain(${JSON.stringify(WHERE_AM_I)});
  await client.close();
});

test("over HTTP", async () => {
  expect((await server.fetch(new Request("http://localhost/health"))).status).toBe(200);
});
`;

/** A test of a service that cannot be compiled. */
const BROKEN_TEST = `import { tool } from "methodic";
class Broken { @tool() run(callback: () => void): void { callback(); } }
test("never runs", () => { new Broken(); });
`;

const FILES = {
  "jest.config.mjs": 'export default { preset: "@methodic/compiler" };\n',
  "test/server.test.ts": AUTHOR_TEST,
};

function runJest(project: TemporaryProject, nodeArgs: readonly string[]): ReturnType<typeof runNode> {
  const args = ["--no-cache", "--runInBand", "--no-watchman", "--colors=false"];
  return runNode([...nodeArgs, JEST, ...args], { cwd: project.root });
}

describe("the Jest preset", () => {
  it("compiles services for tests that run as ES modules, with standard decorators", async () => {
    using project = createServicesProject({ dialect: "standard", files: FILES });
    const { exitCode, stderr } = await runJest(project, ["--experimental-vm-modules"]);
    expect(stderr).toMatch(/Tests:\s+2 passed, 2 total/);
    expect(exitCode).toBe(0);
  });

  it("compiles services for tests that run as CommonJS, with legacy decorators", async () => {
    using project = createServicesProject({ dialect: "legacy", files: FILES });
    const { exitCode, stderr } = await runJest(project, []);
    expect(stderr).toMatch(/Tests:\s+2 passed, 2 total/);
    expect(exitCode).toBe(0);
  });

  it("fails a test file with the diagnostics of its services", async () => {
    using project = createServicesProject({
      dialect: "standard",
      files: { "jest.config.mjs": FILES["jest.config.mjs"], "test/broken.test.ts": BROKEN_TEST },
    });
    const { exitCode, stderr } = await runJest(project, []);
    expect(stderr).toMatch(/test\/broken\.test\.ts:2:\d+ - error MTD\d+/);
    expect(stderr).not.toContain("at ScriptTransformer");
    expect(exitCode).toBe(1);
  });
});
