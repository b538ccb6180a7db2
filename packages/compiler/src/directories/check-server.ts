import { findViolations, type JsonSchema, splitVersion } from "methodic/manifest";
import type { ServerArtifact } from "../artifact.ts";
import type { DirectoryName, DirectoryRuleId } from "./directory-rules.ts";

/** A tool as the artifact describes it. */
type ListedTool = ServerArtifact["tools"][string];

/** A rule that a server breaks. */
export interface Fault {
  readonly rule: DirectoryRuleId;
  /** The tool that breaks it; absent for the server itself. */
  readonly tool?: string;
  readonly problem: string;
  readonly fix?: string;
}

/** Names of a provider's clients in the table of client rules. */
const CLIENTS: Readonly<Record<DirectoryName, RegExp>> = {
  anthropic: /Anthropic|Claude|\ball\b/,
  openai: /(?<!Azure )OpenAI|Codex|\ball\b/,
};

const READING = /^(?:get|head|options)$/i;
const WRITING = /^(?:post|put|patch|delete)$/i;

/** Finds the rules of a directory that the tools of a server break. */
export function checkServer({ tools }: ServerArtifact, directory: DirectoryName): Fault[] {
  // Clients do not see older versions.
  const newest = Object.entries(tools).filter(([name]) => splitVersion(name).version === undefined);
  return newest.flatMap(([name, tool]) => {
    const faults = [
      ...checkName(name),
      ...checkTexts(tool),
      ...checkHints(tool, directory),
      ...checkActions(tool),
      ...checkSchemas(tool, directory),
    ];
    return faults.map((fault) => ({ ...fault, tool: name }));
  });
}

function checkName(name: string): Fault[] {
  const faults: Fault[] = [];
  if (name.length > 64) faults.push({ rule: "tool-name", problem: `the name has ${name.length} characters` });
  const other = /[^\w-]/.exec(name)?.[0];
  if (other !== undefined) faults.push({ rule: "tool-name", problem: `the name has the character '${other}'` });
  return faults;
}

function checkTexts({ title, description, annotations }: ListedTool): Fault[] {
  const faults: Fault[] = [];
  if (!title?.trim() || annotations?.title?.trim() === "")
    faults.push({ rule: "title", problem: "the tool has no title" });
  if (!description?.trim()) faults.push({ rule: "description", problem: "the tool has no description" });
  return faults;
}

function checkHints({ annotations = {} }: ListedTool, directory: DirectoryName): Fault[] {
  const { readOnlyHint } = annotations;
  const required =
    directory === "openai"
      ? (["readOnlyHint", "destructiveHint", "openWorldHint"] as const)
      : (["readOnlyHint", ...(readOnlyHint === true ? [] : (["destructiveHint"] as const))] as const);
  const missing = required.filter((hint) => typeof annotations[hint] !== "boolean");
  if (missing.length === 0) return [];
  return [{ rule: "hints", problem: `the tool does not set ${missing.join(", ")}` }];
}

/** Finds a parameter that chooses the HTTP method. */
function checkActions({ inputSchema }: ListedTool): Fault[] {
  const properties = (inputSchema.properties ?? {}) as Readonly<Record<string, JsonSchema>>;
  return Object.entries(properties).flatMap(([name, { enum: values }]) => {
    const methods = Array.isArray(values) ? values.filter((value) => typeof value === "string") : [];
    const isMixed = methods.some((each) => READING.test(each)) && methods.some((each) => WRITING.test(each));
    return isMixed
      ? [{ rule: "one-action" as const, problem: `the parameter '${name}' chooses between reading and writing` }]
      : [];
  });
}

function checkSchemas({ inputSchema, outputSchema }: ListedTool, directory: DirectoryName): Fault[] {
  const sides = { input: inputSchema, ...(outputSchema && { output: outputSchema }) };
  return Object.entries(sides).flatMap(([side, schema]) =>
    findViolations(schema, side as "input" | "output")
      .filter(({ rule }) => CLIENTS[directory].test(rule.clients))
      .map(({ rule, place, problem }) => ({
        rule: "schema" as const,
        problem: `${place === "" ? "" : `at ${place}: `}the ${side} schema ${problem} (${rule.id})`,
        fix: rule.fix,
      })),
  );
}
