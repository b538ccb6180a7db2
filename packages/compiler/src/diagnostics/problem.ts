import type ts from "typescript";
import type { DiagnosticCode } from "./catalogue.ts";
import { positionAt, spanOf, type Diagnostic } from "./diagnostics.ts";

/** What is wrong, before it is known where. The functions of `problems.ts` are the makers: one or more for every code of the catalogue. */
export interface Problem {
  readonly code: DiagnosticCode;
  readonly severity: "error" | "warning";
  readonly text: string;
  readonly hint?: string;
}

/** A problem at a node. */
export interface LocatedProblem {
  readonly problem: Problem;
  readonly node: ts.Node;
  /** Where it begins, if that is not the node's own beginning. */
  readonly start?: number;
  /** Where the type that is to blame is declared, if that is in another file. */
  readonly declaredAt?: ts.Node;
}

/** Makes a diagnostic of a problem at a node; `subject` is the method it concerns, as `Class.method`. */
export function locate(located: LocatedProblem, root: string, subject?: string): Diagnostic {
  const { problem, node, start, declaredAt } = located;
  const prefix = subject === undefined ? "" : `${subject}: `;
  return {
    code: problem.code,
    severity: problem.severity,
    ...(start === undefined ? spanOf(node, root) : positionAt(node.getSourceFile(), start, root)),
    message: `${prefix}${problem.text}`,
    ...(problem.hint !== undefined && { hint: problem.hint }),
    ...(declaredAt && { related: [{ ...spanOf(declaredAt, root), message: "It is declared here." }] }),
  };
}

/** Writes where a node is, for the middle of a message. */
export function describePlace(node: ts.Node, root: string): string {
  const { file, line, column } = spanOf(node, root);
  // Where packages are installed differs from machine to machine; what follows the last node_modules does not.
  return `${file.split("/node_modules/").at(-1)}:${line}:${column}`;
}

/** Makes a diagnostic of a problem that lies in no file. */
export function unlocated(problem: Problem): Diagnostic {
  const { code, severity, text, hint } = problem;
  return { code, severity, file: "", line: 1, column: 1, message: text, ...(hint !== undefined && { hint }) };
}

/** A problem that is an error. */
export function error(code: DiagnosticCode, text: string, hint: string): Problem {
  return { code, severity: "error", text, hint };
}

/** A problem that is a warning. */
export function warning(code: DiagnosticCode, text: string, hint: string): Problem {
  return { code, severity: "warning", text, hint };
}
