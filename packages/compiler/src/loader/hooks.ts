/** The hooks of `module.register` for Node 20, which run in a separate thread. */
import {
  ModuleLoader,
  ReportedProblems,
  type LoadedModule,
  type ModuleLoaderDeps,
  type ResolvedModule,
} from "./module-loader.ts";
import { isNotFound } from "./not-found.ts";

let loader: ModuleLoader | undefined;

/** Receives the data that was registered with the hooks. */
export function initialize(deps: ModuleLoaderDeps): void {
  loader = new ModuleLoader(deps);
}

/** Node's `resolve` hook. */
export async function resolve(
  specifier: string,
  context: { readonly parentURL?: string },
  nextResolve: (specifier: string, context: object) => Promise<ResolvedModule>,
): Promise<ResolvedModule> {
  const first = loader?.resolveBeforeNode(specifier, context.parentURL);
  if (first !== undefined) return { url: first, shortCircuit: true };
  try {
    return await nextResolve(specifier, context);
  } catch (error) {
    const last = isNotFound(error) ? loader?.resolveAfterNode(specifier, context.parentURL) : undefined;
    if (last === undefined) throw error;
    return { url: last, shortCircuit: true };
  }
}

/** Node's `load` hook. */
export async function load(
  url: string,
  context: object,
  nextLoad: (url: string, context: object) => Promise<object>,
): Promise<object> {
  const loaded = loadOrExplain(url);
  if (!loaded) return nextLoad(url, context);
  // With a source, Node 20 would run a CommonJS module in a way that prevents it from requiring ES
  // modules. Without one, it calls the require hooks.
  const source = loaded.format === "commonjs" ? undefined : loaded.source;
  return { format: loaded.format, source, shortCircuit: true };
}

function loadOrExplain(url: string): LoadedModule | undefined {
  try {
    return loader?.load(url);
  } catch (error) {
    if (!(error instanceof ReportedProblems)) throw error;
    // This thread cannot end the process, so the module's replacement does it in the main thread.
    return { format: "module", source: `process.stderr.write(${JSON.stringify(error.message)});\nprocess.exit(1);\n` };
  }
}
