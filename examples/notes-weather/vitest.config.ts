import { methodic } from "@methodic/compiler/vite";
import { defineConfig } from "vitest/config";

export default defineConfig({
  plugins: [methodic()],
  test: { include: ["test/**/*.test.ts"] },
});
