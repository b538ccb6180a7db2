import { fileURLToPath } from "node:url";
import type { Difference } from "./compare.ts";
import type { Startable } from "./connect.ts";
import { EVERYTHING_DIFFERENCES, FILESYSTEM_DIFFERENCES, MEMORY_DIFFERENCES } from "./differences.ts";
import { EVERYTHING_STEPS } from "./scripts/everything.ts";
import { filesystemSteps, writeFiles } from "./scripts/filesystem.ts";
import { MEMORY_STEPS } from "./scripts/memory.ts";
import type { Step } from "./transcript.ts";

/** A reference server of `modelcontextprotocol/servers` that is rebuilt with decorators. */
export interface Port extends Startable {
  /** Also the name of the original on npm, after `server-`. */
  readonly name: string;
  /** The requests to both; they may use the folder. */
  readonly steps: (folder: string) => readonly Step[];
  readonly differences: readonly Difference[];
  /** Files of the original that serve what the port lacks; their code is not counted. */
  readonly omitted?: RegExp;
}

const DOCUMENTS = fileURLToPath(
  new URL("../node_modules/@modelcontextprotocol/server-everything/dist/docs", import.meta.url),
);

export const PORTS: readonly Port[] = [
  {
    name: "memory",
    steps: () => MEMORY_STEPS,
    differences: MEMORY_DIFFERENCES,
    start: (folder) => ({ env: { MEMORY_FILE_PATH: `${folder}/graph.jsonl` } }),
  },
  {
    name: "filesystem",
    steps: filesystemSteps,
    differences: FILESYSTEM_DIFFERENCES,
    omitted: /path-utils/,
    start: (folder) => ({ args: [writeFiles(folder)] }),
  },
  {
    name: "everything",
    steps: () => EVERYTHING_STEPS,
    differences: EVERYTHING_DIFFERENCES,
    omitted: /async|research-query/,
    // Both publish the original's documents.
    start: () => ({ env: { DOCUMENTS } }),
  },
];
