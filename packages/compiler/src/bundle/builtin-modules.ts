import { isBuiltin } from "node:module";
import path from "node:path";
import type { Plugin } from "rolldown";
import { RUNTIME_MODULE } from "../emit/startup-import.ts";
import { toPosix } from "../diagnostics/diagnostic.ts";
import type { BundleTarget } from "./bundle-options.ts";

/** A plugin for Node's built-in modules in a bundle, and its findings. */
export interface BuiltinModules {
  readonly plugin: Plugin;
  /** Returns notes for the author about the built-in modules that the bundle imports. */
  listNotes(root: string): string[];
}

const LAZY = "\0methodic:builtin:";

/**
 * Creates the plugin for Node's built-in modules. A single file evaluates every `import` when it
 * starts, so modules that only one of Methodic's transports needs are looked up on first use.
 *
 * Workers lack these modules: any use by Methodic throws an error that explains it, and imports in
 * the author's code are listed in the notes.
 */
export function replaceBuiltins(target: BundleTarget): BuiltinModules {
  const imported = new Map<string, Set<string>>();
  return {
    listNotes: (root) =>
      Array.from(imported, ([name, importers]) => {
        const places = Array.from(importers, (file) => path.relative(root, file)).sort();
        return `The bundle imports '${name}' (from ${places.slice(0, 3).join(", ")}): on Cloudflare Workers this needs the compatibility flag nodejs_compat.`;
      }).sort(),
    plugin: {
      name: "methodic-builtins",
      resolveId: {
        order: "pre",
        filter: { id: /^[a-z][a-z_0-9]*(?:\/[a-z_0-9]+)*$|^node:/ },
        handler(source, importer) {
          if (!isBuiltin(source)) return null;
          const name = source.startsWith("node:") ? source : `node:${source}`;
          if (importer !== undefined && RUNTIME_MODULE.test(toPosix(importer))) {
            return target === "worker" || LAZY_BUILTINS.has(name) ? { id: LAZY + name } : { id: name, external: true };
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
        handler: (id) => ({ code: generateBuiltin(id.slice(LAZY.length), target), moduleType: "js" }),
      },
    },
  };
}

/** Large built-in modules that only one transport uses. */
const LAZY_BUILTINS: ReadonlySet<string> = new Set(["node:http", "node:https", "node:net", "node:tls"]);

/** Generates the lookup as CommonJS, which bundlers evaluate on first use. */
function generateBuiltin(name: string, target: BundleTarget): string {
  if (target !== "worker") return `module.exports = process.getBuiltinModule(${JSON.stringify(name)});\n`;
  const message = `'${name}' is not available: this bundle was built for Workers. Use server.fetch(), not serve() or nodeHandler().`;
  return `module.exports = new Proxy({}, {
  get(_, key) {
    if (typeof key === "symbol" || key === "__esModule" || key === "default" || key === "then") return undefined;
    throw new Error(${JSON.stringify(message)});
  },
});
`;
}
