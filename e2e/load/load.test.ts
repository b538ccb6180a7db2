import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { succeed } from "../../fixtures/process.ts";

const script = fileURLToPath(new URL("main.mjs", import.meta.url));

it("answers every call once under load, with clients that fail in every way, and leaves nothing behind", async () => {
  // Fails, with all output, if a bound is exceeded.
  const stdout = await succeed(process.execPath, [script, "--calls", "1600"], { timeout: 280_000 });
  expect(stdout).toMatch(/^1\d{3} calls in [\d.]+ s: [1-9]\d{3} answered, [1-9]\d* abandoned /m);
  expect(stdout).toContain("All bounds are kept.");
});
