import type { JsonSchema, JsonValue } from "methodic/manifest";
import { requires, type SchemaGraph } from "./schema-graph.ts";

/** The difference between the objects of a union: the values of a property, or its presence. */
export type Distinction =
  | {
      readonly by: string;
      readonly groups: readonly { readonly values: readonly JsonValue[]; readonly nodes: readonly JsonSchema[] }[];
    }
  | { readonly by: string; readonly present: readonly JsonSchema[]; readonly absent: readonly JsonSchema[] };

/**
 * Finds a property whose value or presence decides which of several object schemas an object
 * follows.
 */
export function findDistinction(nodes: readonly JsonSchema[], graph: SchemaGraph): Distinction | undefined {
  const names = [...new Set(nodes.flatMap((node) => (node["required"] as readonly string[] | undefined) ?? []))];
  for (const by of names) {
    const groups = groupByLiterals(nodes, by, graph);
    if (groups && groups.length > 1) return { by, groups };
  }
  for (const by of names) {
    const present = nodes.filter((node) => requires(node, by));
    const absent = nodes.filter((node) => !requires(node, by));
    // Only if the others cannot have the property at all.
    if (absent.length > 0 && absent.every((node) => graph.propertyOf(node, by).length === 0))
      return { by, present, absent };
  }
  return undefined;
}

interface LiteralGroup {
  values: JsonValue[];
  nodes: JsonSchema[];
}

/**
 * Groups schemas that share a value of the property; undefined if a schema does not list its
 * values.
 */
function groupByLiterals(
  nodes: readonly JsonSchema[],
  name: string,
  graph: SchemaGraph,
): readonly LiteralGroup[] | undefined {
  let groups: LiteralGroup[] = [];
  for (const node of nodes) {
    const values = graph.literalsOf(node, name);
    if (!values || values.length === 0) return undefined;
    const shared = groups.filter((group) => group.values.some((value) => values.includes(value)));
    const joined: LiteralGroup = {
      values: [...new Set([...shared.flatMap((group) => group.values), ...values])],
      nodes: [...shared.flatMap((group) => group.nodes), node],
    };
    groups = [...groups.filter((group) => !shared.includes(group)), joined];
  }
  return groups;
}
