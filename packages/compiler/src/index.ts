export {
  ARTIFACT_VERSION,
  artifactText,
  type Artifact,
  type ComponentArtifact,
  type PromptArgumentArtifact,
  type PromptArtifact,
  type ResourceArtifact,
  type ServiceArtifact,
  type ToolArtifact,
} from "./artifact.ts";
export {
  DIAGNOSTICS,
  type DiagnosticCode,
  type DiagnosticDescription,
  type DiagnosticExample,
} from "./diagnostics/catalog.ts";
export { compileServices } from "./compile/compile-files.ts";
export {
  compileProject,
  type CompiledProject,
  type CompileOptions,
  type CompileStats,
} from "./compile/compile-project.ts";
export { hasErrors, type Diagnostic, type Position, type RelatedPlace, type Span } from "./diagnostics/diagnostic.ts";
export { formatDiagnostic, formatDiagnostics, type FormatOptions } from "./diagnostics/format.ts";
export { buildProject, type BuildOptions, type BuildResult, type BuildStats } from "./build/build.ts";
export { watchBuild, type BuildUpdate, type WatchBuildOptions } from "./build/watch-build.ts";
export { patchProject, type PatchOptions, type PatchResult } from "./build/patch.ts";
export { reportDiagnostics, type ReportFormat, type ReportOptions } from "./diagnostics/report.ts";
export { wantsColor } from "./diagnostics/wants-color.ts";
export type { Compilation, CompiledMember, CompiledService, StaticOptions } from "./manifest.ts";
export { watchProject, type ProjectUpdate, type ProjectWatcher, type WatchOptions } from "./watch/watch-project.ts";
export { loadProject, type Project, type ProjectOptions } from "./project/project.ts";
export type { Descriptions, SchemaOptions } from "./project/schema-options.ts";
export { findProjectRoot } from "./project/project-root.ts";
