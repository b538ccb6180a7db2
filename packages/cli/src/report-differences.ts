import { type Diagnostic, type Position, reportDiagnostics } from "@methodic/compiler/cached";
import path from "node:path";
import type { Difference } from "./artifact-difference.ts";
import type { ReportFlags } from "./flags.ts";

/** An artifact that is out of date. */
export interface OutdatedArtifact {
  /** Its path as the user wrote it, and its text on disk. */
  readonly fileName: string;
  readonly text: string;
  readonly differences: readonly Difference[];
  /** The project's folder. */
  readonly root: string;
  /** The methods behind components, by their keys. Positions are relative to the root. */
  readonly places: Readonly<Record<string, Position>>;
}

/** Version of the JSON report. Increased by changes that would mislead readers of the old form. */
const REPORT_VERSION = 1;

const SIGNS = { added: "+", removed: "-", changed: "~" } as const;

/** Writes the differences between an artifact and the sources as text for standard output. */
export function reportDifferences(artifact: OutdatedArtifact, { format }: ReportFlags): string {
  const { differences, fileName, root } = artifact;
  if (format === "json") {
    const listed = differences.map((difference) => {
      const { keys: _, ...data } = difference;
      return { ...data, ...placeOf(difference, artifact) };
    });
    return `${JSON.stringify({ version: REPORT_VERSION, artifact: fileName, differences: listed })}\n`;
  }
  if (differences.length === 0) return "";
  if (format === "github") {
    const annotations = differences.map((difference) => annotate(difference, artifact));
    return reportDiagnostics(annotations, root, { format });
  }
  const lines = differences.flatMap((difference) => [
    `${SIGNS[difference.change]} ${nameOf(difference)}`,
    ...difference.details.map((detail) => `    ${detail}`),
  ]);
  return `${lines.join("\n")}\n`;
}

function nameOf({ kind, name, owner }: Difference): string {
  const component = name === "" ? kind : `${kind.replace("resourceT", "resource t")} ${name}`;
  return owner === undefined ? component : `${component} of ${owner}`;
}

/**
 * Returns the place of the method behind a component or, if that is gone or not known, of its entry
 * in the artifact.
 */
function placeOf({ keys }: Difference, { fileName, text, places, root }: OutdatedArtifact): Position {
  const place = places[keys.join(" ")];
  if (!place) return { file: fileName, line: findLine(text, keys), column: 1 };
  return { ...place, file: path.relative("", path.resolve(root, place.file)).replaceAll("\\", "/") };
}

function annotate(difference: Difference, artifact: OutdatedArtifact): Diagnostic {
  const { change, details } = difference;
  const { file, ...position } = placeOf(difference, artifact);
  const list = details.length === 0 ? "." : `: ${details.join("; ")}.`;
  return {
    code: `${artifact.fileName} is out of date`,
    severity: "error",
    file: path.resolve(file),
    ...position,
    message: `${nameOf(difference)} ${change === "changed" ? "changed" : `was ${change}`}${list}`,
  };
}

/** Finds the line of an entry in a formatted artifact; 1 if it has none. */
function findLine(text: string, keys: readonly string[]): number {
  let offset = 0;
  for (const key of keys) {
    const found = text.indexOf(`${JSON.stringify(key)}:`, offset);
    if (found === -1) return 1;
    offset = found;
  }
  return text.slice(0, offset).split("\n").length;
}
