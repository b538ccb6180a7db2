import module, { createRequire } from "node:module";
import { fileURLToPath, pathToFileURL } from "node:url";
import type * as loaderModule from "./module-loader.ts";
import { isNotFound } from "./not-found.ts";

/** The CommonJS loader's undocumented extension points, the only ones before Node 22.15. */
interface ModuleInternals {
  readonly _extensions: Record<string, (module: CommonJsModule, fileName: string) => void>;
  _resolveFilename(
    request: string,
    parent: { readonly filename?: string | null } | undefined,
    ...rest: unknown[]
  ): string;
}

interface CommonJsModule {
  _compile(code: string, fileName: string): void;
}

/**
 * Installs the loader for `require` on Node 20, which does not call the hooks of `module.register`.
 * Loads the compiler into this thread only once a CommonJS module in TypeScript is required.
 */
export function registerRequireHooks(options: loaderModule.ModuleLoaderDeps): void {
  const internals = module as unknown as ModuleInternals;
  const loadLoader = (): typeof loaderModule =>
    createRequire(import.meta.url)("./module-loader.js") as typeof loaderModule;
  let loader: loaderModule.ModuleLoader | undefined;
  const getLoader = (): loaderModule.ModuleLoader => (loader ??= new (loadLoader().ModuleLoader)(options));
  for (const extension of [".ts", ".cts", ".tsx"]) {
    internals._extensions[extension] = (target, fileName) => {
      const loaded = loadLoader().orExit(() => getLoader().load(pathToFileURL(fileName).href));
      if (!loaded) throw new Error(`Cannot compile ${fileName}: TypeScript emits nothing for it.`);
      target._compile(loaded.source, fileName);
    };
  }
  const resolveAsNode = internals._resolveFilename;
  internals._resolveFilename = function resolveFilename(request, parent, ...rest) {
    const parentURL =
      parent?.filename && /\.[cm]?tsx?$/.test(parent.filename) ? pathToFileURL(parent.filename).href : undefined;
    if (parentURL === undefined) return resolveAsNode.call(this, request, parent, ...rest);
    const first = getLoader().resolveBeforeNode(request, parentURL);
    if (first !== undefined) return fileURLToPath(first);
    try {
      return resolveAsNode.call(this, request, parent, ...rest);
    } catch (error) {
      const last = isNotFound(error) ? getLoader().resolveAfterNode(request, parentURL) : undefined;
      if (last === undefined) throw error;
      return fileURLToPath(last);
    }
  };
}
