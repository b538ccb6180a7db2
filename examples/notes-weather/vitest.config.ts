import { methodic } from "@methodic/compiler/vite";
import { defineConfig } from "vitest/config";

export default defineConfig({
  plugins: [methodic()],
  // Only a test that hangs takes this long, even on a busy machine.
  test: { include: ["test/**/*.test.ts"], testTimeout: 120_000, hookTimeout: 120_000 },
});
