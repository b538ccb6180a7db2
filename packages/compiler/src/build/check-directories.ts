import type { Artifact, ServerArtifact } from "../artifact.ts";
import type { ServerListing } from "../compile/describe-listings.ts";
import type { CompileStats } from "../compile/compile-project.ts";
import type { Diagnostic, Position } from "../diagnostics/diagnostic.ts";
import { hasErrors } from "../diagnostics/diagnostic.ts";
import { checkServer, type Fault } from "../directories/check-server.ts";
import {
  DIRECTORIES,
  DIRECTORY_RULES,
  type DirectoryName,
  type DirectoryRuleId,
} from "../directories/directory-rules.ts";
import { generateArtifact, type GenerateOptions } from "./generate.ts";

/** Options of {@link checkDirectories}. */
export interface DirectoryOptions extends GenerateOptions {
  /** The directories whose rules are checked. Default: all. */
  readonly directories?: readonly DirectoryName[];
}

/** A rule of directories that a server breaks. The position is relative to the project. */
export interface DirectoryFinding extends Position {
  readonly rule: DirectoryRuleId;
  readonly directories: readonly DirectoryName[];
  readonly server: string;
  readonly tool?: string;
  readonly message: string;
  readonly fix: string;
  /** The pages that state the rule. */
  readonly sources: readonly string[];
}

/** A rule that no program can check. */
export interface ManualRule {
  readonly rule: DirectoryRuleId;
  readonly directories: readonly DirectoryName[];
  readonly message: string;
  readonly fix: string;
  readonly sources: readonly string[];
}

/** The rules of directories that the servers of a project break. */
export interface DirectoryReport {
  readonly findings: readonly DirectoryFinding[];
  readonly byHand: readonly ManualRule[];
  /** Problems of the project. After an error, nothing has been checked. */
  readonly diagnostics: readonly Diagnostic[];
  readonly stats: Omit<CompileStats, "loadTime" | "compileTime">;
}

/** Warnings that the rules of directories cover: of clients, and of hints. */
const COVERED = /^MTD(?:20\d|27\d)$/;

/** Finds the rules of the directories of connectors that the servers of a project break. */
export async function checkDirectories({
  directories = Object.keys(DIRECTORIES) as DirectoryName[],
  ...options
}: DirectoryOptions): Promise<DirectoryReport> {
  // Missing hints are findings here, not errors.
  const schemaOptions = { ...options.schemaOptions, requireHints: false };
  const generated = await generateArtifact({ ...options, schemaOptions, listings: true });
  const { servers = {} } = JSON.parse(generated.text) as Partial<Artifact>;
  const failed = hasErrors(generated.diagnostics);
  const { listings = [] } = generated;
  const findings = failed
    ? []
    : [
        ...Object.entries(servers).flatMap(([name, server]) =>
          findFaults({ name, server, listing: findListing(name, listings) }, directories),
        ),
        ...generated.diagnostics.flatMap((diagnostic) => ofDiagnostic(diagnostic, directories)),
      ];
  return {
    findings: findings.sort((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : a.line - b.line)),
    byHand: listManualRules(directories),
    diagnostics: generated.diagnostics.filter(({ code }) => !COVERED.test(code)),
    stats: generated.stats,
  };
}

const NOWHERE: Position = { file: "", line: 1, column: 1 };

/** A server as clients see it, and what its source shows. */
interface ListedServer {
  readonly name: string;
  readonly server: ServerArtifact;
  readonly listing: ServerListing | undefined;
}

/** Finds the source of a server. The name of a server that has to be loaded may be computed. */
function findListing(name: string, listings: readonly ServerListing[]): ServerListing | undefined {
  return listings.find((listing) => listing.name === name) ?? (listings.length === 1 ? listings[0] : undefined);
}

/** Finds the faults of a server, each once, with the directories that have the rule. */
function findFaults(
  { name, server, listing }: ListedServer,
  directories: readonly DirectoryName[],
): DirectoryFinding[] {
  const found = new Map<string, DirectoryFinding>();
  const add = (fault: Fault, directory: DirectoryName, at: Position): void => {
    const { rule, tool, problem, fix = DIRECTORY_RULES[rule].fix } = fault;
    const key = `${rule} ${tool} ${fix} ${rule === "hints" ? "" : problem}`;
    const known = found.get(key);
    // ChatGPT asks for more hints than Claude.
    const message = known && known.message.length > problem.length ? known.message : problem;
    const all = [...(known?.directories ?? []), directory];
    const subject = { server: name, ...(tool !== undefined && { tool }) };
    found.set(key, { rule, directories: all, ...subject, ...at, message, fix, sources: sourcesOf(rule, all) });
  };
  for (const directory of directories) {
    for (const fault of checkServer(server, directory)) {
      if (DIRECTORY_RULES[fault.rule].sources[directory] === undefined) continue;
      const tool = fault.tool === undefined ? undefined : listing?.tools[fault.tool];
      const advice = fault.rule === "hints" && tool?.advice !== undefined && { fix: tool.advice };
      add({ ...fault, ...advice }, directory, positionOf(tool ?? listing ?? NOWHERE));
    }
    if (listing?.apiKey)
      add({ rule: "oauth", problem: "the server authenticates its callers with API keys" }, directory, listing.apiKey);
  }
  return [...found.values()];
}

function ofDiagnostic(diagnostic: Diagnostic, directories: readonly DirectoryName[]): DirectoryFinding[] {
  const { code, message, hint = "" } = diagnostic;
  if (code !== "MTD271" && code !== "MTD272") return [];
  const rule = "true-hints";
  const found = { rule, directories, server: "", ...positionOf(diagnostic), message, fix: hint } as const;
  return [{ ...found, sources: sourcesOf(rule, directories) }];
}

function listManualRules(directories: readonly DirectoryName[]): ManualRule[] {
  return (Object.keys(DIRECTORY_RULES) as DirectoryRuleId[]).flatMap((id) => {
    const { rule: message, fix, sources, isByHand } = DIRECTORY_RULES[id];
    const having = directories.filter((directory) => sources[directory] !== undefined);
    if (!isByHand || having.length === 0) return [];
    return [{ rule: id, directories: having, message, fix, sources: sourcesOf(id, having) }];
  });
}

function sourcesOf(rule: DirectoryRuleId, directories: readonly DirectoryName[]): string[] {
  const { sources } = DIRECTORY_RULES[rule];
  return [...new Set(directories.flatMap((directory) => sources[directory] ?? []))];
}

function positionOf({ file, line, column }: Position): Position {
  return { file, line, column };
}
