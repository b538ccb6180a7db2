import { type Diagnostic, DIRECTORIES, type DirectoryReport, reportDiagnostics } from "@methodic/compiler/cached";
import path from "node:path";
import type { ReportFlags } from "./flags.ts";

type Findings = Pick<DirectoryReport, "findings" | "byHand">;
type Finding = DirectoryReport["findings"][number];

/** Version of the JSON report. Increased by changes that would mislead readers of the old form. */
const REPORT_VERSION = 1;

/** Writes the rules of directories that servers break as text for standard output. */
export function reportDirectories({ findings, byHand }: Findings, root: string, { format }: ReportFlags): string {
  if (format === "json") {
    const placed = findings.map((finding) => ({ ...finding, file: pathFromHere(finding.file, root) }));
    return `${JSON.stringify({ version: REPORT_VERSION, findings: placed, byHand })}\n`;
  }
  if (format === "github") return reportDiagnostics(findings.map(annotate), root, { format });
  const lines = findings.flatMap((finding) => [
    `${placeOf(finding, root)}${subjectOf(finding)}${finding.message} [${finding.rule}]`,
    `    ${finding.fix}`,
    `    ${namesOf(finding.directories)}: ${finding.sources.join(" ")}`,
  ]);
  const manual = byHand.map(({ rule, directories, message }) => `  - ${message} [${rule}] ${namesOf(directories)}`);
  return `${[...lines, "Check by hand:", ...manual].join("\n")}\n`;
}

function subjectOf({ tool, message, server }: Finding): string {
  if (tool !== undefined) return `tool ${tool}: `;
  return message.startsWith("the server") ? `server ${server}: ` : "";
}

function placeOf({ file, line, column }: Finding, root: string): string {
  return file === "" ? "" : `${pathFromHere(file, root)}:${line}:${column} - `;
}

function pathFromHere(file: string, root: string): string {
  return file === "" ? "" : path.relative("", path.resolve(root, file)).replaceAll("\\", "/");
}

function namesOf(directories: Finding["directories"]): string {
  return directories.map((directory) => DIRECTORIES[directory]).join(", ");
}

function annotate(finding: Finding): Diagnostic {
  const { rule, file, line, column, message, fix, directories } = finding;
  return {
    code: `${namesOf(directories)}: ${rule}`,
    severity: "error",
    file,
    line,
    column,
    message: `${subjectOf(finding)}${message}.`.replace(/\.\.$/, "."),
    hint: fix,
  };
}
