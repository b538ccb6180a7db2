import { fileURLToPath } from "node:url";
import type { Compiler } from "webpack";
import { ModuleCompiler, EXCLUDED_MODULES, TYPESCRIPT_MODULE, type PluginOptions } from "./module-compiler.ts";

export type { PluginOptions } from "./module-compiler.ts";

/** The type of a webpack plugin. */
export interface WebpackPlugin {
  apply(compiler: Compiler): void;
}

/**
 * Compiles decorated services in webpack, in both decorator dialects, and all TypeScript if the
 * configuration has no loader for it. Configured TypeScript loaders compile the modules without
 * services. Diagnostics fail the build.
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
      const modules = new ModuleCompiler(options);
      modules.root = compiler.context;
      const { experiments, module, resolve } = compiler.options;
      // webpack's own type stripping, on newer versions of Node, would drop the source maps.
      experiments.typescript ??= false;
      resolve.extensions ??= ["...", ".ts", ".tsx"];
      module.rules.push({
        test: TYPESCRIPT_MODULE,
        exclude: [...EXCLUDED_MODULES],
        // webpack calls the `pitch` of the last loader first.
        enforce: "post",
        loader: fileURLToPath(new URL("./webpack-loader.js", import.meta.url)),
        options: { modules },
      });
      // In TypeScript, imports name the output: `./notes.js` means `./notes.ts`.
      resolve.extensionAlias ??= { ".js": [".ts", ".tsx", ".js"], ".mjs": [".mts", ".mjs"], ".cjs": [".cts", ".cjs"] };
      compiler.hooks.run.tapPromise("methodic", () => modules.invalidate());
      compiler.hooks.watchRun.tapPromise("methodic", () => modules.invalidate());
    },
  };
}
