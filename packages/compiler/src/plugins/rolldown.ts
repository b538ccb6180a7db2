import type { Plugin } from "rolldown";
import { ModuleCompiler, type PluginOptions } from "./module-compiler.ts";
import { createPlugin } from "./rollup-plugin.ts";

export type { PluginOptions } from "./module-compiler.ts";

/**
 * Compiles decorated services in Rolldown, in both decorator dialects. Other TypeScript is left to
 * Rolldown. Diagnostics fail the build.
 *
 * @example
 * ```ts
 * import { defineConfig } from "rolldown";
 * import { methodic } from "@methodic/compiler/rolldown";
 *
 * export default defineConfig({
 *   input: "src/main.ts",
 *   platform: "node",
 *   plugins: [methodic()],
 *   output: { dir: "dist", sourcemap: true, minify: true },
 * });
 * ```
 */
export function methodic(options?: PluginOptions): Plugin {
  return createPlugin(new ModuleCompiler(options));
}
