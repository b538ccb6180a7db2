export {
  ARTEFACT_VERSION,
  artefactText,
  type Artefact,
  type ComponentArtefact,
  type PromptArgumentArtefact,
  type PromptArtefact,
  type ResourceArtefact,
  type ServiceArtefact,
  type ToolArtefact,
} from "./artefact.ts";
export {
  DIAGNOSTICS,
  type DiagnosticCode,
  type DiagnosticDescription,
  type DiagnosticExample,
} from "./diagnostics/catalogue.ts";
export { compileServices } from "./compile.ts";
export { compileProject, type CompiledProject, type CompileOptions, type CompileStats } from "./compile-project.ts";
export { hasErrors, type Diagnostic, type Position, type RelatedPlace, type Span } from "./diagnostics/diagnostics.ts";
export { formatDiagnostic, formatDiagnostics, type FormatOptions } from "./diagnostics/format.ts";
export { buildProject, type BuildOptions, type BuildResult, type BuildStats } from "./frontends/build.ts";
export { watchBuild, type BuildUpdate, type WatchBuildOptions } from "./frontends/watch-build.ts";
export { patchProject, type PatchOptions, type PatchResult } from "./frontends/patch.ts";
export { reportDiagnostics, type ReportFormat, type ReportOptions } from "./frontends/report.ts";
export { wantsColor } from "./frontends/wants-color.ts";
export type { Compilation, CompiledMember, CompiledService, StaticOptions } from "./manifest.ts";
export { watchProject, type ProjectUpdate, type ProjectWatcher, type WatchOptions } from "./watch/watch-project.ts";
export { loadProject, type Project, type ProjectOptions } from "./project/project.ts";
export { findProjectRoot } from "./project/project-root.ts";
