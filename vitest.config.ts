import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    projects: [
      "packages/*",
      "examples/*",
      "e2e",
      "fixtures",
      // Snippets are compiled as whole projects, which takes seconds on a busy machine.
      { test: { name: "docs", root: "docs", testTimeout: 60_000 } },
      { test: { name: "scripts", root: "scripts", include: ["**/*.test.mjs"] } },
    ],
  },
});
