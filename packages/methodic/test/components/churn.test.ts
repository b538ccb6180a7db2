import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { succeed } from "../../../../fixtures/process.ts";

const dist = new URL("../../dist/", import.meta.url).href;
const script = fileURLToPath(new URL("churn.mjs", import.meta.url));

describe("10,000 tools that are added and removed while clients listen", () => {
  it("leak no memory, and each burst is announced once", { timeout: 300_000 }, async () => {
    // Their schemas are checked without generated code.
    const flags = ["--expose-gc", "--disallow-code-generation-from-strings", "--disable-warning=ExperimentalWarning"];
    const args = [...flags, script, dist, "10000", "500"];
    const stdout = await succeed(process.execPath, args, { timeout: 280_000 });
    const { before, full, after, listed, changes, left } = JSON.parse(stdout) as {
      readonly [size in "before" | "full" | "after" | "changes" | "left"]: number;
    } & { readonly listed: readonly string[] };
    expect(listed).toEqual(["stays"]);
    // Two rounds of 20 bursts that add and 20 that remove. The script checks that clients hear each
    // of them once.
    expect(changes).toBe(80);
    // The tools must take memory, or the measurement proves nothing.
    expect(full).toBeGreaterThan(before * 1.5);
    expect(after).toBeLessThan(before * 1.1);
    // The engine may keep a few values in registers or inline caches.
    expect(left).toBeLessThan(10);
  });
});
