import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { succeed } from "../../../../fixtures/process.ts";

const dist = new URL("../../dist/", import.meta.url).href;
const script = fileURLToPath(new URL("session-leak.mjs", import.meta.url));

describe("sessions, opened and dropped, half of them by DELETE and half by time", () => {
  it.each([
    [10_000, "no store"],
    [2000, "store"],
  ])("leave nothing behind: %i, with %s", { timeout: 300_000 }, async (count, store) => {
    const args = ["--expose-gc", "--disable-warning=ExperimentalWarning", script, dist, String(count), store];
    const stdout = await succeed(process.execPath, args, { patience: 280_000 });
    const { before, open, after } = JSON.parse(stdout) as {
      readonly before: number;
      readonly open: number;
      readonly after: number;
    };
    // They do take memory, so that a return to the start says something.
    expect(open).toBeGreaterThan(before * 1.5);
    expect(after).toBeLessThan(before * 1.1);
  });
});
