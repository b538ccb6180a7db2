import { cpSync, readFileSync } from "node:fs";
import { request } from "node:http";
import { networkInterfaces } from "node:os";
import path from "node:path";
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { Client as LegacyClient } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport as LegacyHttp } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { describe, expect, test } from "vitest";
import { serveBundle } from "./serve-bundle.ts";
import { isInstalled, startHttp, WEB_RUNTIMES } from "./web-runtime.ts";
import { methodic } from "../../fixtures/methodic.ts";
import { createNotesProject } from "../../fixtures/notes-project.ts";
import { createProject } from "../../fixtures/project.ts";

async function expectToServe(url: URL): Promise<void> {
  const modern = new Client(
    { name: "test", version: "1.0.0" },
    { versionNegotiation: { mode: { pin: "2026-07-28" } } },
  );
  await modern.connect(new StreamableHTTPClientTransport(url));
  const answer = await modern.callTool({ name: "add_note", arguments: { name: "a" } });
  expect(answer.content).toEqual([{ type: "text", text: "a (1)" }]);
  await modern.close();
  const legacy = new LegacyClient({ name: "test", version: "1.0.0" });
  await legacy.connect(new LegacyHttp(url) as never);
  expect((await legacy.listTools()).tools.map(({ name }) => name)).toEqual(["add_note"]);
  const { content } = await legacy.callTool({ name: "add_note", arguments: { name: "b", priority: 2 } });
  expect(content).toEqual([{ type: "text", text: "b (2)" }]);
  await legacy.close();
}

/** An address of this machine that other machines can reach. */
const OWN_ADDRESS = Object.values(networkInterfaces())
  .flat()
  .find((address) => address?.family === "IPv4" && !address.internal)?.address;

describe.each(WEB_RUNTIMES)("a bundle for $name", (runtime) => {
  // The runtimes are optional dependencies of the workspace, which npm has for this platform only.
  test.skipIf(!isInstalled(runtime))("serves both official clients where nothing is installed", async () => {
    await using server = await serveBundle(runtime);
    await expectToServe(server.url);
    const health = await fetch(new URL("/health", server.url));
    expect(health.status).toBe(200);
  });

  // Workers do not know their connections.
  const canTell = runtime.target !== "worker" && OWN_ADDRESS !== undefined;
  test.skipIf(!isInstalled(runtime) || !canTell)("refuses requests to another address without auth", async () => {
    await using server = await serveBundle(runtime, { host: "0.0.0.0" });
    const statusAt = (hostname: string): Promise<number | undefined> =>
      new Promise((resolve, reject) => {
        const { port, pathname } = server.url;
        const options = { hostname, port, path: pathname, method: "PUT", headers: { host: "localhost" } };
        const asked = request(options, (response) => resolve(response.resume().statusCode));
        asked.on("error", reject).end();
      });
    expect([await statusAt("127.0.0.1"), await statusAt(OWN_ADDRESS ?? "")]).toEqual([405, 403]);
  });
});

describe("a bundle for Node", () => {
  test("serves both official clients over HTTP where nothing is installed, and ends on SIGTERM", async () => {
    using project = createNotesProject();
    using folder = createProject({}, { isolated: true });
    const { exitCode, stderr } = await methodic(["build", project.root, "--bundle", "--minify"]);
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
    const bundle = path.join(folder.root, "main.mjs");
    cpSync(project.path("dist/server.mjs"), bundle);
    await using server = await startHttp(process.execPath, {
      args: [bundle],
      cwd: folder.root,
      env: { PORT: "0" },
      port: /127\.0\.0\.1:(\d+)\/mcp/,
    });
    await expectToServe(server.url);
    expect(await server.end("SIGTERM")).toEqual({ code: 0, signal: null });
  });

  test("that serves stdio loads nothing of HTTP", async () => {
    using project = createNotesProject();
    await methodic(["build", project.root, "--bundle"]);
    const text = readFileSync(project.path("dist/server.mjs"), "utf8");
    expect(text).not.toMatch(/^import .* from "node:(?:http|https|net|tls)";$/m);
  });
});

describe("a bundle for workers", () => {
  test("imports nothing", async () => {
    using project = createNotesProject();
    const { stderr } = await methodic(["build", project.root, "--bundle", "--target", "worker"]);
    expect(stderr).toMatch(/^1 service: .* \(\d+ kB\)\n$/);
    expect(readFileSync(project.path("dist/server.mjs"), "utf8")).not.toMatch(/^import |from "node:|import\("/m);
  });

  test("names Node's modules that the author's code imports, and who does", async () => {
    using project = createNotesProject();
    project.write("src/node.d.ts", 'declare module "fs" { export function readFileSync(name: string): string; }\n');
    project.write(
      "src/server.ts",
      `import { readFileSync } from "fs";
import { createServer } from "methodic";
import { Notes } from "./notes.ts";

export const read = (): string => readFileSync("x");
export default createServer({ name: "notes", version: "1.0.0", services: [Notes], instructions: String(read) });
`,
    );
    const { exitCode, stderr } = await methodic(["build", project.root, "--bundle", "--target", "worker"]);
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
    expect(stderr.replaceAll("\\", "/")).toContain(
      "The bundle imports 'node:fs' (from src/server.ts): on Cloudflare Workers this needs the compatibility flag nodejs_compat.\n",
    );
    expect(readFileSync(project.path("dist/server.mjs"), "utf8")).toMatch(
      /^import \{ readFileSync \} from "node:fs";$/m,
    );
  });

  test("cannot hold native code", async () => {
    using project = createNotesProject();
    project.write("node_modules/native/package.json", {
      name: "native",
      version: "1.0.0",
      gypfile: true,
      main: "i.js",
    });
    project.write("node_modules/native/i.js", "exports.x = 1;\n");
    project.write("node_modules/native/i.d.ts", "export const x: number;\n");
    project.write(
      "src/main.ts",
      `import { x } from "native";\nimport server from "./server.ts";\nconsole.log(x);\nexport default server;\ndeclare const console: { log(x: number): void };\n`,
    );
    expect(await methodic(["build", project.root, "--bundle", "--target", "worker"])).toMatchObject({
      exitCode: 1,
      stderr: "methodic: cannot bundle 'src/main.ts': 'native' contains native code, which does not run on 'worker'.\n",
    });
  });
});
