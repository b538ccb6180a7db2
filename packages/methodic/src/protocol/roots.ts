import type { Root } from "../context/sampling.ts";
import type { JsonSchema } from "../manifest/format.ts";
import { findProblems, TEXT } from "./check-question.ts";
import type { ClientQuestion, ReadAnswer } from "./client-question.ts";

/** The schema of a client's answer (MCP 2025-11-25, "Listing Roots"). */
const ROOTS_SCHEMA: JsonSchema = {
  type: "object",
  properties: {
    roots: {
      type: "array",
      items: {
        type: "object",
        properties: { uri: { type: "string", pattern: "^file://" }, name: TEXT },
        required: ["uri"],
      },
    },
  },
  required: ["roots"],
};

/** Creates the question of `Context.listRoots`. */
export function createRootsQuestion(key: string | undefined): ClientQuestion<readonly Root[]> {
  return {
    label: "request for its roots",
    capability: "roots",
    method: "roots/list",
    params: undefined,
    key,
    read: readRoots,
  };
}

function readRoots(response: unknown): ReadAnswer<readonly Root[]> {
  const problems = findProblems(response, ROOTS_SCHEMA, "the answer");
  if (problems) return { problems };
  const { roots } = response as { readonly roots: readonly Root[] };
  // Nothing checked other properties.
  return { answer: roots.map(({ uri, name }) => ({ uri, ...(name !== undefined && { name }) })) };
}
