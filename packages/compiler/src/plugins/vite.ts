import type { Plugin } from "vite";
import { ModuleCompiler, type PluginOptions } from "./module-compiler.ts";
import { createPlugin } from "./rollup-plugin.ts";

export type { PluginOptions } from "./module-compiler.ts";

/**
 * Compiles decorated services in Vite and Vitest: in development, builds and tests, in both
 * decorator dialects. Diagnostics fail the build, or appear in Vite's overlay.
 *
 * @example
 * ```ts
 * import { defineConfig } from "vitest/config";
 * import { methodic } from "@methodic/compiler/vite";
 *
 * export default defineConfig({ plugins: [methodic()] });
 * ```
 */
export function methodic(options?: PluginOptions): Plugin {
  const modules = new ModuleCompiler(options);
  return {
    ...createPlugin(modules),
    enforce: "pre",
    configResolved: (config) => {
      modules.root = config.root;
    },
  };
}
