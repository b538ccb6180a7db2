import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { succeed } from "../../fixtures/process.ts";

const script = fileURLToPath(new URL("main.mjs", import.meta.url));
const dockerfile = fileURLToPath(new URL("../../examples/notes-weather/Dockerfile", import.meta.url));

// The script needs namespaces, which Linux grants to root and, as a rule, to no other user.
const canIsolate = spawnSync("unshare", ["--mount", "--pid", "--fork", "true"]).status === 0;

it.skipIf(!canIsolate)(
  "builds an image from the Dockerfile that serves callers with a key, is healthy, and ends on SIGTERM",
  async () => {
    const stdout = await succeed(process.execPath, [script, dockerfile], { timeout: 280_000 });
    expect(stdout).toMatch(/Dockerfile: passed\n$/);
  },
);
