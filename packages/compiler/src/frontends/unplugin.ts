import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import process from "node:process";
import { createUnplugin, type UnpluginContext, type UnpluginInstance } from "unplugin";
import type { Diagnostic } from "../diagnostics/diagnostics.ts";
import { formatDiagnostic, formatFrames } from "../diagnostics/format.ts";
import type { ModuleTransform } from "./module-transform.ts";

/** Options of the bundler plugins. */
export interface PluginOptions {
  /** The tsconfig of all modules, relative to the bundler's root. Default: the nearest `tsconfig.json` above each module. */
  readonly tsconfig?: string;
}

/**
 * The plugin for all bundlers that unplugin knows. It compiles modules with decorators before anything else sees them,
 * so that service classes carry their manifests and standard decorators, which oxc and esbuild's default leave in place, run.
 */
export const methodicPlugin: UnpluginInstance<PluginOptions | undefined, false> = createUnplugin((options = {}) => {
  let root = process.cwd();
  let modules: Promise<ModuleTransform> | undefined;
  return {
    name: "methodic",
    enforce: "pre",
    transform: {
      filter: {
        id: { include: /\.[cm]?tsx?(?:\?|$)/, exclude: [/\/node_modules\//, /\.d\.[cm]?ts(?:\?|$)/] },
        code: /@|\bextends\b/,
      },
      async handler(code, id) {
        const fileName = moduleFile(id);
        if (fileName === undefined) return null;
        modules ??= createTransform(options, root);
        const result = (await modules).transform(fileName, code);
        if (!result) return null;
        for (const file of result.dependencies) this.addWatchFile(file);
        reportTo(this, result, id);
        return (
          result.output && {
            code: result.output.code,
            map: { ...result.output.map, sources: [...result.output.map.sources], names: [...result.output.map.names] },
          }
        );
      },
    },
    async watchChange(id) {
      if (/\.(?:[cm]?tsx?|json)$/.test(id)) (await modules)?.invalidate();
    },
    vite: {
      configResolved: (config) => {
        root = config.root;
      },
    },
  };
});

/** TypeScript takes a third of a second to load; a build without decorated modules need not pay it. */
async function createTransform({ tsconfig }: PluginOptions, root: string): Promise<ModuleTransform> {
  const { ModuleTransform } = await import("./module-transform.ts");
  return new ModuleTransform(tsconfig === undefined ? {} : { tsconfig: path.resolve(root, tsconfig) });
}

/** The file a module id stands for; nothing for ids that ask for something else than the module, such as `?raw`. */
function moduleFile(id: string): string | undefined {
  const [fileName = "", query = ""] = id.split("?", 2);
  const asksForMore = /(?:^|&)(?:raw|url|worker|sharedworker|inline)(?:[&=]|$)/.test(query);
  return asksForMore || fileName.startsWith("\0") ? undefined : fileName;
}

interface Report {
  readonly diagnostics: readonly Diagnostic[];
  readonly root: string;
}

function reportTo(context: UnpluginContext, { diagnostics, root }: Report, id: string): void {
  for (const warning of diagnostics.filter((diagnostic) => diagnostic.severity === "warning")) {
    context.warn({ id, message: formatDiagnostic(warning), loc: locationOf(warning, root) });
  }
  const errors = diagnostics.filter((diagnostic) => diagnostic.severity === "error");
  const [first] = errors;
  if (!first) return;
  // A plugin can fail only once a module: the location is the first problem's, the message names all.
  const message = errors.map((diagnostic) => formatDiagnostic(diagnostic)).join("\n");
  // `frame` is no part of unplugin's type, but Vite's overlay and Rollup's reports show it.
  const failure = { id, message, code: first.code, loc: locationOf(first, root), frame: frameOf(first, root) };
  context.error(failure);
}

function locationOf({ file, line, column }: Diagnostic, root: string): { file: string; line: number; column: number } {
  // Rollup counts columns from 0.
  return { file: path.resolve(root, file), line, column: column - 1 };
}

function frameOf(diagnostic: Diagnostic, root: string): string {
  const readSource = (file: string): string | undefined => {
    const fileName = path.resolve(root, file);
    return existsSync(fileName) ? readFileSync(fileName, "utf8") : undefined;
  };
  return formatFrames(diagnostic, { readSource }).trim();
}
