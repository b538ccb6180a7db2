import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import methodic from "./packages/methodic/tsdown.config.ts";

const source = (file: string): string => fileURLToPath(new URL(`packages/methodic/${file}`, import.meta.url));

// `npm run test:unit`: the tests next to the source. The entries of `methodic` are taken from its
// source, so that nothing has to be built first.
export default defineConfig({
  resolve: {
    alias: Object.entries(methodic.entry as Record<string, string>).map(([name, file]) => ({
      find: new RegExp(`^methodic${name === "index" ? "" : `/${name}`}$`),
      replacement: source(file),
    })),
  },
  test: { include: ["packages/*/src/**/*.test.ts", "scripts/**/*.test.mjs"] },
});
