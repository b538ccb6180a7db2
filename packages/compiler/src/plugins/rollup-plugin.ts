import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import path from "node:path";
import {
  BundledModules,
  FOREIGN_MODULES,
  isTypeScriptModule,
  MAYBE_SERVICE,
  moduleFile,
  TYPESCRIPT_MODULE,
  type PluginOptions,
} from "./modules.ts";
import { problemsOf } from "./problems.ts";
import type { TransformedModule } from "./transform.ts";

/** What these plugins use of the contexts of Rollup, Rolldown and Vite. */
export interface RollupContext {
  addWatchFile(id: string): void;
  warn(problem: RollupProblem): void;
  error(problem: RollupProblem): never;
}

interface RollupProblem {
  id: string;
  message: string;
  /** Vite's overlay and Rollup's reports show it. */
  frame: string;
  loc?: { file: string; line: number; column: number };
  pluginCode?: string;
}

/** A module as these bundlers take it. */
export interface RollupOutput {
  code: string;
  map: { version: 3; sources: string[]; sourcesContent?: (string | null)[]; names: string[]; mappings: string };
  /** Rolldown: what the code is, whatever the file is called. */
  moduleType?: "js" | "jsx";
}

interface TransformHook {
  order: "pre" | "post";
  filter: { id: { include: RegExp; exclude: RegExp[] }; code?: RegExp };
  handler(this: RollupContext, code: string, id: string): Promise<RollupOutput | null>;
}

/** The parts of a plugin that Rollup, Rolldown and Vite have in common. */
export interface RollupLikePlugin {
  name: string;
  transform: TransformHook;
  watchChange(id: string): Promise<void>;
}

/** The parts of a plugin for a bundler that knows no TypeScript. */
export interface StandalonePlugin extends RollupLikePlugin {
  resolveId: {
    order: "pre";
    handler(specifier: string, importer: string | undefined): Promise<string | null>;
  };
  load: { order: "pre"; handler(this: RollupContext, id: string): Promise<RollupOutput | null> };
  onLog(level: string, log: { readonly code?: string | undefined; readonly id?: string | undefined }): boolean;
}

/**
 * The plugin for bundlers that compile TypeScript themselves. It compiles modules with decorators before anything else sees them,
 * so that service classes carry their manifests and standard decorators, which these bundlers leave in place, run.
 */
export function createPlugin(modules: BundledModules): RollupLikePlugin {
  return {
    name: "methodic",
    transform: {
      order: "pre",
      filter: { ...moduleFilter(), code: MAYBE_SERVICE },
      async handler(code, id) {
        const fileName = moduleFile(id);
        return fileName === undefined ? null : hand(this, await modules.compileService(fileName, code), id);
      },
    },
    watchChange: (id) => invalidateFor(modules, id),
  };
}

/**
 * The plugin for Rollup. It reads modules with decorators itself, since other plugins may answer with JavaScript that
 * has lost its types, and compiles any TypeScript that no other plugin has compiled.
 */
export function createStandalonePlugin(options: PluginOptions | undefined): StandalonePlugin {
  const modules = new BundledModules(options);
  const compiled = new Set<string>();
  return {
    name: "methodic",
    resolveId: {
      order: "pre",
      async handler(specifier, importer) {
        const from = importer === undefined ? undefined : moduleFile(importer);
        if (from === undefined || !isTypeScriptModule(from) || isFoundByRollup(specifier, from)) return null;
        return (await modules.resolve(specifier, from)) ?? null;
      },
    },
    load: {
      order: "pre",
      async handler(id) {
        const fileName = moduleFile(id);
        if (fileName === undefined || !isTypeScriptModule(id)) return null;
        const output = hand(this, await modules.compileService(fileName, await readFile(fileName, "utf8")), id);
        if (output) compiled.add(id);
        return output;
      },
    },
    transform: {
      order: "post",
      filter: moduleFilter(),
      async handler(code, id) {
        const fileName = moduleFile(id);
        // A text that is still the file's has been left to us by every other plugin.
        if (fileName === undefined || (await readFile(fileName, "utf8")) !== code) return null;
        const output = hand(this, await modules.compile(fileName, code), id);
        if (output) compiled.add(id);
        return output;
      },
    },
    // What TypeScript puts before a class to run its decorators asks for a `this` that modules do not have, and does without.
    onLog: (_level, { code, id }) => code !== "THIS_IS_UNDEFINED" || id === undefined || !compiled.has(id),
    watchChange: (id) => invalidateFor(modules, id),
  };
}

function moduleFilter(): { id: { include: RegExp; exclude: RegExp[] } } {
  return { id: { include: TYPESCRIPT_MODULE, exclude: [...FOREIGN_MODULES] } };
}

function isFoundByRollup(specifier: string, importer: string): boolean {
  return /^\.{0,2}\//.test(specifier) && existsSync(path.resolve(path.dirname(importer), specifier));
}

async function invalidateFor(modules: BundledModules, id: string): Promise<void> {
  if (/\.(?:[cm]?tsx?|json)$/.test(id)) await modules.invalidate();
}

/** Gives the bundler what became of a module: code, files to watch, warnings, or the error that fails it. */
function hand(context: RollupContext, result: TransformedModule | undefined, id: string): RollupOutput | null {
  if (!result) return null;
  for (const file of result.dependencies) context.addWatchFile(file);
  const toProblem = ({ message, frame, location }: ReturnType<typeof problemsOf>[number]): RollupProblem => ({
    id,
    message,
    frame,
    ...(location && { loc: location }),
  });
  for (const warning of problemsOf(result, "warning")) context.warn(toProblem(warning));
  const errors = problemsOf(result, "error");
  const [first] = errors;
  if (first) {
    // A plugin can fail only once a module: the location is the first problem's, the message names all.
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
