import path from "node:path";
import process from "node:process";
import { type Artifact, artifactText, countServers } from "../artifact.ts";
import type { CompiledProject, CompileOptions, CompileStats } from "../compile/compile-project.ts";
import { loadServers } from "./load-servers.ts";
import { cacheKey } from "../cache/cache-key.ts";
import { findCache, type ResultCache } from "../cache/result-cache.ts";
import type { Diagnostic, Position } from "../diagnostics/diagnostic.ts";

export { hasErrors } from "../diagnostics/diagnostic.ts";
export { reportDiagnostics, type ReportFormat, type ReportOptions } from "../diagnostics/report.ts";
export { wantsColor } from "../diagnostics/wants-color.ts";
export { findProjectRoot } from "../project/project-root.ts";
export { SCHEMA_FLAGS, type Descriptions, type SchemaOptions } from "../project/schema-options.ts";
export type { CompileOptions, Diagnostic, Position };

/** Options of {@link generateArtifact}. Relative paths are relative to `root`. */
export interface GenerateOptions extends CompileOptions {
  /**
   * Reuse the cached result of an unchanged project. Default: true, unless METHODIC_CACHE is `0`.
   */
  readonly cache?: boolean;
}

/** The artifact of a project, with its diagnostics. */
export interface GeneratedArtifact {
  /** The artifact as JSON. Equal sources give equal bytes. */
  readonly text: string;
  readonly diagnostics: readonly Diagnostic[];
  readonly stats: Omit<CompileStats, "loadTime" | "compileTime">;
  /** The methods behind the entries of `servers`: see `CompiledProject`. */
  readonly places: CompiledProject["places"];
  /** Present with the option `listings`: see `CompiledProject`. */
  readonly listings?: NonNullable<CompiledProject["listings"]>;
  /** True if the result came from the cache. */
  readonly fromCache: boolean;
}

type CachedArtifact = Omit<GeneratedArtifact, "text" | "fromCache"> & Pick<CompiledProject, "computedServers">;

/** Never cached: an internal failure, such as running out of memory, may not repeat. */
const INTERNAL_ERROR = "MTD199";

/**
 * Generates the artifact of a project, as `compileProject` and `artifactText` do, but answers an
 * unchanged project from the cache in its `node_modules/.cache/methodic`, without loading
 * TypeScript. Every file and folder that the compilation read or looked for is compared by content,
 * so the answer is never stale.
 *
 * A server whose components only the running program knows, such as those with a library's schemas,
 * is loaded each time, because they may depend on anything.
 *
 * @example
 * ```ts
 * import { generateArtifact, reportDiagnostics } from "@methodic/compiler/cached";
 *
 * const root = process.cwd();
 * const { text, diagnostics } = await generateArtifact({ root });
 * process.stderr.write(reportDiagnostics(diagnostics, root, { format: "text" }));
 * process.stdout.write(text);
 * ```
 */
export async function generateArtifact({ cache, ...options }: GenerateOptions): Promise<GeneratedArtifact> {
  const store = openCache(options.root, cache);
  const key = store && cacheKey({ task: "generate", ...options, root: path.resolve(options.root) });
  const cached = key === undefined ? undefined : store?.find<CachedArtifact>(key);
  if (cached) return await completeArtifact({ ...cached.result, text: cached.text, fromCache: true }, options);
  const { compileWithDisk } = await import("../compile/compile-project.ts");
  const { compiled, disk } = compileWithDisk(options);
  const { services, servers, diagnostics, stats, places, computedServers, listings } = compiled;
  const { loadTime: _loadTime, compileTime: _compileTime, ...counts } = stats;
  const result: CachedArtifact = { diagnostics, stats: counts, places, computedServers, ...(listings && { listings }) };
  const text = artifactText(services, servers);
  if (key !== undefined && diagnostics.every(({ code }) => code !== INTERNAL_ERROR))
    store?.keep(key, { inputs: disk.inputs(), result, text });
  return await completeArtifact({ ...result, text, fromCache: false }, options);
}

/** The parts of a result that a loaded server changes. */
type ArtifactParts = Pick<GeneratedArtifact, "text" | "diagnostics" | "stats"> &
  Pick<CompiledProject, "computedServers">;

/** Loads the servers that have to be loaded, and adds them to an artifact. */
export async function completeArtifact<T extends ArtifactParts>(
  generated: T,
  { root, keepGoing, schemaOptions }: CompileOptions,
): Promise<T> {
  const { computedServers } = generated;
  if (computedServers.length === 0) return generated;
  const loaded = await loadServers(computedServers, { root, ...(schemaOptions && { schemaOptions }) });
  const { servers = {} } = JSON.parse(generated.text) as Partial<Artifact>;
  const all = loaded.diagnostics.length > 0 && !keepGoing ? {} : { ...servers, ...loaded.servers };
  return {
    ...generated,
    text: artifactText({}, all),
    diagnostics: [...generated.diagnostics, ...loaded.diagnostics, ...withoutKnown(loaded.warnings, generated)],
    stats: { ...generated.stats, ...countServers(all) },
  };
}

/** Drops warnings that the compiler has reported for a method already. */
function withoutKnown(
  warnings: readonly Diagnostic[],
  { diagnostics }: Pick<ArtifactParts, "diagnostics">,
): Diagnostic[] {
  const textOf = ({ message }: Diagnostic): string => message.slice(message.indexOf(": "));
  const known = new Set(diagnostics.map(textOf));
  return warnings.filter((warning) => !known.has(textOf(warning)));
}

function openCache(root: string, isEnabled = process.env["METHODIC_CACHE"] !== "0"): ResultCache | undefined {
  return isEnabled ? findCache(root) : undefined;
}
