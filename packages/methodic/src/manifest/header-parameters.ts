import type { JsonSchema } from "./format.ts";
import { walkSchema } from "./schema-walk.ts";

/**
 * The keyword of a parameter that clients repeat in an HTTP header, `Mcp-Param-<name>` (MCP
 * 2026-07-28, "Schema Extension").
 */
export const HEADER_KEYWORD = "x-mcp-header";

// RFC 9110 §5.1, `token`.
const HEADER_NAME = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const HEADER_TYPES: readonly unknown[] = ["string", "integer", "boolean"];

/** Checks for a name that a header may have. */
export function isHeaderName(name: unknown): name is string {
  return typeof name === "string" && HEADER_NAME.test(name);
}

/** A mistake of {@link HEADER_KEYWORD}. */
export interface HeaderProblem {
  /** The path of the schema that has the keyword. */
  readonly path: readonly string[];
  readonly problem: string;
}

/**
 * Finds the mistakes of {@link HEADER_KEYWORD}: clients leave out a tool with one.
 * @param root The schema of a tool's input
 */
export function findHeaderProblems(root: JsonSchema): readonly HeaderProblem[] {
  const problems: HeaderProblem[] = [];
  const names = new Set<string>();
  walkSchema(root, (schema, path) => {
    if (!Object.hasOwn(schema, HEADER_KEYWORD)) return;
    const { type, [HEADER_KEYWORD]: name } = schema;
    const add = (problem: string): unknown => problems.push({ path, problem });
    const isProperty = path.length > 0 && path.every((token, i) => i % 2 === 1 || token === "properties");
    if (!isProperty) add("must be on a property of the input, not inside another keyword");
    else if (!isHeaderName(name)) add(`must be the name of an HTTP header, not ${JSON.stringify(name)}`);
    else if (!HEADER_TYPES.includes(type)) add("the property must have the type string, integer or boolean");
    else if (names.has(name.toLowerCase())) add(`'${name}' is the header of two parameters`);
    else names.add(name.toLowerCase());
  });
  return problems;
}
