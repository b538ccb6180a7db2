import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import path from "node:path";
import {
  ModuleCompiler,
  EXCLUDED_MODULES,
  isTypeScriptModule,
  SERVICE_HINT,
  parseModuleId,
  TYPESCRIPT_MODULE,
  type PluginOptions,
} from "./module-compiler.ts";
import { toBundlerProblems } from "./problems.ts";
import type { TransformedModule } from "./module-transform.ts";

/** The part of the plugin contexts of Rollup, Rolldown and Vite that is used here. */
export interface RollupContext {
  addWatchFile(id: string): void;
  warn(problem: RollupProblem): void;
  error(problem: RollupProblem): never;
}

interface RollupProblem {
  id: string;
  message: string;
  /** Source lines, shown by Vite's overlay and Rollup's reports. */
  frame: string;
  loc?: { file: string; line: number; column: number };
  pluginCode?: string;
}

/** A compiled module in the form that these bundlers accept. */
export interface RollupOutput {
  code: string;
  map: { version: 3; sources: string[]; sourcesContent?: (string | null)[]; names: string[]; mappings: string };
  /** Rolldown only: the kind of the code, regardless of the file's extension. */
  moduleType?: "js" | "jsx";
}

interface TransformHook {
  order: "pre" | "post";
  filter: { id: { include: RegExp; exclude: RegExp[] }; code?: RegExp };
  handler(this: RollupContext, code: string, id: string): Promise<RollupOutput | null>;
}

/** The plugin interface that Rollup, Rolldown and Vite share. */
export interface RollupLikePlugin {
  name: string;
  transform: TransformHook;
  watchChange(id: string): Promise<void>;
}

/** The interface of a plugin that compiles all TypeScript of a bundle. */
export interface StandalonePlugin extends RollupLikePlugin {
  resolveId: {
    order: "pre";
    handler(specifier: string, importer: string | undefined): Promise<string | null>;
  };
  load: { order: "pre"; handler(this: RollupContext, id: string): Promise<RollupOutput | null> };
  onLog(level: string, log: { readonly code?: string | undefined; readonly id?: string | undefined }): boolean;
}

/**
 * Creates the plugin for bundlers that compile TypeScript themselves. It compiles modules with
 * decorators first, to add manifests to service classes and to lower standard decorators, which
 * these bundlers leave in place.
 */
export function createPlugin(modules: ModuleCompiler): RollupLikePlugin {
  return {
    name: "methodic",
    transform: {
      order: "pre",
      filter: { ...createModuleFilter(), code: SERVICE_HINT },
      async handler(code, id) {
        const fileName = parseModuleId(id);
        return fileName === undefined ? null : passOn(this, await modules.compileService(fileName, code), id);
      },
    },
    watchChange: (id) => invalidateFor(modules, id),
  };
}

/**
 * Creates the plugin for Rollup. It loads modules with decorators itself, since other plugins may
 * return JavaScript without types, and compiles all TypeScript that no other plugin has compiled.
 */
export function createStandalonePlugin(options: PluginOptions | undefined): StandalonePlugin {
  const modules = new ModuleCompiler(options);
  const compiled = new Set<string>();
  return {
    name: "methodic",
    resolveId: {
      order: "pre",
      async handler(specifier, importer) {
        const from = importer === undefined ? undefined : parseModuleId(importer);
        if (from === undefined || !isTypeScriptModule(from) || isFoundByRollup(specifier, from)) return null;
        return (await modules.resolve(specifier, from)) ?? null;
      },
    },
    load: {
      order: "pre",
      async handler(id) {
        const fileName = parseModuleId(id);
        if (fileName === undefined || !isTypeScriptModule(id)) return null;
        const output = passOn(this, await modules.compileService(fileName, await readFile(fileName, "utf8")), id);
        if (output) compiled.add(id);
        return output;
      },
    },
    transform: {
      order: "post",
      filter: createModuleFilter(),
      async handler(code, id) {
        const fileName = parseModuleId(id);
        // The text equals the file: no other plugin has compiled it.
        if (fileName === undefined || (await readFile(fileName, "utf8")) !== code) return null;
        const output = passOn(this, await modules.compile(fileName, code), id);
        if (output) compiled.add(id);
        return output;
      },
    },
    // TypeScript's decorator helpers refer to the top-level `this`, but work without it.
    onLog: (_level, { code, id }) => code !== "THIS_IS_UNDEFINED" || id === undefined || !compiled.has(id),
    watchChange: (id) => invalidateFor(modules, id),
  };
}

function createModuleFilter(): { id: { include: RegExp; exclude: RegExp[] } } {
  return { id: { include: TYPESCRIPT_MODULE, exclude: [...EXCLUDED_MODULES] } };
}

function isFoundByRollup(specifier: string, importer: string): boolean {
  return /^\.{0,2}\//.test(specifier) && existsSync(path.resolve(path.dirname(importer), specifier));
}

async function invalidateFor(modules: ModuleCompiler, id: string): Promise<void> {
  if (/\.(?:[cm]?tsx?|json)$/.test(id)) await modules.invalidate();
}

/**
 * Passes a compiled module to the bundler: code, files to watch, warnings, or the error that fails
 * it.
 */
function passOn(context: RollupContext, result: TransformedModule | undefined, id: string): RollupOutput | null {
  if (!result) return null;
  for (const file of result.dependencies) context.addWatchFile(file);
  const toProblem = ({ message, frame, location }: ReturnType<typeof toBundlerProblems>[number]): RollupProblem => ({
    id,
    message,
    frame,
    ...(location && { loc: location }),
  });
  for (const warning of toBundlerProblems(result, "warning")) context.warn(toProblem(warning));
  const errors = toBundlerProblems(result, "error");
  const [first] = errors;
  if (first) {
    // A plugin fails once per module: the location is the first error's, the message lists all.
    const message = errors.map((error) => error.message).join("\n");
    context.error({ ...toProblem(first), message, pluginCode: first.code });
  }
  if (!result.output) return null;
  const { code, map, syntax } = result.output;
  const { sources, names, sourcesContent, mappings } = map;
  return {
    code,
    map: {
      version: 3,
      sources: [...sources],
      names: [...names],
      mappings,
      ...(sourcesContent && { sourcesContent: [...sourcesContent] }),
    },
    moduleType: syntax,
  };
}
