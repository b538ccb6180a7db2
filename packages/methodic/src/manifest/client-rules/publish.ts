import type { JsonSchema, MemberData, MemberKind } from "../format.ts";
import { isAnnotation, mapSubschemas, schemaKeyword, subschemasOf } from "../schema-walk.ts";
import { simplifyReferences } from "./definitions.ts";
import type { SchemaRole } from "./rewrites.ts";
import { COMPONENT_RULES, SCHEMA_RULES, type SchemaRule, type Violation } from "./rules.ts";

/** Maximum number of repetitions: only odd schemas have something left after the first. */
const MAX_ROUNDS = 4;

/**
 * Rewrites an exact schema by the {@link SCHEMA_RULES}, for clients. The result accepts at least
 * what the schema accepts; validators use the exact one.
 */
export function publishSchema(schema: JsonSchema): JsonSchema {
  let published = simplifyReferences(schema);
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const before = JSON.stringify(published);
    // Definitions that differ only in what is not published are equal afterwards.
    published = simplifyReferences(rewrite(published, undefined));
    if (JSON.stringify(published) === before) break;
  }
  return published;
}

/**
 * Publishes a schema that an author wrote by hand. One that names its dialect (`$schema`) asks for
 * all of JSON Schema 2020-12 and is published as it is.
 */
export function publishWrittenSchema(schema: JsonSchema): JsonSchema {
  return "$schema" in schema ? schema : publishSchema(schema);
}

/** Returns the schemas of a tool that clients see, as far as they are known. */
export function publishedSchemasOf(
  member: MemberData,
  own: { readonly inputSchema?: JsonSchema | undefined; readonly outputSchema?: JsonSchema | false | undefined },
): { readonly input: JsonSchema | undefined; readonly output: JsonSchema | undefined } {
  const { inputSchema, outputSchema, publishedSchemas } = member;
  return {
    input: own.inputSchema ? publishWrittenSchema(own.inputSchema) : (publishedSchemas?.input ?? inputSchema),
    output: own.outputSchema
      ? publishWrittenSchema(own.outputSchema)
      : own.outputSchema === false
        ? undefined
        : (publishedSchemas?.output ?? outputSchema),
  };
}

function rewrite(schema: JsonSchema, role: SchemaRole): JsonSchema {
  const own = SCHEMA_RULES.reduce((current, rule) => rule.rewrite?.(current, role) ?? current, schema);
  return flattenAlternatives(mapSubschemas(own, rewrite));
}

/** Joins alternatives inside alternatives, and writes out an alternative that is the only one. */
function flattenAlternatives(schema: JsonSchema): JsonSchema {
  const { anyOf, ...own } = schema;
  if (!Array.isArray(anyOf)) return schema;
  const flat = anyOf.flatMap((branch: JsonSchema) =>
    Object.keys(branch).join() === "anyOf" ? (branch["anyOf"] as readonly JsonSchema[]) : [branch],
  );
  const [only, ...others] = new Map(flat.map((branch) => [JSON.stringify(branch), branch])).values();
  if (!only || others.length > 0) return { ...schema, anyOf: only ? [only, ...others] : [] };
  const isPlain = Object.keys(own).every((keyword) => isAnnotation(keyword)) && only["$ref"] === undefined;
  return isPlain ? { ...only, ...own } : { ...schema, anyOf: [only] };
}

/** Finds the rules that a published schema breaks, each with the first place. */
export function findViolations(root: JsonSchema, side: "input" | "output"): readonly Violation[] {
  const found = new Map<SchemaRule, Violation>();
  const visit = (schema: JsonSchema, path: readonly string[], role: SchemaRole): void => {
    for (const rule of SCHEMA_RULES) {
      const problem = found.has(rule) ? undefined : rule.check({ schema, role, root, side });
      if (problem !== undefined) found.set(rule, { rule, place: placeOf(path), problem });
    }
    for (const inner of subschemasOf(schema)) visit(inner.schema, [...path, ...inner.path], inner.keyword);
  };
  visit(root, [], undefined);
  return [...found.values()];
}

/** Names a place in a schema by the properties that lead to it. */
function placeOf(tokens: readonly string[]): string {
  const names: string[] = [];
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i] ?? "";
    const holder = schemaKeyword(token);
    if (holder?.target === "child") names.push(holder.form === "map" ? (tokens[i + 1] ?? "") : "[]");
    if (holder?.form !== "schema") i++;
  }
  return names.join(".").replaceAll(".[]", "[]");
}

/** Finds the rules that the name of a component breaks. */
export function findNameViolations({ kind, name }: { readonly kind: MemberKind; readonly name: string }): Violation[] {
  return findTextViolations("name", name, kind);
}

/** Finds the rules that the description of a component breaks, including a missing one. */
export function findDescriptionViolations(description: string | undefined, kind: MemberKind): Violation[] {
  return findTextViolations("description", description ?? "", kind);
}

function findTextViolations(about: "name" | "description", text: string, kind: MemberKind): Violation[] {
  return COMPONENT_RULES.flatMap((rule) => {
    const problem = rule.about === about ? rule.check(text, kind) : undefined;
    return problem === undefined ? [] : [{ rule, place: "", problem }];
  });
}
