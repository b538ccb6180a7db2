import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    projects: [
      "packages/*",
      "examples/*",
      "e2e",
      { test: { name: "docs", root: "docs" } },
      { test: { name: "scripts", root: "scripts", include: ["**/*.test.mjs"] } },
    ],
  },
});
