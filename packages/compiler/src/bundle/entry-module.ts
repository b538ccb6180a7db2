import path from "node:path";
import type { Plugin } from "rolldown";
import { toPosix } from "../diagnostics/diagnostic.ts";
import { resolveStartup } from "../emit/startup-import.ts";
import type { BundleEntry } from "./entry.ts";
import type { BundleTarget } from "./bundle-options.ts";

/** Id of the bundler's input, a virtual module. */
export const ENTRY_ID = "methodic:entry";
const RESOLVED_ID = `\0${ENTRY_ID}`;

/**
 * Creates the plugin that provides the bundler's input: it imports the author's entry and serves
 * the entry's default export.
 */
export function generateEntry(entry: BundleEntry, target: BundleTarget): Plugin {
  return {
    name: "methodic-entry",
    resolveId: { order: "pre", filter: { id: /^methodic:entry$/ }, handler: () => RESOLVED_ID },
    load: {
      filter: { id: /^\0methodic:entry$/ },
      handler: () => ({ code: generateEntryCode(entry, target), moduleType: "js", moduleSideEffects: true }),
    },
  };
}

function generateEntryCode(entry: BundleEntry, target: BundleTarget): string {
  const from = JSON.stringify(toPosix(entry.fileName));
  if (target !== "node") return `import exported from ${from};\n${generateFetch(target)}`;
  const startup = resolveStartup(entry.fileName);
  const head = [
    ...(entry.hashbang === undefined ? [] : [entry.hashbang]),
    // Guards stdout before any other module runs.
    ...(startup === undefined ? [] : [`import ${JSON.stringify(toPosix(startup))};`]),
  ].map((line) => `${line}\n`);
  if (!entry.hasDefaultExport) return `${head.join("")}import ${from};\nexport * from ${from};\n`;
  const exports = `export * from ${from};\nexport { default } from ${from};\n`;
  return head.join("") + exports + (entry.servesItself ? "" : generateServe(from, path.basename(entry.fileName)));
}

/**
 * Generates an export of `fetch` and of the settings that the runtime reads from it. Like `serve`,
 * Bun then listens only on this machine unless `HOST` says otherwise.
 */
function generateFetch(target: BundleTarget): string {
  const fetch = "fetch: (request, connection) => exported.fetch(request, connection)";
  const settings = target === "bun" ? ', hostname: process.env.HOST || "127.0.0.1"' : "";
  return `export default typeof exported?.serve === "function" ? { ${fetch}${settings} } : exported;\n`;
}

/**
 * Generates code that serves the default export if the bundle is run as a program, but not if a
 * test or a serverless function imports it.
 */
function generateServe(from: string, name: string): string {
  return `import server from ${from};
import { realpathSync } from "node:fs";
import { argv, exit, stderr } from "node:process";
import { fileURLToPath } from "node:url";

function isProgram() {
  if (Symbol.for("methodic.run") in globalThis) return false;
  if (import.meta.main !== undefined) return import.meta.main;
  try {
    return realpathSync(argv[1]) === realpathSync(fileURLToPath(import.meta.url));
  } catch {
    return false;
  }
}

if (isProgram()) {
  if (typeof server?.serve !== "function") {
    stderr.write(${JSON.stringify(`methodic: the default export of ${name} is not a server. Write: export default createServer({ … });\n`)});
    exit(1);
  }
  server.serve().catch((error) => {
    stderr.write(error?.name === "MethodicError" ? \`methodic: \${error.message}\\n\` : \`\${error?.stack ?? error}\\n\`);
    exit(1);
  });
}
`;
}

/**
 * Generates an import that guards the start of a bundle before the packages that are left out load:
 * they are imported, and imports run before the bundle's own code.
 */
export async function inlineStartup(
  { fileName }: BundleEntry,
  rolldown: typeof import("rolldown").rolldown,
): Promise<string> {
  const startup = resolveStartup(fileName);
  if (startup === undefined) return "";
  const build = await rolldown({ input: startup, platform: "node" });
  const { output } = await build.generate({ format: "esm", minify: true });
  await build.close();
  return `import ${JSON.stringify(`data:text/javascript,${encodeURIComponent(output[0].code)}`)};`;
}
