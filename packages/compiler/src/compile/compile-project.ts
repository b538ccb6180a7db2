import path from "node:path";
import type ts from "typescript";
import { describeServices, type Artifact } from "../artifact.ts";
import { compileServices } from "./compile-files.ts";
import { type Diagnostic, hasErrors, sortDiagnostics } from "../diagnostics/diagnostic.ts";
import { unlocated } from "../diagnostics/locate.ts";
import type { CompiledService } from "../manifest.ts";
import { problems } from "../diagnostics/catalog.ts";
import type { Disk } from "../project/disk.ts";
import { loadProject, type Project } from "../project/project.ts";

/** What {@link compileProject} reads. Relative paths are relative to `root`. */
export interface CompileOptions {
  /** The project's folder. */
  readonly root: string;
  /** The tsconfig file. Default: `tsconfig.json` in `root`; where there is none, sensible defaults. */
  readonly tsconfig?: string;
  /** Only the services of these files. Default: all. */
  readonly files?: readonly string[];
  /** Return what is free of errors even if something is not. Default false: any error empties `services`. */
  readonly keepGoing?: boolean;
}

/** Counts and times of a compilation. Times are in milliseconds. */
export interface CompileStats {
  readonly files: number;
  readonly services: number;
  readonly tools: number;
  readonly resources: number;
  readonly prompts: number;
  readonly loadTime: number;
  readonly compileTime: number;
}

/** What {@link compileProject} returns. */
export interface CompiledProject {
  /** The services in the artifact's form, by `<path relative to the project>#<ClassName>`. */
  readonly services: Artifact["services"];
  readonly diagnostics: readonly Diagnostic[];
  readonly stats: CompileStats;
}

/**
 * Compiles a project and returns its services as plain data: the schemas and descriptions that MCP clients will see.
 * Prints nothing, exits never, and throws only for mistakes in its own arguments.
 *
 * @example
 * ```ts
 * import { compileProject, formatDiagnostics } from "@methodic/compiler";
 *
 * const { services, diagnostics } = compileProject({ root: process.cwd() });
 * console.error(formatDiagnostics(diagnostics));
 * console.log(Object.keys(services));
 * ```
 */
export function compileProject(options: CompileOptions): CompiledProject {
  return compileWithDisk(options).compiled;
}

/** {@link compileProject}, and the disk that can tell what was read. */
export function compileWithDisk(options: CompileOptions): { readonly compiled: CompiledProject; readonly disk: Disk } {
  const started = performance.now();
  const project = loadProject(options);
  const loaded = performance.now();
  const { files, missing } = selectFiles(project, options.files);
  const compilation = compileServices(project, files);
  const diagnostics = sortDiagnostics([...project.diagnostics, ...missing, ...compilation.diagnostics]);
  const services = hasErrors(diagnostics) && !options.keepGoing ? [] : compilation.services;
  const compiled: CompiledProject = {
    services: describeServices(services, project.root),
    diagnostics,
    stats: {
      files: files.length,
      ...countComponents(services),
      loadTime: loaded - started,
      compileTime: performance.now() - loaded,
    },
  };
  return { compiled, disk: project.disk };
}

/** How many services there are, and how many components of each kind in them. */
export function countComponents(
  services: readonly CompiledService[],
): Pick<CompileStats, "services" | "tools" | "resources" | "prompts"> {
  const counts = { tool: 0, resource: 0, prompt: 0 };
  for (const { members } of services) for (const { data } of members.values()) counts[data.kind]++;
  return { services: services.length, tools: counts.tool, resources: counts.resource, prompts: counts.prompt };
}

/** The files that were asked for, and what is to be said of those that are none of the project's. */
export function selectFiles(
  project: Project,
  names: readonly string[] | undefined,
): { files: readonly ts.SourceFile[]; missing: Diagnostic[] } {
  if (!names) return { files: project.files, missing: [] };
  const missing: Diagnostic[] = [];
  const files = names.flatMap((name) => {
    const file = project.findFile(name);
    if (file && project.files.includes(file)) return [file];
    // A file that does not exist has been reported already.
    if (project.disk.fileExists(path.resolve(project.root, name)))
      missing.push(unlocated(problems.fileNotInProject(name)));
    return [];
  });
  return { files: [...new Set(files)], missing };
}
