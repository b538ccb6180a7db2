import path from "node:path";
import process from "node:process";
import type { ModuleTransform, TransformedModule } from "./transform.ts";

/** Options of the bundler plugins. */
export interface PluginOptions {
  /** The tsconfig of all modules, relative to the bundler's root. Default: the nearest `tsconfig.json` above each module. */
  readonly tsconfig?: string;
}

/** Modules that may hold TypeScript: what the plugins ask their bundlers for. */
export const TYPESCRIPT_MODULE: RegExp = /\.[cm]?tsx?(?:\?|$)/;
/** Modules among them that are none of ours. */
export const FOREIGN_MODULES: readonly RegExp[] = [/[/\\]node_modules[/\\]/, /\.d\.[cm]?ts(?:\?|$)/];
/** A text without these has no service in it. */
export const MAYBE_SERVICE: RegExp = /@|\bextends\b/;

/** The modules of one bundle, as every plugin compiles them. */
export class BundledModules {
  readonly #options: PluginOptions;
  #transform: Promise<ModuleTransform> | undefined;
  /** What relative paths are relative to. */
  root: string = process.cwd();

  constructor(options: PluginOptions = {}) {
    this.#options = options;
  }

  /** Compiles a module that holds something of ours; undefined for all others, which the bundler can do as well. */
  async compileService(fileName: string, text: string): Promise<TransformedModule | undefined> {
    return MAYBE_SERVICE.test(text) ? (await this.#load()).transform(fileName, text) : undefined;
  }

  /** Compiles a module whatever it holds, for bundlers that know no TypeScript. */
  async compile(fileName: string, text: string): Promise<TransformedModule | undefined> {
    return (await this.#load()).transform(fileName, text, { always: true });
  }

  /** Where a module written in TypeScript finds another, though the bundler does not. */
  async resolve(specifier: string, importer: string): Promise<string | undefined> {
    return (await this.#load()).resolve(specifier, importer);
  }

  /** Says that files may have changed on disk. */
  async invalidate(): Promise<void> {
    (await this.#transform)?.invalidate();
  }

  /** TypeScript takes a third of a second to load; a build without decorated modules need not pay it. */
  #load(): Promise<ModuleTransform> {
    this.#transform ??= this.#createTransform();
    return this.#transform;
  }

  async #createTransform(): Promise<ModuleTransform> {
    const { tsconfig } = this.#options;
    const { ModuleTransform } = await import("./transform.ts");
    return new ModuleTransform(tsconfig === undefined ? {} : { tsconfig: path.resolve(this.root, tsconfig) });
  }
}

/** The file a module id stands for; nothing for ids that ask for something else than the module, such as `?raw`. */
export function moduleFile(id: string): string | undefined {
  const [fileName = "", query = ""] = id.split("?", 2);
  const asksForMore = /(?:^|&)(?:raw|url|worker|sharedworker|inline)(?:[&=]|$)/.test(query);
  return asksForMore || fileName.startsWith("\0") ? undefined : fileName;
}

/** Whether a module may be ours by its name. */
export function isTypeScriptModule(id: string): boolean {
  return TYPESCRIPT_MODULE.test(id) && !FOREIGN_MODULES.some((pattern) => pattern.test(id));
}
