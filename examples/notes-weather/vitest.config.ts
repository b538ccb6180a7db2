import { methodic } from "@methodic/compiler/vite";
import { defineConfig } from "vitest/config";

export default defineConfig({
  plugins: [methodic()],
  // Some tests start a dozen processes, which takes its time on a busy machine.
  test: { include: ["test/**/*.test.ts"], testTimeout: 30_000, hookTimeout: 60_000 },
});
