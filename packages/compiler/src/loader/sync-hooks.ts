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
  load(url: string, context: unknown, nextLoad: (url: string) => object): object;
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
    load(url, _context, nextLoad) {
      const loaded = orExit(() => loader.load(url));
      return loaded ? { ...loaded, shortCircuit: true } : nextLoad(url);
    },
  };
  (module as typeof module & { registerHooks(hooks: SyncHooks): unknown }).registerHooks(hooks);
}
