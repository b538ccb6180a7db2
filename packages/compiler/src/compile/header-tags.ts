import { findHeaderProblems, HEADER_KEYWORD, type JsonSchema, mapSchema, walkSchema } from "methodic/manifest";
import { problems } from "../diagnostics/catalog.ts";
import type { LocatedProblem } from "../diagnostics/locate.ts";
import type { ScannedMethod } from "../scan/scan.ts";
import { parameterNode } from "./check-method.ts";

/** Finds `@x-mcp-header` tags for which clients would leave out a tool. */
export function checkHeaderTags({ node, decorator }: ScannedMethod, input: JsonSchema): readonly LocatedProblem[] {
  if (decorator.kind !== "tool") return [];
  return findHeaderProblems(input).map(({ path, problem }) => {
    const names = path.filter((_, i) => i % 2 === 1);
    return {
      problem: problems.invalidHeader(names.join("."), problem),
      node: parameterNode(node, names[0] ?? ""),
    };
  });
}

/** Removes the headers from a schema that is not a tool's input. Types may be shared with one. */
export function withoutHeaders(root: JsonSchema): JsonSchema {
  let found = false;
  walkSchema(root, (schema) => (found ||= Object.hasOwn(schema, HEADER_KEYWORD)));
  if (!found) return root;
  return mapSchema(root, (schema) => {
    const { [HEADER_KEYWORD]: _, ...others } = schema;
    return others;
  });
}
