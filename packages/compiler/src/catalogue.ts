import type { DiagnosticCode, DiagnosticDescription } from "./catalogue/description.ts";
import { COMPONENT_DIAGNOSTICS, DOCUMENTATION_DIAGNOSTICS } from "./catalogue/documentation-diagnostics.ts";
import { METHOD_DIAGNOSTICS, PARAMETER_DIAGNOSTICS } from "./catalogue/method-diagnostics.ts";
import { PROJECT_DIAGNOSTICS } from "./catalogue/project-diagnostics.ts";
import { TYPE_DIAGNOSTICS } from "./catalogue/type-diagnostics.ts";

export type { DiagnosticCode, DiagnosticDescription, DiagnosticExample } from "./catalogue/description.ts";

/** All diagnostics of this compiler, by code: what they mean and how they are mended. `docs/diagnostics.md` shows the same. */
export const DIAGNOSTICS: Readonly<Record<DiagnosticCode, DiagnosticDescription>> = {
  ...TYPE_DIAGNOSTICS,
  ...PARAMETER_DIAGNOSTICS,
  ...METHOD_DIAGNOSTICS,
  ...DOCUMENTATION_DIAGNOSTICS,
  ...COMPONENT_DIAGNOSTICS,
  ...PROJECT_DIAGNOSTICS,
};
