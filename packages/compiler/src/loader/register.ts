/**
 * Runs a TypeScript project with decorated services in Node, without a build:
 * `node --import @methodic/compiler/register server.ts`.
 *
 * Importing this module installs the hooks.
 */
import module from "node:module";
import process from "node:process";
import type { ModuleLoaderDeps } from "./module-loader.ts";
import { registerRequireHooks } from "./require-hooks.ts";
import { wantsColor } from "../diagnostics/wants-color.ts";
import { SCHEMA_FLAGS, type SchemaOptions } from "../project/schema-options.ts";

/** The parts of `node:module` in Node 22 and later that are missing from the types of Node 20. */
type NewerModule = typeof module & { readonly registerHooks?: unknown; readonly enableCompileCache?: () => unknown };

const { registerHooks, enableCompileCache }: NewerModule = module;
const { [SCHEMA_FLAGS]: schemaOptions } = globalThis as { readonly [SCHEMA_FLAGS]?: SchemaOptions };
const options: ModuleLoaderDeps = { color: wantsColor(process.stderr), ...(schemaOptions && { schemaOptions }) };

enableCompileCache?.();
process.setSourceMapsEnabled(true);
if (registerHooks) {
  const { registerSyncHooks } = await import("./sync-hooks.ts");
  registerSyncHooks(options);
} else {
  registerRequireHooks(options);
  module.register("./hooks.js", import.meta.url, { data: options });
}
