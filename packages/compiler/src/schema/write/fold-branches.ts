import type { JsonValue } from "methodic/manifest";

/** A 2020-12 schema under construction. */
export type MutableSchema = { [keyword: string]: JsonValue };

/**
 * Merges branches that are only types, or only values, into one schema: it is shorter, and every
 * client can read it.
 */
export function foldBranches(branches: readonly MutableSchema[]): MutableSchema[] {
  const flat = branches.flatMap((branch) =>
    isOnly(branch, ["anyOf"]) ? (branch["anyOf"] as MutableSchema[]) : [branch],
  );
  let types = flat.filter((branch) => isOnly(branch, ["type"]));
  let values = flat.filter((branch) => isOnly(branch, ["type", "const"]) || isOnly(branch, ["type", "enum"]));
  if (values.length > 0 && types.every((branch) => branch["type"] === "null")) {
    // Among values alone, null is one more value.
    values = [...values, ...types];
    types = [];
  }
  const groups = [types, values].filter((group) => group.length > 1);
  return flat.flatMap((branch) => {
    const group = groups.find((candidate) => candidate.includes(branch));
    if (!group) return [branch];
    // A group takes the place of its first member.
    return flat.find((candidate) => group.includes(candidate)) === branch
      ? [
          group === values
            ? { ...mergeTypes(group), enum: [...new Set(group.flatMap((member) => listedValues(member)))] }
            : mergeTypes(group),
        ]
      : [];
  });
}

function mergeTypes(group: readonly MutableSchema[]): MutableSchema {
  const types = [...new Set(group.flatMap((branch) => branch["type"] as string | string[]))];
  return { type: types.length === 1 && types[0] !== undefined ? types[0] : types };
}

function listedValues(branch: MutableSchema): readonly JsonValue[] {
  if ("const" in branch) return [branch["const"] as JsonValue];
  if ("enum" in branch) return branch["enum"] as JsonValue[];
  return [null];
}

function isOnly(branch: MutableSchema, keywords: readonly string[]): boolean {
  const own = Object.keys(branch);
  return own.length === keywords.length && keywords.every((keyword) => keyword in branch);
}
