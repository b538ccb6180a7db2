import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { methodic } from "../../fixtures/methodic.ts";
import { TestProcess } from "../../fixtures/process.ts";
import { createProject, type TemporaryProject } from "../../fixtures/project.ts";
import { isInstalled, WEB_RUNTIMES } from "./web-runtime.ts";

const SERVER = `// @ts-nocheck
import { createServer, tool } from "methodic";

class Echo {
  /** Echo. @param text The text */
  @tool() echo(text: string): string {
    console.info("a call prints");
    if (text === "slip") setTimeout(() => Promise.reject(new Error("slipped")));
    return text;
  }
}

const server = createServer({ name: "echo", version: "1.0.0", services: [Echo] });
await server.serve();
`;

const BANNER = `// @ts-nocheck
console.log("a banner");
console.table([1]);
process.stdout.write("a notice\\n");
`;

const MESSAGES = [
  {
    id: 0,
    method: "initialize",
    params: { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "c", version: "1" } },
  },
  { id: 1, method: "tools/call", params: { name: "echo", arguments: { text: "slip" } } },
];

let project: TemporaryProject;
beforeAll(async () => {
  project = createProject({
    "package.json": { type: "module" },
    "banner.ts": BANNER,
    "main.ts": `import "./banner.js";\nimport "./server.js";\n`,
    "server.ts": SERVER,
  });
  expect(await methodic(["build", project.root])).toMatchObject({ exitCode: 0 });
});
afterAll(() => project[Symbol.dispose]());

const runtimes = WEB_RUNTIMES.filter(({ target }) => target !== "worker");
const ARGS = { bun: [], deno: ["run", "--no-remote", "--allow-all"], worker: [] };

describe.each(runtimes)("a built server on stdio under $name", (runtime) => {
  // The runtimes are optional dependencies of the workspace, which npm has for this platform only.
  test.skipIf(!isInstalled(runtime))("keeps stdout pure, and answers before it fails", async () => {
    await using server = new TestProcess(runtime.program, [...ARGS[runtime.target], "dist/main.js"], {
      stdin: "pipe",
      cwd: project.root,
    });
    for (const message of MESSAGES) server.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`);
    expect(await server.exit).toEqual({ code: 1, signal: null });
    const lines = server.stdout.trimEnd().split("\n");
    expect(lines.map((line) => (JSON.parse(line) as { readonly id: number }).id)).toEqual([0, 1]);
    for (const text of ["a banner", "a notice", "a call prints", "uncaught error"])
      expect(server.stderr).toContain(text);
  });
});
