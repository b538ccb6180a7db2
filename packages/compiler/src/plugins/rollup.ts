import type { Plugin } from "rollup";
import type { PluginOptions } from "./module-compiler.ts";
import { createStandalonePlugin } from "./rollup-plugin.ts";

export type { PluginOptions } from "./module-compiler.ts";

/**
 * Compiles decorated services in Rollup, in both decorator dialects. It also compiles TypeScript
 * that no other plugin compiles and resolves TypeScript's specifiers, so a separate TypeScript
 * plugin is not needed. Diagnostics fail the build.
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
