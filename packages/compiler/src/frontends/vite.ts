import type { Plugin } from "vite";
import { methodicPlugin, type PluginOptions } from "./unplugin.ts";

export type { PluginOptions } from "./unplugin.ts";

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
  return methodicPlugin.vite(options);
}
