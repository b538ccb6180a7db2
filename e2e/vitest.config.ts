import { defineConfig, type ViteUserConfig } from "vitest/config";

const config: ViteUserConfig = defineConfig({
  test: {
    include: ["**/*.test.ts"],
    // The built classes of real-types are megabytes of JavaScript, which Vite need not transform.
    server: { deps: { external: [/(?:ports|real-types)\/\.cache/, /packages\/methodic\/dist/] } },
    // Each test starts processes; only one that hangs takes this long, even on a busy machine.
    testTimeout: 300_000,
    hookTimeout: 300_000,
  },
});
export default config;
