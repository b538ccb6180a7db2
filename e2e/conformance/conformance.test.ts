import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { succeed } from "../../fixtures/process.ts";

const script = fileURLToPath(new URL("main.mjs", import.meta.url));
// The suite needs `fs.globSync`, which Node 20 lacks; CI runs this file on Node 24 as well.
const canRun = Number(process.versions.node.split(".")[0]) >= 22;

it.skipIf(!canRun)(
  "passes the official conformance suite, but for the known failures, in every way of serving and on both revisions",
  async () => {
    // Fails, with everything that was printed, on any deviation from the known failures.
    const stdout = await succeed(process.execPath, [script], { timeout: 280_000 });
    expect(stdout.split("\n").filter((line) => line !== "")).toEqual(
      ["stateless", "sessions", "fetch", "stdio"].flatMap((way) =>
        ["2025-11-25", "2026-07-28"].map((revision): unknown =>
          expect.stringMatching(`^✓ ${way}, ${revision}: [1-9]\\d+ checks pass, `),
        ),
      ),
    );
  },
);
