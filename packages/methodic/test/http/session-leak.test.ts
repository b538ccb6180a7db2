import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { succeed } from "../../../../fixtures/process.ts";

const dist = new URL("../../dist/", import.meta.url).href;
const script = fileURLToPath(new URL("session-leak.mjs", import.meta.url));

describe("Sessions that end, half of them by DELETE and half by idle time", () => {
  it.each([
    [10_000, "no store"],
    [2000, "store"],
  ])("leak no memory: %i, with %s", { timeout: 300_000 }, async (count, store) => {
    const args = ["--expose-gc", "--disable-warning=ExperimentalWarning", script, dist, String(count), store];
    const stdout = await succeed(process.execPath, args, { timeout: 280_000 });
    const { before, open, after } = JSON.parse(stdout) as {
      readonly before: number;
      readonly open: number;
      readonly after: number;
    };
    // Open sessions must take memory, or the measurement proves nothing.
    expect(open).toBeGreaterThan(before * 1.5);
    expect(after).toBeLessThan(before * 1.1);
  });
});
