import path from "node:path";
import type ts from "typescript";
import { countServers, describeServices, type Artifact } from "../artifact.ts";
import { compileServices } from "./compile-files.ts";
import { type Diagnostic, hasErrors, sortDiagnostics } from "../diagnostics/diagnostic.ts";
import { unlocated } from "../diagnostics/locate.ts";
import type { CompiledService } from "../manifest.ts";
import { problems } from "../diagnostics/catalog.ts";
import type { Disk } from "../project/disk.ts";
import { loadProject, type Project } from "../project/project.ts";
import type { SchemaOptions } from "../project/schema-options.ts";
import type { ExportedServer } from "../scan/server-calls.ts";
import { checkDescriptions } from "./check-servers.ts";
import { describeListings, type ServerListing } from "./describe-listings.ts";
import { type DescribedServers, describeServers, findServers, listServiceFiles } from "./describe-servers.ts";

/** Options of {@link compileProject}. Relative paths are relative to `root`. */
export interface CompileOptions {
  /** The project's folder. */
  readonly root: string;
  /**
   * The tsconfig file. Default: `tsconfig.json` in `root`; without one, sensible defaults.
   */
  readonly tsconfig?: string;
  /** Options about schemas that override those of the tsconfig. */
  readonly schemaOptions?: SchemaOptions;
  /** Compile only the services of these files. Default: all. */
  readonly files?: readonly string[];
  /**
   * Return the services without errors even if others have some. Default false: return no services.
   */
  readonly keepGoing?: boolean;
  /** Describe servers for the checks of directories, too. Default false. */
  readonly listings?: boolean;
}

/**
 * Counts and times of a compilation. Components are those of the servers or, without a server, of
 * all services. Times are in milliseconds.
 */
export interface CompileStats {
  readonly files: number;
  readonly servers: number;
  readonly services: number;
  readonly tools: number;
  readonly resources: number;
  readonly prompts: number;
  readonly loadTime: number;
  readonly compileTime: number;
}

/** The result of {@link compileProject}. */
export interface CompiledProject extends DescribedServers {
  /** The services in the artifact's form, by `<path relative to the project>#<ClassName>`. */
  readonly services: Artifact["services"];
  readonly diagnostics: readonly Diagnostic[];
  readonly stats: CompileStats;
  /** Present with the option `listings`. */
  readonly listings?: readonly ServerListing[];
}

/**
 * Compiles a project and returns its servers and services as plain data: the schemas and
 * descriptions that MCP clients will see. Never prints or exits, and throws only for invalid
 * arguments.
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

/** Compiles a project, and returns the disk with the record of all reads as well. */
export function compileWithDisk(options: CompileOptions): { readonly compiled: CompiledProject; readonly disk: Disk } {
  const started = performance.now();
  const project = loadProject(options);
  const loaded = performance.now();
  const { files, missing, servers } = selectFiles(project, options.files);
  const compilation = compileServices(project, files);
  const diagnostics = sortDiagnostics([
    ...project.diagnostics,
    ...missing,
    ...compilation.diagnostics,
    ...checkDescriptions(project, files, compilation.services),
  ]);
  const isShown = !hasErrors(diagnostics) || options.keepGoing === true;
  const services = isShown ? compilation.services : [];
  const described = describeServers(isShown ? servers : [], services, project);
  const compiled: CompiledProject = {
    services: describeServices(services, project.root),
    ...described,
    ...(options.listings && { listings: describeListings(isShown ? servers : [], services, project) }),
    diagnostics,
    stats: {
      files: files.length,
      ...countPublished(services, described.servers),
      loadTime: loaded - started,
      compileTime: performance.now() - loaded,
    },
  };
  return { compiled, disk: project.disk };
}

/** Counts what servers publish or, without a server, all services. */
export function countPublished(
  services: readonly CompiledService[],
  servers: Artifact["servers"],
): Pick<CompileStats, "servers" | "services" | "tools" | "resources" | "prompts"> {
  const counts = { ...countComponents(services), servers: 0 };
  return Object.keys(servers).length === 0 ? counts : { ...counts, ...countServers(servers) };
}

/** Counts services, and their components by kind. */
export function countComponents(
  services: readonly CompiledService[],
): Pick<CompileStats, "services" | "tools" | "resources" | "prompts"> {
  const counts = { tool: 0, resource: 0, prompt: 0 };
  for (const { members } of services) for (const { data } of members.values()) counts[data.kind]++;
  return { services: services.length, tools: counts.tool, resources: counts.resource, prompts: counts.prompt };
}

/** The part of a project that is compiled. */
interface Selection {
  /** The requested files, and those that declare the services of servers in them. */
  readonly files: readonly ts.SourceFile[];
  /** Requested files that exist outside the project. */
  readonly missing: readonly Diagnostic[];
  /** The servers that the requested files export as default. */
  readonly servers: readonly ExportedServer[];
}

/** Selects the requested files of a project. Default: all. */
export function selectFiles(project: Project, names: readonly string[] | undefined): Selection {
  if (!names) return { files: project.files, missing: [], servers: findServers(project, project.files) };
  const { files, missing } = findFiles(project, names);
  const servers = findServers(project, files);
  return { files: [...new Set([...files, ...listServiceFiles(servers, project)])], missing, servers };
}

function findFiles(project: Project, names: readonly string[]): Pick<Selection, "files" | "missing"> {
  const missing: Diagnostic[] = [];
  const files = names.flatMap((name) => {
    const file = project.findFile(name);
    if (file && project.files.includes(file)) return [file];
    // A file that does not exist has been reported already.
    if (project.disk.fileExists(path.resolve(project.root, name)))
      missing.push(unlocated(problems.fileNotInProject(name)));
    return [];
  });
  return { files, missing };
}
