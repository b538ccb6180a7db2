import { defineConfig, type ViteUserConfig } from "vitest/config";

const config: ViteUserConfig = defineConfig({
  test: {
    include: ["src/**/*.test.ts", "test/**/*.test.ts"],
    // Some tests start processes; a machine that is busy with other packages' tests may take its time.
    testTimeout: 30_000,
  },
});
export default config;
