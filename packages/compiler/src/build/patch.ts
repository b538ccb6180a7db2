import type ts from "typescript";
import type { OutputFile } from "../emit/emit.ts";
import { type ModuleData, partOf } from "../emit/module-code.ts";
import { patchModule } from "../emit/patch-module.ts";
import { compileServices } from "../compile/compile-files.ts";
import { countComponents } from "../compile/compile-project.ts";
import { type Diagnostic, hasErrors, relativePath, sortDiagnostics } from "../diagnostics/diagnostic.ts";
import { locate, unlocated } from "../diagnostics/locate.ts";
import { type Problem, problems } from "../diagnostics/catalog.ts";
import type { CompiledService } from "../manifest.ts";
import { loadProject, type Project } from "../project/project.ts";
import type { SchemaOptions } from "../project/schema-options.ts";
import { listRelativePaths, type BuildStats } from "./build.ts";
import { listChangedFiles, findEmittedFile, readEmitted, type EmittedJavaScript } from "./emitted-javascript.ts";
import { splitSolution, listUnreferencedFiles, type ProjectUnit } from "./solution.ts";
import { writeFiles } from "./write-files.ts";

/** Options of {@link patchProject}. Relative paths are relative to `root`. */
export interface PatchOptions {
  /** The project's folder, which contains the sources. */
  readonly root: string;
  /**
   * The tsconfig file. Default: `tsconfig.json` in `root`, or built-in defaults if it is missing.
   */
  readonly tsconfig?: string;
  /** Options about schemas that override those of the tsconfig. */
  readonly schemaOptions?: SchemaOptions;
  /**
   * The folder of the JavaScript. Default: the tsconfig's `outDir`, else `dist` or the folders of
   * the sources.
   */
  readonly outDir?: string;
}

/** The result of {@link patchProject}. */
export interface PatchResult {
  /**
   * The changed files, relative to the root, with forward slashes. Empty if there are errors or
   * everything was up to date.
   */
  readonly files: readonly string[];
  /** Problems of decorated classes and of the JavaScript. */
  readonly diagnostics: readonly Diagnostic[];
  readonly stats: BuildStats;
}

/**
 * Adds manifests to JavaScript that tsc (5, 6, 7) or swc wrote, in place, and updates its source
 * maps. Run it after the compiler and before a minifier. Patching again changes nothing unless the
 * types have changed.
 *
 * Writes nothing if there is an error, and prints nothing. Problems of the project are returned as
 * diagnostics, never thrown.
 *
 * @throws The file system's error if the output cannot be written; the JavaScript is unchanged
 *
 * @example
 * ```ts
 * import { hasErrors, patchProject } from "@methodic/compiler";
 *
 * const { diagnostics } = patchProject({ root: process.cwd(), outDir: "dist" });
 * process.exitCode = hasErrors(diagnostics) ? 1 : 0;
 * ```
 */
export function patchProject(options: PatchOptions): PatchResult {
  const outcomes = splitSolution(options).map((unit) => patchUnit(unit));
  const diagnostics = sortDiagnostics(outcomes.flatMap((outcome) => outcome.diagnostics));
  const files = hasErrors(diagnostics) ? [] : outcomes.flatMap((outcome) => outcome.files);
  writeFiles(files);
  return {
    files: listRelativePaths(files, options.root),
    diagnostics,
    stats: countComponents(outcomes.flatMap((outcome) => outcome.services)),
  };
}

function patchUnit(unit: ProjectUnit): Patch & { readonly services: readonly CompiledService[] } {
  const { root, tsconfig, schemaOptions } = unit;
  const project = loadProject({
    root,
    ...(tsconfig !== undefined && { tsconfig }),
    ...(schemaOptions && { schemaOptions }),
  });
  const compilation = compileServices(project, listUnreferencedFiles(project));
  const { services, diagnostics } = compilation;
  const found = [...project.diagnostics, ...diagnostics];
  const patches = hasErrors(found) ? [] : patchAll(project, compilation, unit);
  return {
    files: patches.flatMap((patch) => patch.files),
    diagnostics: [...found, ...patches.flatMap((patch) => patch.diagnostics)],
    services,
  };
}

interface Patch {
  readonly files: readonly OutputFile[];
  readonly diagnostics: readonly Diagnostic[];
}

function patchAll(project: Project, compilation: ModuleData, unit: ProjectUnit): Patch[] {
  const { services, calls } = compilation;
  const sources = [...new Set([...services, ...calls].map(({ sourceFile }) => sourceFile))];
  return sources.map((source) => {
    const own = partOf(compilation, source);
    const found = findEmittedFile(project, source, unit);
    if (typeof found === "string") return patchFile(project, { ...own, source }, readEmitted(found));
    const searched = found.searched.map((fileName) => `'${relativePath(project.root, fileName)}'`).join(", ");
    const problem = problems.notEmitted(relativePath(project.root, source.fileName), searched);
    return createFailure(project, placeOf(own), problem);
  });
}

function patchFile(
  project: Project,
  { source, ...data }: ModuleData & { readonly source: ts.SourceFile },
  emitted: EmittedJavaScript,
): Patch {
  const first = placeOf(data);
  const name = relativePath(project.root, emitted.fileName);
  if (emitted.embeddedSource !== undefined && !isSameText(emitted.embeddedSource, source.text))
    return createFailure(
      project,
      first,
      problems.staleOutput(name, "was compiled from a different text, according to its source map"),
    );
  const outcome = patchModule({ fileName: emitted.fileName, text: emitted.text, ...data });
  if (outcome.kind === "patched") {
    const files = listChangedFiles(emitted, outcome);
    const { decorated } = outcome;
    return decorated
      ? { ...createFailure(project, nameOf(decorated), problems.unloweredDecorators(name)), files }
      : { files, diagnostics: [] };
  }
  if (outcome.kind === "foreign") return createFailure(project, first, problems.foreignManifest(name));
  if ("call" in outcome) {
    const { callee, node } = outcome.call;
    const difference = `does not contain the call of ${callee} as its source has it`;
    return createFailure(project, node, problems.staleOutput(name, difference));
  }
  const { service, method } = outcome;
  const missing = method === undefined ? `class ${service.className}` : `${service.className}.${method}`;
  const difference = `does not contain ${missing} as its source defines it`;
  return createFailure(project, nameOf(service), problems.staleOutput(name, difference));
}

/** Returns the node that problems of a file's JavaScript refer to. */
function placeOf({ services: [service], calls: [call] }: ModuleData): ts.Node | undefined {
  return service ? nameOf(service) : call?.node;
}

function nameOf({ node }: CompiledService): ts.Node {
  return node.name ?? node;
}

/** Creates the result of a failed patch: one located problem. */
function createFailure(project: Project, node: ts.Node | undefined, problem: Problem): Patch {
  return { files: [], diagnostics: [node ? locate({ problem, node }, project.root) : unlocated(problem)] };
}

/** Compares texts, ignoring line endings and byte order marks, which editors and git change. */
function isSameText(a: string, b: string): boolean {
  const normalize = (text: string): string => text.replace(/^\uFEFF/, "").replaceAll("\r\n", "\n");
  return normalize(a) === normalize(b);
}
