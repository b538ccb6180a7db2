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

/** What {@link generateArtifact} reads. Relative paths are relative to `root`. */
export interface GenerateOptions extends CompileOptions {
  /** Whether an earlier result may be the answer. Default: unless the environment variable `METHODIC_CACHE` is `0`. */
  readonly cache?: boolean;
}

/** The artifact of a project, and what is to be said about it. */
export interface GeneratedArtifact {
  /** The artifact as JSON text, the same bytes for the same sources. */
  readonly text: string;
  readonly diagnostics: readonly Diagnostic[];
  readonly stats: Omit<CompileStats, "loadTime" | "compileTime">;
  /** Whether nothing had to be compiled. */
  readonly fromCache: boolean;
}

type KeptArtifact = Pick<GeneratedArtifact, "diagnostics" | "stats">;

/** A failure inside the compiler, such as too little memory, may be gone the next time. */
const INTERNAL_ERROR = "MTD199";

/**
 * Generates the artifact of a project: the same as `compileProject` and `artifactText`, but an unchanged project is answered from
 * a cache in its `node_modules/.cache/methodic`, without loading TypeScript. Every file that the compilation read, looked for or
 * listed is compared by content, so that the answer is never an old one.
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
  const kept = key === undefined ? undefined : store?.find<KeptArtifact>(key);
  if (kept) return { ...kept.result, text: kept.text, fromCache: true };
  const [{ artifactText }, { compileWithDisk }] = await Promise.all([
    import("../artifact.ts"),
    import("../compile/compile-project.ts"),
  ]);
  const { compiled, disk } = compileWithDisk(options);
  const { services, diagnostics, stats } = compiled;
  const { loadTime: _loadTime, compileTime: _compileTime, ...counts } = stats;
  const result: KeptArtifact = { diagnostics, stats: counts };
  const text = artifactText(services);
  if (key !== undefined && diagnostics.every(({ code }) => code !== INTERNAL_ERROR))
    store?.keep(key, { inputs: disk.inputs(), result, text });
  return { ...result, text, fromCache: false };
}

function openCache(root: string, wanted = process.env["METHODIC_CACHE"] !== "0"): ResultCache | undefined {
  return wanted ? findCache(root) : undefined;
}
