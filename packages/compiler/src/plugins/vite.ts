import type { Plugin } from "vite";
import { BundledModules, type PluginOptions } from "./modules.ts";
import { createPlugin } from "./rollup-plugin.ts";

export type { PluginOptions } from "./modules.ts";

/**
 * Compiles decorated services in Vite and Vitest: in development, in builds and in tests, in both decorator dialects.
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
  const modules = new BundledModules(options);
  return {
    ...createPlugin(modules),
    enforce: "pre",
    configResolved: (config) => {
      modules.root = config.root;
    },
  };
}
