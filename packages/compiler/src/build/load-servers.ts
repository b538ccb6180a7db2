import { spawnSync } from "node:child_process";
import path from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import {
  findDescriptionViolations,
  findNameViolations,
  findViolations,
  type JsonSchema,
  type ServerDescription,
  splitVersion,
  type Violation,
} from "methodic/manifest";
import { type Artifact, type ComputedServer, nameArtifacts, serverArtifact } from "../artifact.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { SchemaOptions } from "../project/schema-options.ts";

/** Servers that have been loaded, and the problems of those that could not be. */
export interface LoadedServers {
  readonly servers: Artifact["servers"];
  readonly diagnostics: readonly Diagnostic[];
  /** Schemas and names that some clients refuse. The build has not seen those of a library. */
  readonly warnings: readonly Diagnostic[];
}

/** Options of {@link loadServers}. */
interface LoadOptions {
  readonly root: string;
  readonly schemaOptions?: SchemaOptions;
}

/**
 * Loads servers whose components only the running program knows, and asks them what they publish.
 * Each is loaded in a separate process, without serving it.
 */
export async function loadServers(
  computed: readonly ComputedServer[],
  { root, schemaOptions = {} }: LoadOptions,
): Promise<LoadedServers> {
  const outcomes: Outcome[] = computed.map((server) => ({
    server,
    outcome: describe(path.resolve(root, server.file), schemaOptions),
  }));
  return {
    servers: nameArtifacts(
      outcomes.flatMap(({ outcome }) => ("name" in outcome ? [[outcome.name, serverArtifact(outcome)] as const] : [])),
    ),
    diagnostics: await describeFailures(outcomes),
    warnings: await describeRefusals(outcomes),
  };
}

interface Outcome {
  readonly server: ComputedServer;
  readonly outcome: ServerDescription | { readonly failure: string };
}

async function describeFailures(outcomes: readonly Outcome[]): Promise<readonly Diagnostic[]> {
  if (outcomes.every(({ outcome }) => !("failure" in outcome))) return [];
  // Loaded on demand: it loads TypeScript.
  const { createServerFailure } = await import("../diagnostics/locate.ts");
  return outcomes.flatMap(({ server, outcome }) =>
    "failure" in outcome ? [createServerFailure(server, outcome.failure)] : [],
  );
}

async function describeRefusals(outcomes: readonly Outcome[]): Promise<readonly Diagnostic[]> {
  const found = outcomes.flatMap(({ server, outcome }) =>
    "failure" in outcome ? [] : findRefusals(outcome).map((refusal) => ({ server, ...refusal })),
  );
  if (found.length === 0) return [];
  const { problems } = await import("../diagnostics/catalog.ts");
  return found.map(({ server: { file, line, column }, subject, about, violation }) => {
    const { code, severity, text, hint } =
      about === "name"
        ? problems.refusedName(subject.kind, violation)
        : about === "description"
          ? problems.refusedDescription(subject.kind, violation)
          : problems.refusedSchema(about, violation);
    return { code, severity, file, line, column, message: `${subject.kind} ${subject.name}: ${text}`, hint };
  });
}

interface Refusal {
  readonly subject: { readonly kind: "tool" | "prompt"; readonly name: string };
  readonly about: "name" | "description" | "input" | "output";
  readonly violation: Violation;
}

/** Finds the client rules that the listed tools and prompts of a running server break. */
function findRefusals({ tools, prompts }: ServerDescription): Refusal[] {
  const isListed = ({ name }: { readonly name: string }): boolean => splitVersion(name).version === undefined;
  const ofName = (kind: "tool" | "prompt", name: string): Refusal[] =>
    findNameViolations({ kind, name }).map((violation) => ({ subject: { kind, name }, about: "name", violation }));
  const ofTools = tools.filter(isListed).flatMap(({ name, description, inputSchema, outputSchema }): Refusal[] => {
    const subject = { kind: "tool", name } as const;
    const ofSchema = (about: "input" | "output", schema: JsonSchema): Refusal[] =>
      findViolations(schema, about).map((violation) => ({ subject, about, violation }));
    const ofDescription = findDescriptionViolations(description, "tool");
    return [
      ...ofName("tool", name),
      ...ofDescription.map((violation): Refusal => ({ subject, about: "description", violation })),
      ...ofSchema("input", inputSchema),
      ...(outputSchema ? ofSchema("output", outputSchema) : []),
    ];
  });
  return [...ofTools, ...prompts.filter(isListed).flatMap(({ name }) => ofName("prompt", name))];
}

const SCRIPT = fileURLToPath(new URL("./describe-server.js", import.meta.url));
/** The descriptor of the result: the module may print to stdout and stderr. */
const RESULT = 3;
const MAX_BUFFER = 64 * 1024 * 1024;

function describe(fileName: string, schemaOptions: SchemaOptions): Outcome["outcome"] {
  const { output, status, error } = spawnSync(process.execPath, [SCRIPT, fileName, JSON.stringify(schemaOptions)], {
    stdio: ["ignore", "ignore", "pipe", "pipe"],
    maxBuffer: MAX_BUFFER,
    encoding: "utf8",
  });
  const result = output?.[RESULT] ?? "";
  if (result !== "") return JSON.parse(result) as ServerDescription | { readonly failure: string };
  const printed = output?.[2]?.trim() ?? "";
  return { failure: error?.message ?? (printed === "" ? `the process ended with exit code ${status}` : printed) };
}
