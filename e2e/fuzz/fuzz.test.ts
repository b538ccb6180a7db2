import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { succeed } from "../../fixtures/process.ts";

const script = fileURLToPath(new URL("main.mjs", import.meta.url));

it("answers every random message once, in the right form, over fetch, sockets and stdio", async () => {
  const options = ["--seed", "1", "--fetch", "1500", "--sockets", "900", "--stdio", "900"];
  // Fails, with all output, if there is a problem.
  const stdout = await succeed(process.execPath, ["--expose-gc", script, ...options], { timeout: 280_000 });
  expect(stdout).toContain("No problem.");
});
