import type { DiagnosticCode, DiagnosticDescription } from "./description.ts";
import { COMPONENT_DIAGNOSTICS, DOCUMENTATION_DIAGNOSTICS } from "./documentation-diagnostics.ts";
import { METHOD_DIAGNOSTICS, PARAMETER_DIAGNOSTICS } from "./method-diagnostics.ts";
import { PROJECT_DIAGNOSTICS } from "./project-diagnostics.ts";
import { TYPE_DIAGNOSTICS } from "./type-diagnostics.ts";

export type { DiagnosticCode, DiagnosticDescription, DiagnosticExample } from "./description.ts";

/** All diagnostics of this compiler, by code: what they mean and how they are mended. `docs/diagnostics.md` shows the same. */
export const DIAGNOSTICS: Readonly<Record<DiagnosticCode, DiagnosticDescription>> = {
  ...TYPE_DIAGNOSTICS,
  ...PARAMETER_DIAGNOSTICS,
  ...METHOD_DIAGNOSTICS,
  ...DOCUMENTATION_DIAGNOSTICS,
  ...COMPONENT_DIAGNOSTICS,
  ...PROJECT_DIAGNOSTICS,
};
