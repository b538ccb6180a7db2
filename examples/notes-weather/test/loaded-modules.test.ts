import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { BUILT_SERVER, RawServer, serverEnv, temporaryFolder } from "./built-server.ts";

const RECORDER = new URL("fixtures/module-recorder/register.mjs", import.meta.url).href;

/** Returns the packages that contain the modules. The workspace links `methodic`. */
function packagesOf(urls: readonly string[]): Set<string> {
  const names = urls.flatMap((url) => {
    if (!url.startsWith("file:")) return [url];
    const file = fileURLToPath(url).replaceAll("\\", "/");
    const workspace = /\/packages\/([^/]+)\/dist\//.exec(file)?.[1];
    const installed = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1];
    return installed ?? (workspace && (workspace === "methodic" ? workspace : `@methodic/${workspace}`)) ?? [];
  });
  return new Set(names);
}

it("a built server loads only the runtime, the SDK and its own dependencies, and not node:http", async () => {
  using folder = temporaryFolder();
  const log = join(folder.path, "modules.log");
  await using server = new RawServer(["--import", RECORDER, BUILT_SERVER], {
    ...serverEnv(":memory:"),
    MODULE_LOG: log,
  });
  await server.initialize();
  const tools = await server.request("list", "tools/list");
  expect(tools.result?.["tools"]).toHaveLength(5);
  const added = await server.callTool("add", "add_note", { name: "a", content: "b" });
  expect(added.result?.["isError"]).not.toBe(true);
  server.process.stdin.end();
  expect((await server.ended).code).toBe(0);

  const packages = packagesOf(readFileSync(log, "utf8").trim().split("\n"));
  const builtins = [...packages].filter((name) => name.startsWith("node:"));
  // The packages that locate libsql's binary depend on the platform.
  const ofLibsql = /^(?:@libsql\/|@neon-rs\/|detect-libc$)/;
  expect([...packages].filter((name) => !name.startsWith("node:") && !ofLibsql.test(name)).sort()).toEqual([
    "@modelcontextprotocol/core",
    "@modelcontextprotocol/server",
    "libsql",
    "methodic",
    "reflect-metadata",
    "zod",
  ]);
  expect(builtins).not.toContain("node:http");
});
