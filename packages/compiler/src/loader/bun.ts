/**
 * Runs a TypeScript project with decorated services in Bun, without a build:
 * `bun --preload @methodic/compiler/bun server.ts`.
 *
 * Importing this module installs the plugin. Bun still compiles the TypeScript; the plugin adds the
 * manifests to its source.
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import process from "node:process";
import { EXCLUDED_MODULES, SERVICE_HINT } from "../plugins/module-compiler.ts";
import type * as loaderModule from "./module-loader.ts";
import { wantsColor } from "../diagnostics/wants-color.ts";

/** The part of Bun's plugin interface in use; see https://bun.com/docs/runtime/plugins. */
interface BunRuntime {
  plugin(plugin: { readonly name: string; setup(build: PluginBuild): void }): unknown;
}

interface PluginBuild {
  onLoad(
    constraints: { readonly filter: RegExp; readonly namespace: string },
    load: (module: { readonly path: string }) => LoadedText,
  ): unknown;
}

interface LoadedText {
  readonly contents: string;
  readonly loader: "ts" | "tsx";
}

const { Bun: bun } = globalThis as { readonly Bun?: BunRuntime };
if (!bun)
  throw new Error("'@methodic/compiler/bun' is for Bun. In Node, use 'node --import @methodic/compiler/register'.");
bun.plugin({
  name: "methodic",
  setup: (build) => {
    build.onLoad({ filter: /\.[cm]?tsx?$/, namespace: "file" }, ({ path }) => ({
      contents: addManifests(path) ?? readFileSync(path, "utf8"),
      loader: path.endsWith("x") ? "tsx" : "ts",
    }));
  },
});

let loader: loaderModule.ModuleLoader | undefined;

/**
 * Adds manifests to a module's text. The first module is always compiled, with all its imports, to
 * report their problems at once; later ones only if they may define a service.
 */
function addManifests(fileName: string): string | undefined {
  if (EXCLUDED_MODULES.some((pattern) => pattern.test(fileName))) return undefined;
  if (loader && !SERVICE_HINT.test(readFileSync(fileName, "utf8"))) return undefined;
  const { ModuleLoader, orExit } = createRequire(import.meta.url)("./module-loader.js") as typeof loaderModule;
  loader ??= new ModuleLoader({ color: wantsColor(process.stderr) });
  const modules = loader;
  return orExit(() => modules.addManifests(fileName));
}
