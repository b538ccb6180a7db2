import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const SCRIPT = fileURLToPath(new URL("../../../scripts/check-dockerfile.mjs", import.meta.url));
const DOCKERFILE = fileURLToPath(new URL("../Dockerfile", import.meta.url));

// The script builds and runs the image in namespaces of its own, which Linux lets root make, and hardly anybody else.
const canIsolate = spawnSync("unshare", ["--mount", "--pid", "--fork", "true"]).status === 0;

it.skipIf(!canIsolate)(
  "the Dockerfile builds an image that serves callers with a key, is healthy, and ends when it is told to",
  { timeout: 300_000 },
  async () => {
    const check = spawn(process.execPath, [SCRIPT, DOCKERFILE], { stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    for (const stream of [check.stdout, check.stderr]) stream.on("data", (chunk: Buffer) => (output += String(chunk)));
    const [code] = (await once(check, "close")) as [number | null];
    expect({ code, output }).toMatchObject({ code: 0, output: expect.stringMatching(/Dockerfile: fine\n$/) });
  },
);
