import { CLIENT_DIAGNOSTICS } from "./client-diagnostics.ts";
import { COMPLETION_DIAGNOSTICS } from "./completion-diagnostics.ts";
import { COMPONENT_DIAGNOSTICS } from "./component-diagnostics.ts";
import {
  createProblems,
  describeEntry,
  type DiagnosticDescription,
  type DiagnosticEntry,
  type ProblemOf,
  type ProblemsOf,
} from "./diagnostic-table.ts";
import { DOCUMENTATION_DIAGNOSTICS } from "./documentation-diagnostics.ts";
import { HINT_DIAGNOSTICS } from "./hint-diagnostics.ts";
import { METHOD_DIAGNOSTICS } from "./method-diagnostics.ts";
import { PARAMETER_DIAGNOSTICS } from "./parameter-diagnostics.ts";
import { PARTIAL_TYPE_DIAGNOSTICS } from "./partial-type-diagnostics.ts";
import { PROJECT_DIAGNOSTICS } from "./project-diagnostics.ts";
import { QUESTION_DIAGNOSTICS } from "./question-diagnostics.ts";
import { SERVER_DIAGNOSTICS } from "./server-diagnostics.ts";
import { SITE_DIAGNOSTICS } from "./site-diagnostics.ts";
import { TYPE_DIAGNOSTICS } from "./type-diagnostics.ts";

export type { DiagnosticDescription, DiagnosticExample } from "./diagnostic-table.ts";

type Tables = typeof TYPE_DIAGNOSTICS &
  typeof PARTIAL_TYPE_DIAGNOSTICS &
  typeof PARAMETER_DIAGNOSTICS &
  typeof METHOD_DIAGNOSTICS &
  typeof DOCUMENTATION_DIAGNOSTICS &
  typeof COMPONENT_DIAGNOSTICS &
  typeof SITE_DIAGNOSTICS &
  typeof QUESTION_DIAGNOSTICS &
  typeof HINT_DIAGNOSTICS &
  typeof PROJECT_DIAGNOSTICS &
  typeof SERVER_DIAGNOSTICS &
  typeof CLIENT_DIAGNOSTICS &
  typeof COMPLETION_DIAGNOSTICS;

const TABLES: Tables = {
  ...TYPE_DIAGNOSTICS,
  ...PARTIAL_TYPE_DIAGNOSTICS,
  ...PARAMETER_DIAGNOSTICS,
  ...METHOD_DIAGNOSTICS,
  ...DOCUMENTATION_DIAGNOSTICS,
  ...COMPONENT_DIAGNOSTICS,
  ...SITE_DIAGNOSTICS,
  ...QUESTION_DIAGNOSTICS,
  ...HINT_DIAGNOSTICS,
  ...PROJECT_DIAGNOSTICS,
  ...SERVER_DIAGNOSTICS,
  ...CLIENT_DIAGNOSTICS,
  ...COMPLETION_DIAGNOSTICS,
};

/** Codes of this compiler's diagnostics. TypeScript's own have the form `TSnnnn`. */
export type DiagnosticCode = keyof Tables;

/** A problem of the author's sources, before it has a place. Created by {@link problems} only. */
export type Problem = ProblemOf<DiagnosticCode>;

/** Creates the problems of all codes: `problems.untypedParameter("tags")`. */
export const problems: ProblemsOf<Tables> = createProblems(TABLES);

/** Returns a warning as an error. */
export function asError(problem: Problem): Problem {
  return { ...problem, severity: "error" };
}

/** The documentation of all diagnostics by code, which `docs/diagnostics.md` shows. */
export const DIAGNOSTICS: Readonly<Record<DiagnosticCode, DiagnosticDescription>> = Object.fromEntries(
  Object.entries<DiagnosticEntry>(TABLES).map(([code, entry]) => [code, describeEntry(entry)]),
) as Record<DiagnosticCode, DiagnosticDescription>;
