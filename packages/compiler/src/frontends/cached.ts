import path from "node:path";
import process from "node:process";
import type { CompileOptions, CompileStats } from "../compile-project.ts";
import { cacheKey } from "../cache/cache-key.ts";
import { findCache, type ResultCache } from "../cache/result-cache.ts";
import type { Diagnostic } from "../diagnostics/diagnostics.ts";

export { reportDiagnostics, type ReportFormat, type ReportOptions } from "./report.ts";
export { wantsColor } from "./wants-color.ts";
export { findProjectRoot } from "../project/project-root.ts";
export type { CompileOptions, Diagnostic };

/** What {@link generateArtefact} reads. Relative paths are relative to `root`. */
export interface GenerateOptions extends CompileOptions {
  /** Whether an earlier result may be the answer. Default: unless the environment variable `METHODIC_CACHE` is `0`. */
  readonly cache?: boolean;
}

/** The artefact of a project, and what is to be said about it. */
export interface GeneratedArtefact {
  /** The artefact as JSON text, the same bytes for the same sources. */
  readonly text: string;
  readonly diagnostics: readonly Diagnostic[];
  readonly stats: Omit<CompileStats, "loadTime" | "compileTime">;
  /** Whether nothing had to be compiled. */
  readonly fromCache: boolean;
}

type KeptArtefact = Pick<GeneratedArtefact, "diagnostics" | "stats">;

/** A failure inside the compiler, such as too little memory, may be gone the next time. */
const INTERNAL_ERROR = "MCP199";

/**
 * Generates the artefact of a project: the same as `compileProject` and `artefactText`, but an unchanged project is answered from
 * a cache in its `node_modules/.cache/methodic`, without loading TypeScript. Every file that the compilation read, looked for or
 * listed is compared by content, so that the answer is never an old one.
 *
 * @example
 * ```ts
 * import { generateArtefact, reportDiagnostics } from "@methodic/compiler/cached";
 *
 * const root = process.cwd();
 * const { text, diagnostics } = await generateArtefact({ root });
 * process.stderr.write(reportDiagnostics(diagnostics, root, { format: "text" }));
 * process.stdout.write(text);
 * ```
 */
export async function generateArtefact({ cache, ...options }: GenerateOptions): Promise<GeneratedArtefact> {
  const store = openCache(options.root, cache);
  const key = store && cacheKey({ task: "generate", ...options, root: path.resolve(options.root) });
  const kept = key === undefined ? undefined : store?.find<KeptArtefact>(key);
  if (kept) return { ...kept.result, text: kept.text, fromCache: true };
  const [{ artefactText }, { compileWithDisk }] = await Promise.all([
    import("../artefact.ts"),
    import("../compile-project.ts"),
  ]);
  const { compiled, disk } = compileWithDisk(options);
  const { services, diagnostics, stats } = compiled;
  const { loadTime: _loadTime, compileTime: _compileTime, ...counts } = stats;
  const result: KeptArtefact = { diagnostics, stats: counts };
  const text = artefactText(services);
  if (key !== undefined && diagnostics.every(({ code }) => code !== INTERNAL_ERROR))
    store?.keep(key, { inputs: disk.inputs(), result, text });
  return { ...result, text, fromCache: false };
}

function openCache(root: string, wanted = process.env["METHODIC_CACHE"] !== "0"): ResultCache | undefined {
  return wanted ? findCache(root) : undefined;
}
