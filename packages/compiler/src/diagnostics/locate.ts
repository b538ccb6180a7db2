import ts from "typescript";
import { type Problem, problems } from "./catalog.ts";
import { type Diagnostic, type Position, relativePath, type Span } from "./diagnostic.ts";

/** A problem at a node. */
export interface LocatedProblem {
  readonly problem: Problem;
  readonly node: ts.Node;
  /** The offset of the problem, if it is not the node's start. */
  readonly start?: number;
  /** The declaration of the type that is at fault, if it is in another file. */
  readonly declaredAt?: ts.Node;
  /** The problem is the same for all methods that use the type, and is reported once. */
  readonly isAboutType?: true;
}

/**
 * Creates a diagnostic from a problem at a node.
 * @param subject The method it concerns, as `Class.method`
 */
export function locate(located: LocatedProblem, root: string, subject?: string): Diagnostic {
  const { problem, node, start, declaredAt, isAboutType } = located;
  const { code, severity, text, hint } = problem;
  const prefix = subject === undefined || isAboutType ? "" : `${subject}: `;
  return {
    code,
    severity,
    ...(start === undefined ? spanOf(node, root) : positionAt(node.getSourceFile(), start, root)),
    message: `${prefix}${text}`,
    hint,
    ...(declaredAt && { related: [{ ...spanOf(declaredAt, root), message: "It is declared here." }] }),
  };
}

/** Creates a diagnostic from a problem that does not lie in a file. */
export function unlocated({ code, severity, text, hint }: Problem): Diagnostic {
  return { code, severity, file: "", line: 1, column: 1, message: text, hint };
}

/** Creates the diagnostic of a server that could not be loaded. */
export function createServerFailure(
  { computed, ...place }: Position & { readonly computed: string },
  reason: string,
): Diagnostic {
  return { ...unlocated(problems.serverNotLoaded(place.file, computed, reason)), ...place };
}

/** Creates a diagnostic from one of TypeScript's: same position, code `TSnnnn`. */
export function fromTypeScript(diagnostic: ts.Diagnostic, root: string): Diagnostic {
  const related = diagnostic.relatedInformation?.map((information) => ({
    ...spanOfTypeScript(information, root),
    message: ts.flattenDiagnosticMessageText(information.messageText, "\n"),
  }));
  return {
    code: `TS${diagnostic.code}`,
    severity: diagnostic.category === ts.DiagnosticCategory.Error ? "error" : "warning",
    ...spanOfTypeScript(diagnostic, root),
    message: ts.flattenDiagnosticMessageText(diagnostic.messageText, "\n"),
    ...(related && related.length > 0 && { related }),
  };
}

/** Names the place of a node within a message. */
export function describePlace(node: ts.Node, root: string): string {
  const { file, line, column } = spanOf(node, root);
  // The folder of installed packages differs between machines; the part after the last node_modules
  // does not.
  return `${file.split("/node_modules/").at(-1)}:${line}:${column}`;
}

/** Returns the position at which a node begins. */
export function placeOf(node: ts.Node, root: string): Position {
  return positionAt(node.getSourceFile(), node.getStart(), root);
}

function spanOf(node: ts.Node, root: string): Span {
  const sourceFile = node.getSourceFile();
  return spanBetween(sourceFile, { start: node.getStart(sourceFile), end: node.getEnd() }, root);
}

function spanOfTypeScript({ file, start, length = 0 }: ts.DiagnosticRelatedInformation, root: string): Span {
  return file && start !== undefined
    ? spanBetween(file, { start, end: start + length }, root)
    : { file: "", line: 1, column: 1 };
}

function spanBetween(sourceFile: ts.SourceFile, range: { start: number; end: number }, root: string): Span {
  const end = positionAt(sourceFile, range.end, root);
  return { ...positionAt(sourceFile, range.start, root), endLine: end.line, endColumn: end.column };
}

function positionAt(sourceFile: ts.SourceFile, offset: number, root: string): Position {
  const { line, character } = sourceFile.getLineAndCharacterOfPosition(offset);
  return { file: relativePath(root, sourceFile.fileName), line: line + 1, column: character + 1 };
}
