import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, it } from "vitest";

const script = fileURLToPath(new URL("../../../scripts/conformance.mjs", import.meta.url));
// The suite uses what Node 20 does not have (`fs.globSync`); CI runs the tests under Node 24 as well.
const canRun = Number(process.versions.node.split(".")[0]) >= 22;

it.skipIf(!canRun)(
  "the official conformance suite finds what is expected, in every way of serving and on both revisions",
  { timeout: 180_000 },
  async () => {
    // Rejects, with all that was printed, if anything fails that is not expected to, or the other way round.
    const { stdout } = await promisify(execFile)(process.execPath, [script]);
    expect(stdout.split("\n").filter((line) => line !== "")).toEqual(
      ["stateless", "sessions", "fetch"].flatMap((way) =>
        ["2025-11-25", "2026-07-28"].map((revision): unknown =>
          expect.stringMatching(`^✓ ${way}, ${revision}: [1-9]\\d+ checks pass, `),
        ),
      ),
    );
  },
);
