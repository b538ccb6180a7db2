import process from "node:process";
import { fileURLToPath, pathToFileURL } from "node:url";
import type ts from "typescript";
import { hasErrors, sortDiagnostics, type Diagnostic } from "../diagnostics/diagnostic.ts";
import type { SourceMap } from "../emit/emit.ts";
import { appendInlineMap } from "../emit/inline-map.ts";
import { partOf } from "../emit/module-code.ts";
import { completeSource } from "../emit/patch-module.ts";
import type { Compilation } from "../manifest.ts";
import type { Project } from "../project/project.ts";
import type { SchemaOptions } from "../project/schema-options.ts";
import { collectImportClosure } from "../session/import-closure.ts";
import { isBare, isRelative, matchesAlias, resolveAsTypeScript, findSource } from "../session/module-resolution.ts";
import { ProjectSession, type SessionFile } from "../session/project-session.ts";
import { reportDiagnostics } from "../diagnostics/report.ts";

/** The result of Node's `load` hook. */
export interface LoadedModule {
  readonly format: "module" | "commonjs";
  readonly source: string;
}

/** The result of a resolve hook. */
export interface ResolvedModule {
  readonly url: string;
  readonly shortCircuit?: boolean;
}

/** Dependencies of a {@link ModuleLoader}; plain data, since they are sent to the hooks thread. */
export interface ModuleLoaderDeps {
  /** Report problems with ANSI colors and code frames. */
  readonly color: boolean;
  /** Options about schemas that override those of the tsconfig. */
  readonly schemaOptions?: SchemaOptions;
}

/** Diagnostics that stop a program before it starts. The message is their report. */
export class ReportedProblems extends Error {
  override readonly name: string = "ReportedProblems";
}

/**
 * Resolves and compiles the TypeScript modules of a project, for any kind of module hooks. Ignores
 * JavaScript and installed packages.
 */
export class ModuleLoader {
  readonly #session: ProjectSession;
  readonly #compiled = new Map<ts.SourceFile, Compilation>();
  readonly #deps: ModuleLoaderDeps;

  constructor(deps: ModuleLoaderDeps) {
    const { schemaOptions } = deps;
    this.#session = new ProjectSession({ purpose: "loader", ...(schemaOptions && { schemaOptions }) });
    this.#deps = deps;
  }

  /**
   * Resolves specifiers that Node would miss or misread: the source of `./x.js`, and path aliases.
   */
  resolveBeforeNode(specifier: string, parentURL: string | undefined): string | undefined {
    const parent = getSourcePath(parentURL);
    if (parent === undefined) return undefined;
    if (isRelative(specifier)) return findSource(new URL(specifier, parentURL));
    const opened = isBare(specifier) ? this.#session.open(parent) : undefined;
    return opened && matchesAlias(specifier, opened.project.options)
      ? resolveAsTypeScript(specifier, opened)
      : undefined;
  }

  /** Resolves, as TypeScript does, a specifier that Node could not resolve. */
  resolveAfterNode(specifier: string, parentURL: string | undefined): string | undefined {
    const parent = getSourcePath(parentURL);
    const opened = parent === undefined ? undefined : this.#session.open(parent);
    return opened && resolveAsTypeScript(specifier, opened);
  }

  /**
   * Compiles a module. Returns undefined for modules that the loader ignores.
   * @throws ReportedProblems if a service in it, or in a module it imports, cannot be compiled
   */
  load(url: string): LoadedModule | undefined {
    const fileName = getSourcePath(url);
    const opened = fileName === undefined ? undefined : this.#session.open(fileName);
    if (!opened) return undefined;
    const emitted = this.#session.emit(opened, this.#compileWithImports(opened));
    return (
      emitted && {
        format: emitted.format === "esm" ? "module" : "commonjs",
        source: appendInlineMap(emitted.code, withSourceUrls(emitted.map)),
      }
    );
  }

  /**
   * Adds the manifests of a module's services and the data of its calls to its TypeScript, for a
   * runtime that compiles it itself. Returns undefined if it has neither.
   * @throws ReportedProblems if a service in it, or in a module it imports, cannot be compiled
   */
  addManifests(fileName: string): string | undefined {
    const opened = this.#session.open(fileName);
    if (!opened) return undefined;
    const { sourceFile } = opened;
    const data = partOf(this.#compileWithImports(opened), sourceFile);
    return data.services.length + data.calls.length > 0 ? completeSource(sourceFile, data) : undefined;
  }

  /** Compiles a module with all its imports, to report all their problems at once. */
  #compileWithImports(opened: SessionFile): Compilation {
    const { project, sourceFile } = opened;
    const known = this.#compiled.get(sourceFile);
    if (known) return known;
    const files = collectImportClosure(opened).filter((file) => !this.#compiled.has(file));
    const compilation = this.#session.compile(project, files);
    const problems = sortDiagnostics([...project.diagnostics, ...compilation.diagnostics]);
    if (hasErrors(problems)) throw new ReportedProblems(this.#report(problems, project));
    if (problems.length > 0) process.stderr.write(this.#report(problems, project));
    for (const file of files) this.#compiled.set(file, compilation);
    return compilation;
  }

  #report(problems: readonly Diagnostic[], project: Project): string {
    return reportDiagnostics(problems, project.root, { format: this.#deps.color ? "pretty" : "text" });
  }
}

/** Returns the path of a source that the loader compiles, or undefined for other modules. */
function getSourcePath(url: string | undefined): string | undefined {
  if (!url?.startsWith("file:") || url.includes("/node_modules/")) return undefined;
  const fileName = fileURLToPath(url);
  return /\.[cm]?tsx?$/.test(fileName) && !/\.d\.[cm]?ts$/.test(fileName) ? fileName : undefined;
}

/** Converts the sources to URLs: Node shows TypeScript positions in stack traces only then. */
function withSourceUrls(map: SourceMap): SourceMap {
  return { ...map, sources: map.sources.map((source) => pathToFileURL(source).href) };
}

/**
 * Runs a step of a loader in the main thread and ends the process if it reports problems: an
 * exception would bury them in a stack trace of the runtime's loader.
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
