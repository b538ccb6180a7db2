import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, it } from "vitest";

const script = fileURLToPath(new URL("../bench/load.mjs", import.meta.url));

it(
  "under load, with clients that fail in every way: no answer is lost, doubled or crossed, and nothing is left behind",
  { timeout: 240_000 },
  async () => {
    // Rejects, with all that was printed, if a bound is not kept.
    const { stdout } = await promisify(execFile)(process.execPath, [script, "--calls", "1600"]);
    expect(stdout).toMatch(/^1\d{3} calls in [\d.]+ s: [1-9]\d{3} answered, [1-9]\d* abandoned /m);
    expect(stdout).toContain("All bounds are kept.");
  },
);
