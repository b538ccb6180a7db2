/**
 * `node --import @methodic/compiler/register server.ts` runs a TypeScript project with decorated services, without a build.
 * Importing this module installs the hooks: it is the one module of the package that does something when imported.
 */
import module from "node:module";
import process from "node:process";
import type { LoaderOptions } from "./module-loader.ts";
import { registerRequireHooks } from "./require-hooks.ts";
import { wantsColor } from "../diagnostics/wants-color.ts";

/** What Node 22 and later have beyond the types of Node 20. */
type NewerModule = typeof module & { readonly registerHooks?: unknown; readonly enableCompileCache?: () => unknown };

const { registerHooks, enableCompileCache }: NewerModule = module;
const options: LoaderOptions = { color: wantsColor(process.stderr) };

enableCompileCache?.();
process.setSourceMapsEnabled(true);
if (registerHooks) {
  const { registerSyncHooks } = await import("./sync-hooks.ts");
  registerSyncHooks(options);
} else {
  registerRequireHooks(options);
  module.register("./hooks.js", import.meta.url, { data: options });
}
