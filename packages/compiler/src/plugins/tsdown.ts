import type { Plugin } from "rolldown";
import { ModuleCompiler, type PluginOptions } from "./module-compiler.ts";
import { createPlugin } from "./rollup-plugin.ts";

export type { PluginOptions } from "./module-compiler.ts";

/**
 * Compiles decorated services in tsdown, in both decorator dialects. Other TypeScript is left to
 * tsdown. Diagnostics fail the build.
 *
 * @example
 * ```ts
 * import { defineConfig } from "tsdown";
 * import { methodic } from "@methodic/compiler/tsdown";
 *
 * export default defineConfig({ entry: "src/main.ts", sourcemap: true, plugins: [methodic()] });
 * ```
 */
export function methodic(options?: PluginOptions): Plugin {
  return createPlugin(new ModuleCompiler(options));
}
