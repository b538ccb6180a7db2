import { fileURLToPath } from "node:url";
import type { Compiler } from "webpack";
import { BundledModules, FOREIGN_MODULES, TYPESCRIPT_MODULE, type PluginOptions } from "./modules.ts";

export type { PluginOptions } from "./modules.ts";

/** A webpack plugin, as far as webpack's configuration wants to know. */
export interface WebpackPlugin {
  apply(compiler: Compiler): void;
}

/**
 * Compiles decorated services in webpack, in both decorator dialects, and TypeScript for which there is no loader. Loaders
 * that the configuration has for TypeScript do the rest: they never see a module with services, because what they could see is JavaScript.
 *
 * @example
 * ```ts
 * import { methodic } from "@methodic/compiler/webpack";
 * import type { Configuration } from "webpack";
 *
 * const configuration: Configuration = {
 *   entry: "./src/main.ts",
 *   target: "node20",
 *   devtool: "source-map",
 *   plugins: [methodic()],
 * };
 * export default configuration;
 * ```
 */
export function methodic(options?: PluginOptions): WebpackPlugin {
  return {
    apply(compiler) {
      const modules = new BundledModules(options);
      modules.root = compiler.context;
      const { experiments, module, resolve } = compiler.options;
      // What webpack itself does with TypeScript on newer versions of Node is done already, and would cost the source maps.
      experiments.typescript ??= false;
      resolve.extensions ??= ["...", ".ts", ".tsx"];
      module.rules.push({
        test: TYPESCRIPT_MODULE,
        exclude: [...FOREIGN_MODULES],
        // Of all loaders, the last is asked first whether it wants to answer for the whole file.
        enforce: "post",
        loader: fileURLToPath(new URL("./webpack-loader.js", import.meta.url)),
        options: { modules },
      });
      // TypeScript imports name the output: `./notes.js` means `./notes.ts` where that exists.
      resolve.extensionAlias ??= { ".js": [".ts", ".tsx", ".js"], ".mjs": [".mts", ".mjs"], ".cjs": [".cts", ".cjs"] };
      compiler.hooks.run.tapPromise("methodic", () => modules.invalidate());
      compiler.hooks.watchRun.tapPromise("methodic", () => modules.invalidate());
    },
  };
}
