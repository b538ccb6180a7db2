import { isBuiltin } from "node:module";
import path from "node:path";
import type { Plugin } from "rolldown";
import type { BundleTarget } from "./bundle-options.ts";

/** What a bundle has instead of Node's own modules. */
export interface ProvidedBuiltins {
  readonly plugin: Plugin;
  /** What is to be said about them. */
  notes(root: string): string[];
}

const LAZY = "\0methodic:builtin:";

/**
 * The plugin for Node's own modules. What this framework itself loads only for one transport must not be loaded by a bundle that serves
 * another: an `import` in one file is always run, so there it becomes a look-up, where the module is used.
 * Workers have none: there the look-up explains itself, and what the author's modules import is told.
 */
export function provideBuiltins(target: BundleTarget): ProvidedBuiltins {
  const imported = new Map<string, Set<string>>();
  return {
    notes: (root) =>
      Array.from(imported, ([name, importers]) => {
        const places = Array.from(importers, (file) => path.relative(root, file)).sort();
        return `The bundle imports '${name}' (from ${places.slice(0, 3).join(", ")}): on Cloudflare Workers it needs the compatibility flag nodejs_compat.`;
      }).sort(),
    plugin: {
      name: "methodic-builtins",
      resolveId: {
        order: "pre",
        filter: { id: /^[a-z][a-z_0-9]*(?:\/[a-z_0-9]+)*$|^node:/ },
        handler(source, importer) {
          if (!isBuiltin(source)) return null;
          const name = source.startsWith("node:") ? source : `node:${source}`;
          if (importer !== undefined && OF_THE_FRAMEWORK.test(importer.replaceAll("\\", "/"))) {
            return target === "worker" || LOADED_LATE.has(name) ? { id: LAZY + name } : { id: name, external: true };
          }
          if (target === "worker") {
            const importers = imported.get(name) ?? new Set();
            imported.set(name, importers.add(importer ?? ""));
          }
          return { id: name, external: true };
        },
      },
      load: {
        filter: { id: /^\0methodic:builtin:/ },
        handler: (id) => ({ code: wordBuiltin(id.slice(LAZY.length), target), moduleType: "js" }),
      },
    },
  };
}

/** The runtime's modules, as installed or in a workspace. */
const OF_THE_FRAMEWORK = /\/(?:node_modules|packages)\/methodic\/(?:dist|src)\//;
/** Large, and only for one way to serve. */
const LOADED_LATE: ReadonlySet<string> = new Set(["node:http", "node:https", "node:net", "node:tls"]);

/** As CommonJS: a bundler runs that where it is first used, and looks its names up when they are. */
function wordBuiltin(name: string, target: BundleTarget): string {
  if (target !== "worker") return `module.exports = process.getBuiltinModule(${JSON.stringify(name)});\n`;
  const message = `This bundle was made for Workers, which have no '${name}': its server answers fetch(), and neither serve() nor a Node handler.`;
  return `module.exports = new Proxy({}, {
  get(_, key) {
    if (typeof key === "symbol" || key === "__esModule" || key === "default" || key === "then") return undefined;
    throw new Error(${JSON.stringify(message)});
  },
});
`;
}
