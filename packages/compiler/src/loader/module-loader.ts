import process from "node:process";
import { fileURLToPath, pathToFileURL } from "node:url";
import type ts from "typescript";
import { hasErrors, sortDiagnostics, type Diagnostic } from "../diagnostics/diagnostic.ts";
import type { EmittedModule } from "../emit/emit.ts";
import { completeSource } from "../emit/patch-module.ts";
import type { Compilation } from "../manifest.ts";
import type { Project } from "../project/project.ts";
import { importClosure } from "../session/import-closure.ts";
import { isBare, isRelative, matchesAlias, resolveAsTypeScript, sourceOf } from "../session/module-resolution.ts";
import { ProjectSession, type SessionFile } from "../session/project-session.ts";
import { reportDiagnostics } from "../diagnostics/report.ts";

/** What the loader answers to Node's `load` hook. */
export interface LoadedModule {
  readonly format: "module" | "commonjs";
  readonly source: string;
}

/** How a loader behaves. Sent to the hooks thread, so plain data. */
export interface LoaderOptions {
  /** ANSI colours and code frames in reports of problems. */
  readonly color: boolean;
}

/** Problems that stop the author's program before it starts. The message is the list of them, ready for the terminal. */
export class ReportedProblems extends Error {
  override readonly name: string = "ReportedProblems";
}

/**
 * Finds and compiles the TypeScript modules of a project for Node, whichever kind of hooks it has.
 * Modules in node_modules and plain JavaScript are not its business.
 */
export class ModuleLoader {
  readonly #session = new ProjectSession({ purpose: "loader" });
  readonly #compiled = new Map<ts.SourceFile, Compilation>();
  readonly #options: LoaderOptions;

  constructor(options: LoaderOptions) {
    this.#options = options;
  }

  /** Where a specifier leads that Node would not find, or would take for something else: the source of `./x.js`, or a path alias. */
  resolveFirst(specifier: string, parentURL: string | undefined): string | undefined {
    const parent = sourcePath(parentURL);
    if (parent === undefined) return undefined;
    if (isRelative(specifier)) return sourceOf(new URL(specifier, parentURL));
    const opened = isBare(specifier) ? this.#session.open(parent) : undefined;
    return opened && matchesAlias(specifier, opened.project.options)
      ? resolveAsTypeScript(specifier, opened)
      : undefined;
  }

  /** Where TypeScript finds a module that Node did not find. */
  resolveLast(specifier: string, parentURL: string | undefined): string | undefined {
    const parent = sourcePath(parentURL);
    const opened = parent === undefined ? undefined : this.#session.open(parent);
    return opened && resolveAsTypeScript(specifier, opened);
  }

  /**
   * Compiles a module; undefined if it is not the loader's.
   * @throws ReportedProblems if a service in it, or in a module it imports, cannot be compiled
   */
  load(url: string): LoadedModule | undefined {
    const fileName = sourcePath(url);
    const opened = fileName === undefined ? undefined : this.#session.open(fileName);
    if (!opened) return undefined;
    const emitted = this.#session.emit(opened, this.#compilationOf(opened));
    return emitted && { format: emitted.format === "esm" ? "module" : "commonjs", source: withInlineMap(emitted) };
  }

  /**
   * Puts the manifests of a module's services into its own text, for a runtime that compiles TypeScript itself;
   * undefined if it has no services.
   * @throws ReportedProblems if a service in it, or in a module it imports, cannot be compiled
   */
  complete(fileName: string): string | undefined {
    const opened = this.#session.open(fileName);
    const compilation = opened && this.#compilationOf(opened);
    const services = compilation?.services.filter(({ sourceFile }) => sourceFile === opened?.sourceFile) ?? [];
    return opened && services.length > 0 ? completeSource(opened.sourceFile, services) : undefined;
  }

  /** All modules that the first one imports are compiled with it, so that all their problems are reported at once. */
  #compilationOf(opened: SessionFile): Compilation {
    const { project, sourceFile } = opened;
    const known = this.#compiled.get(sourceFile);
    if (known) return known;
    const files = importClosure(opened).filter((file) => !this.#compiled.has(file));
    const compilation = this.#session.compile(project, files);
    const problems = sortDiagnostics([...project.diagnostics, ...compilation.diagnostics]);
    if (hasErrors(problems)) throw new ReportedProblems(this.#report(problems, project));
    if (problems.length > 0) process.stderr.write(this.#report(problems, project));
    for (const file of files) this.#compiled.set(file, compilation);
    return compilation;
  }

  #report(problems: readonly Diagnostic[], project: Project): string {
    return reportDiagnostics(problems, project.root, { format: this.#options.color ? "pretty" : "text" });
  }
}

/** The path of a TypeScript source that the loader compiles. */
function sourcePath(url: string | undefined): string | undefined {
  if (!url?.startsWith("file:") || url.includes("/node_modules/")) return undefined;
  const fileName = fileURLToPath(url);
  return /\.[cm]?tsx?$/.test(fileName) && !/\.d\.[cm]?ts$/.test(fileName) ? fileName : undefined;
}

/** Node shows positions of the TypeScript file in stack traces when the map is part of the code and names a URL. */
function withInlineMap({ code, map }: EmittedModule): string {
  const sources = map.sources.map((source) => pathToFileURL(source).href);
  const json = Buffer.from(JSON.stringify({ ...map, sources })).toString("base64");
  return `${code}\n//# sourceMappingURL=data:application/json;charset=utf-8;base64,${json}\n`;
}

/**
 * Runs a step of a loader in the main thread. A list of problems ends the process there and then:
 * an exception would bury it in a stack trace of the runtime's loader.
 */
export function orExit<T>(step: () => T): T {
  try {
    return step();
  } catch (error) {
    if (!(error instanceof ReportedProblems)) throw error;
    process.stderr.write(error.message);
    process.exit(1);
  }
}
