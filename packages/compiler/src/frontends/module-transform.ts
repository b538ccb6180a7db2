import { hasErrors, type Diagnostic } from "../diagnostics/diagnostics.ts";
import type { SourceMap } from "../carrier/emit.ts";
import { readModuleSyntax } from "./module-syntax.ts";
import { importClosure, ProjectSession } from "./project-session.ts";

/** A module as a bundler gets it. */
export interface TransformedModule {
  /** Nothing if there are errors among the diagnostics. */
  readonly output: { readonly code: string; readonly map: SourceMap } | undefined;
  readonly diagnostics: readonly Diagnostic[];
  /** The project folder that the diagnostics' paths are relative to. */
  readonly root: string;
  /** Other files of the project whose types the module may depend on. */
  readonly dependencies: readonly string[];
}

/** Compiles decorated modules one by one for a bundler. */
export class ModuleTransform {
  readonly #session: ProjectSession;

  constructor(options: { readonly tsconfig?: string }) {
    this.#session = new ProjectSession({ purpose: "bundler", ...options });
  }

  /** Compiles a module; undefined if the bundler can do it as well, because there is nothing of ours in it. */
  transform(fileName: string, text: string): TransformedModule | undefined {
    const { hasDecorators, hasDerivedClasses } = readModuleSyntax(fileName, text);
    if (!hasDecorators && !hasDerivedClasses) return undefined;
    const opened = this.#session.open(fileName, text);
    if (!opened) return undefined;
    const { project, sourceFile } = opened;
    const compilation = this.#session.compile(project, [sourceFile]);
    const configErrors = project.diagnostics.filter((diagnostic) => diagnostic.severity === "error");
    const diagnostics = [...configErrors, ...compilation.diagnostics];
    const dependencies = importClosure(opened)
      .slice(1)
      .map((file) => file.fileName);
    const result = { diagnostics, root: project.root, dependencies, output: undefined };
    if (hasErrors(diagnostics)) return result;
    // Bundlers lower legacy decorators themselves, as the author has set them up; standard ones they leave in place.
    const needsLowering = hasDecorators && project.options.experimentalDecorators !== true;
    if (compilation.services.length === 0 && !needsLowering) return undefined;
    const output = this.#session.emit(opened, compilation);
    return output && { ...result, output: { code: output.code, map: output.map } };
  }

  /** Says that a file has changed on disk. */
  invalidate(): void {
    this.#session.invalidate();
  }
}
