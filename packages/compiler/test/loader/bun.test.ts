import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { createServicesProject, DIALECTS, WHERE_AM_I_LINE } from "../fixtures/services-project.ts";
import { connect } from "../../../../fixtures/stdio-client.ts";
import { expectEveryClass } from "../fixtures/every-class.ts";

const BUN = fileURLToPath(new URL("../../../../node_modules/@oven/bun-linux-x64/bin/bun", import.meta.url));
const PRELOAD = fileURLToPath(new URL("../../dist/bun.js", import.meta.url));

// The binary is an optional dependency of the workspace and has this name on Linux x64 only.
describe.skipIf(!existsSync(BUN)).each(DIALECTS)("the Bun plugin in the %s dialect", (dialect) => {
  it("serves every class from TypeScript sources", async () => {
    using project = createServicesProject({ dialect });
    await using server = await connect(["--preload", PRELOAD, "src/main.ts"], { cwd: project.root, command: BUN });
    await expectEveryClass(server);
    expect((await server.callTool("where_am_i")).text).toContain(WHERE_AM_I_LINE);
  });

  it("can be preloaded by bunfig.toml", async () => {
    using project = createServicesProject({
      dialect,
      files: { "bunfig.toml": `preload = [${JSON.stringify(PRELOAD)}]\n` },
    });
    await using server = await connect(["src/main.ts"], { cwd: project.root, command: BUN });
    await expectEveryClass(server);
  });

  it("lists every problem and does not start the server", () => {
    using project = createServicesProject({
      dialect,
      files: {
        "src/hits.ts": "export interface Hits { hits: symbol }\n",
        "src/notes.ts": 'import { tool } from "methodic";\nexport class Service { @tool() one(a): void {} }\n',
      },
    });
    const { status, stdout, stderr } = spawnSync(BUN, ["--preload", PRELOAD, "src/main.ts"], {
      cwd: project.root,
      encoding: "utf8",
      input: "",
    });
    expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
    expect(stderr).toMatch(/^src\/notes\.ts:2:36 - error MTD121: Service\.one: /);
    expect(stderr).toMatch(/\nsrc\/search\.ts:5:\d+ - error MTD102: Service\.search: /);
    expect(stderr).toMatch(/\n\nFound 2 errors\.\n$/);
  });
});

it("the Bun plugin fails in Node with an error that names the register hook", () => {
  const { status, stderr } = spawnSync(process.execPath, ["--import", PRELOAD, "-e", "0"], { encoding: "utf8" });
  expect(status).toBe(1);
  expect(stderr).toContain("In Node, use 'node --import @methodic/compiler/register'");
});
