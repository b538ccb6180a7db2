import path from "node:path";
import process from "node:process";
import type { SchemaOptions } from "../project/schema-options.ts";
import type { ModuleTransform, TransformedModule } from "./module-transform.ts";

/** Options of the bundler plugins. */
export interface PluginOptions {
  /**
   * The tsconfig for all modules, relative to the bundler's root. Default: the nearest
   * `tsconfig.json` above each module.
   */
  readonly tsconfig?: string;
}

/** Matches the ids of TypeScript modules; the filter of the plugins. */
export const TYPESCRIPT_MODULE: RegExp = /\.[cm]?tsx?(?:\?|$)/;
/**
 * Matches the ids of TypeScript modules that are never compiled: installed packages and
 * declarations.
 */
export const EXCLUDED_MODULES: readonly RegExp[] = [/[/\\]node_modules[/\\]/, /\.d\.[cm]?ts(?:\?|$)/];
/**
 * Matches every text that may need the compiler: with a decorator, a derived class, or a call that
 * gets data.
 */
export const SERVICE_HINT: RegExp = /@|\bextends\b|\belicit\b|\b(?:config|createServer)\s*(?:[<(]|as\b)/;

/** Options of a {@link ModuleCompiler}. */
interface ModuleCompilerOptions extends PluginOptions {
  readonly schemaOptions?: SchemaOptions;
}

/** Compiles the modules of one bundle. Loads TypeScript on first use. */
export class ModuleCompiler {
  readonly #options: ModuleCompilerOptions;
  #transform: Promise<ModuleTransform> | undefined;
  /** The folder that relative paths are resolved from. */
  root: string = process.cwd();

  constructor(options: ModuleCompilerOptions = {}) {
    this.#options = options;
  }

  /**
   * Compiles a module with services or standard decorators. Returns undefined for other modules,
   * which the bundler compiles.
   */
  async compileService(fileName: string, text: string): Promise<TransformedModule | undefined> {
    return SERVICE_HINT.test(text) ? (await this.#load()).transform(fileName, text) : undefined;
  }

  /** Compiles any module, for bundlers without support for TypeScript. */
  async compile(fileName: string, text: string): Promise<TransformedModule | undefined> {
    return (await this.#load()).transform(fileName, text, { always: true });
  }

  /** Resolves a specifier of a TypeScript module that the bundler cannot resolve. */
  async resolve(specifier: string, importer: string): Promise<string | undefined> {
    return (await this.#load()).resolve(specifier, importer);
  }

  /** Marks compiled files as outdated, after changes on disk. */
  async invalidate(): Promise<void> {
    (await this.#transform)?.invalidate();
  }

  /** Loads TypeScript lazily: it takes a third of a second, which builds without services save. */
  #load(): Promise<ModuleTransform> {
    this.#transform ??= this.#createTransform();
    return this.#transform;
  }

  async #createTransform(): Promise<ModuleTransform> {
    const { tsconfig, ...options } = this.#options;
    const { ModuleTransform } = await import("./module-transform.ts");
    return new ModuleTransform({
      ...options,
      ...(tsconfig !== undefined && { tsconfig: path.resolve(this.root, tsconfig) }),
    });
  }
}

/**
 * Returns the file of a module id, or undefined for ids that request something else, such as
 * `?raw`.
 */
export function parseModuleId(id: string): string | undefined {
  const [fileName = "", query = ""] = id.split("?", 2);
  const isSpecialRequest = /(?:^|&)(?:raw|url|worker|sharedworker|inline)(?:[&=]|$)/.test(query);
  return isSpecialRequest || fileName.startsWith("\0") ? undefined : fileName;
}

/** Checks by its id whether a module is TypeScript of the project. */
export function isTypeScriptModule(id: string): boolean {
  return TYPESCRIPT_MODULE.test(id) && !EXCLUDED_MODULES.some((pattern) => pattern.test(id));
}
