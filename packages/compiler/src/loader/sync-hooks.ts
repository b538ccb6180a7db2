import { readFileSync } from "node:fs";
import module from "node:module";
import { ModuleLoader, orExit, type ModuleLoaderDeps, type ResolvedModule } from "./module-loader.ts";
import { isNotFound } from "./not-found.ts";

/** The hooks of `module.registerHooks` (Node 22.15 and later) that are used here. */
interface SyncHooks {
  resolve(
    specifier: string,
    context: { readonly parentURL?: string },
    nextResolve: (specifier: string) => ResolvedModule,
  ): ResolvedModule;
  load(url: string, context: { readonly format?: string | null }, nextLoad: (url: string) => object): object;
}

/** Installs the loader in this thread, for both `import` and `require`. */
export function registerSyncHooks(deps: ModuleLoaderDeps): void {
  const loader = new ModuleLoader(deps);
  const hooks: SyncHooks = {
    resolve(specifier, { parentURL }, nextResolve) {
      const first = loader.resolveBeforeNode(specifier, parentURL);
      if (first !== undefined) return { url: first, shortCircuit: true };
      try {
        return nextResolve(specifier);
      } catch (error) {
        const last = isNotFound(error) ? loader.resolveAfterNode(specifier, parentURL) : undefined;
        if (last === undefined) throw error;
        return { url: last, shortCircuit: true };
      }
    },
    load(url, { format }, nextLoad) {
      const loaded = orExit(() => loader.load(url));
      if (loaded) return { ...loaded, shortCircuit: true };
      try {
        return nextLoad(url);
      } catch (error) {
        if (format !== "commonjs" || !isWithoutSource(error)) throw error;
        return { format, source: readFileSync(new URL(url)), shortCircuit: true };
      }
    },
  };
  (module as typeof module & { registerHooks(hooks: SyncHooks): unknown }).registerHooks(hooks);
}

/**
 * Checks for Node's refusal of a CommonJS module without a source. Loaders that are registered with
 * `module.register`, such as tsx, leave it to Node to read such modules, and Node's check of the
 * hooks here does not allow that.
 */
function isWithoutSource(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ERR_INVALID_RETURN_PROPERTY_VALUE";
}
