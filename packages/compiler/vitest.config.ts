import { defineConfig, type ViteUserConfig } from "vitest/config";

const config: ViteUserConfig = defineConfig({
  test: {
    include: ["src/**/*.test.ts", "test/**/*.test.ts"],
    // Several tests start a TypeScript program in a child process; two cores can be busy with others.
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
export default config;
