import type { Plugin } from "rollup";
import type { PluginOptions } from "./modules.ts";
import { createStandalonePlugin } from "./rollup-plugin.ts";

export type { PluginOptions } from "./modules.ts";

/**
 * Compiles decorated services in Rollup, in both decorator dialects. TypeScript that no other plugin compiles is compiled
 * too, and found by the specifiers that TypeScript allows, so that no other plugin for TypeScript is needed.
 *
 * @example
 * ```ts
 * import { defineConfig } from "rollup";
 * import { methodic } from "@methodic/compiler/rollup";
 *
 * export default defineConfig({
 *   input: "src/main.ts",
 *   external: [/^methodic/],
 *   plugins: [methodic()],
 *   output: { dir: "dist", sourcemap: true },
 * });
 * ```
 */
export function methodic(options?: PluginOptions): Plugin {
  return createStandalonePlugin(options);
}
