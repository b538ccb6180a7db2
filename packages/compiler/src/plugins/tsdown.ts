import type { Plugin } from "rolldown";
import { ModuleCompiler, type PluginOptions } from "./modules.ts";
import { createPlugin } from "./rollup-plugin.ts";

export type { PluginOptions } from "./modules.ts";

/**
 * Compiles decorated services in tsdown, in both decorator dialects. tsdown is built on Rolldown,
 * whose plugin this is, typed for tsdown's configuration.
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
