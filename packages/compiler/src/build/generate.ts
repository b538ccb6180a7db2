import path from "node:path";
import process from "node:process";
import type { CompileOptions, CompileStats } from "../compile/compile-project.ts";
import { cacheKey } from "../cache/cache-key.ts";
import { findCache, type ResultCache } from "../cache/result-cache.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";

export { hasErrors } from "../diagnostics/diagnostic.ts";
export { reportDiagnostics, type ReportFormat, type ReportOptions } from "../diagnostics/report.ts";
export { wantsColor } from "../diagnostics/wants-color.ts";
export { findProjectRoot } from "../project/project-root.ts";
export type { CompileOptions, Diagnostic };

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
  /** True if the result came from the cache. */
  readonly fromCache: boolean;
}

type CachedArtifact = Pick<GeneratedArtifact, "diagnostics" | "stats">;

/** Never cached: an internal failure, such as running out of memory, may not repeat. */
const INTERNAL_ERROR = "MTD199";

/**
 * Generates the artifact of a project, as `compileProject` and `artifactText` do, but answers an
 * unchanged project from the cache in its `node_modules/.cache/methodic`, without loading
 * TypeScript. Every file and folder that the compilation read or looked for is compared by content,
 * so the answer is never stale.
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
  if (cached) return { ...cached.result, text: cached.text, fromCache: true };
  const [{ artifactText }, { compileWithDisk }] = await Promise.all([
    import("../artifact.ts"),
    import("../compile/compile-project.ts"),
  ]);
  const { compiled, disk } = compileWithDisk(options);
  const { services, diagnostics, stats } = compiled;
  const { loadTime: _loadTime, compileTime: _compileTime, ...counts } = stats;
  const result: CachedArtifact = { diagnostics, stats: counts };
  const text = artifactText(services);
  if (key !== undefined && diagnostics.every(({ code }) => code !== INTERNAL_ERROR))
    store?.keep(key, { inputs: disk.inputs(), result, text });
  return { ...result, text, fromCache: false };
}

function openCache(root: string, isEnabled = process.env["METHODIC_CACHE"] !== "0"): ResultCache | undefined {
  return isEnabled ? findCache(root) : undefined;
}
