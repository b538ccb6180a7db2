import { readFile } from "node:fs/promises";
import type { PartialMessage, Plugin } from "esbuild";
import { appendInlineMap } from "../emit/inline-map.ts";
import { ModuleCompiler, EXCLUDED_MODULES, type PluginOptions } from "./module-compiler.ts";
import { toBundlerProblems, type BundlerProblem } from "./problems.ts";

export type { PluginOptions } from "./module-compiler.ts";

/**
 * Compiles decorated services in esbuild and tsup, in both decorator dialects. Other TypeScript is
 * left to esbuild. List it before other plugins that load TypeScript: esbuild uses the first
 * result.
 *
 * Diagnostics fail the build, each with its source location.
 *
 * @example
 * ```ts
 * import { build } from "esbuild";
 * import { methodic } from "@methodic/compiler/esbuild";
 *
 * await build({
 *   entryPoints: ["src/main.ts"],
 *   bundle: true,
 *   platform: "node",
 *   format: "esm",
 *   packages: "external",
 *   outdir: "dist",
 *   plugins: [methodic()],
 * });
 * ```
 */
export function methodic(options?: PluginOptions): Plugin {
  return {
    name: "methodic",
    setup({ initialOptions, onStart, onLoad }) {
      const modules = new ModuleCompiler(options);
      modules.root = initialOptions.absWorkingDir ?? modules.root;
      // esbuild reports a rebuild, but not which files have changed.
      onStart(() => modules.invalidate());
      onLoad({ filter: /\.[cm]?tsx?$/ }, async ({ path, namespace }) => {
        if (namespace !== "file" || EXCLUDED_MODULES.some((pattern) => pattern.test(path))) return undefined;
        const result = await modules.compileService(path, await readFile(path, "utf8"));
        if (!result) return undefined;
        const { output, dependencies } = result;
        return {
          warnings: toBundlerProblems(result, "warning").map(toMessage),
          errors: toBundlerProblems(result, "error").map(toMessage),
          watchFiles: [path, ...dependencies],
          ...(output && { contents: appendInlineMap(output.code, output.map), loader: output.syntax }),
        };
      });
    },
  };
}

function toMessage({ message, code, location, frame }: BundlerProblem): PartialMessage {
  const lineText = /^\d+ \| (.*)/.exec(frame)?.[1];
  return { id: code, text: message, ...(location && { location: { ...location, ...(lineText && { lineText }) } }) };
}
