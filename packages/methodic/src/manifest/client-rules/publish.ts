import { withRootType } from "../discriminated-union.ts";
import type { JsonSchema, MemberData, MemberKind } from "../format.ts";
import { isAnnotation, mapSchema, mapSubschemas, placeOf, subschemasOf } from "../schema-walk.ts";
import type { RefsMode } from "../decorator-options.ts";
import { mergeAlternatives } from "../sharing/merge-alternatives.ts";
import { hasInnerReferences, MAX_WRITTEN_OUT, shareSchema } from "../sharing/share-schema.ts";
import { writtenSize } from "../sharing/schema-size.ts";
import { cutDistantParts, MAX_SIZE } from "../sharing/cut-parts.ts";
import { describeOnce } from "../sharing/describe-once.ts";
import { SchemaTable } from "../sharing/schema-table.ts";
import { writeOutReferences } from "../sharing/write-out.ts";
import { withTypeName } from "../sharing/type-names.ts";
import { flattenUnion } from "./flatten-union.ts";
import { distinctSchemas, isolateReference, type SchemaRole } from "./rewrites.ts";
import { COMPONENT_RULES, SCHEMA_RULES, type SchemaRule, type Violation } from "./rules.ts";

/** Maximum length of a published schema's JSON. No client reads a larger one. */
export const MAX_PUBLISHED_SIZE: number = 2 * 1024 * 1024;

/** Maximum number of repetitions: only odd schemas have something left after the first. */
const MAX_ROUNDS = 4;

/** The part of a tool that a schema describes. */
type SchemaSide = "input" | "output";

/**
 * Rewrites an exact schema by the {@link SCHEMA_RULES}, for clients. The result accepts at least
 * what the schema accepts; validators use the exact one.
 * @param side A discriminated union as the whole input becomes one object
 */
export function publishSchema(schema: JsonSchema, refs: RefsMode = "auto", side: SchemaSide = "output"): JsonSchema {
  const table = new SchemaTable();
  const rewrite = createRewriting(table);
  let published = writeOutReferences(schema, table);
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const before = published;
    const rewritten = rewrite(published, undefined);
    // Definitions that differ only in what is not published are equal afterwards.
    published = writeOutReferences(side === "input" ? flattenUnion(rewritten, table) : rewritten, table);
    if (published === before) break;
  }
  if (writtenSize(published) > MAX_WRITTEN_OUT) published = mergeAlternatives(published, table);
  const share = (whole: JsonSchema): JsonSchema => isolateReferences(shareSchema(whole, refs, table));
  const shared = share(published);
  const size = writtenSize(shared);
  // An author who asks for all parts in place gets them, or an error.
  const isRefused = refs === "inline" && size > MAX_PUBLISHED_SIZE;
  if (size <= MAX_SIZE || isRefused || hasInnerReferences(shared)) return shared;
  const shareAgain = (changed: JsonSchema): JsonSchema =>
    share(mapSchema(writeOutReferences(changed, table), flattenAlternatives));
  return cutDistantParts(shareAgain(describeOnce(shared, table)), shareAgain);
}

function isolateReferences(schema: JsonSchema): JsonSchema {
  return mapSchema(schema, (copy) => isolateReference(copy, undefined));
}

/**
 * Publishes a schema that an author wrote by hand. One that names its dialect (`$schema`) asks for
 * all of JSON Schema 2020-12 and is published as it is.
 */
export function publishWrittenSchema(schema: JsonSchema, refs: RefsMode | undefined, side: SchemaSide): JsonSchema {
  if (!("$schema" in schema)) return publishSchema(schema, refs, side);
  return side === "input" ? withRootType(schema) : schema;
}

/**
 * Returns the schema from a method's types that clients see, with the references of a mode. They
 * stay where the schema would be too large without them.
 */
export function publishedSchemaOf(
  { inputSchema, outputSchema, publishedSchemas, refs: compiled = "auto" }: MemberData,
  side: SchemaSide,
  refs: RefsMode = compiled,
): JsonSchema | undefined {
  const schema = publishedSchemas?.[side] ?? (side === "input" ? inputSchema : outputSchema);
  if (!schema || refs === compiled) return schema;
  const published = publishSchema(schema, refs, side);
  return writtenSize(published) > MAX_PUBLISHED_SIZE ? schema : published;
}

/**
 * Returns the schemas of a tool that clients see, as far as they are known.
 * @param own The options of the decorator
 * @param refs The server's option
 */
export function publishedSchemasOf(
  member: MemberData,
  own: {
    readonly inputSchema?: JsonSchema | undefined;
    readonly outputSchema?: JsonSchema | false | undefined;
    readonly refs?: RefsMode;
  },
  server?: RefsMode,
): { readonly input: JsonSchema | undefined; readonly output: JsonSchema | undefined } {
  const refs = own.refs ?? server;
  return {
    input: own.inputSchema
      ? publishWrittenSchema(own.inputSchema, refs, "input")
      : publishedSchemaOf(member, "input", refs),
    output: own.outputSchema
      ? publishWrittenSchema(own.outputSchema, refs, "output")
      : own.outputSchema === false
        ? undefined
        : publishedSchemaOf(member, "output", refs),
  };
}

/** Creates the rewriting of schemas and all schemas in them, each once for every role. */
function createRewriting(table: SchemaTable): (schema: JsonSchema, role: SchemaRole) => JsonSchema {
  const known = new Map<SchemaRole, Map<JsonSchema, JsonSchema>>();
  const rewrite = (schema: JsonSchema, role: SchemaRole): JsonSchema => {
    const done = known.get(role) ?? new Map<JsonSchema, JsonSchema>();
    known.set(role, done);
    let result = done.get(schema);
    if (!result) {
      const own = SCHEMA_RULES.reduce((current, rule) => rule.rewrite?.(current, role) ?? current, schema);
      // Unified, so that equal alternatives are one object.
      result = table.unify(withTypeName(flattenAlternatives(mapSubschemas(own, rewrite)), table.nameOf(schema)));
      done.set(schema, result);
    }
    return result;
  };
  return rewrite;
}

/** Joins alternatives inside alternatives, and writes out an alternative that is the only one. */
function flattenAlternatives(schema: JsonSchema): JsonSchema {
  const { anyOf, ...own } = schema;
  if (!Array.isArray(anyOf)) return schema;
  const flat = anyOf.flatMap((branch: JsonSchema) =>
    Object.keys(branch).join() === "anyOf" ? (branch["anyOf"] as readonly JsonSchema[]) : [branch],
  );
  const [only, ...others] = distinctSchemas(flat);
  if (!only || others.length > 0) return { ...schema, anyOf: only ? [only, ...others] : [] };
  const isPlain = Object.keys(own).every((keyword) => isAnnotation(keyword)) && only["$ref"] === undefined;
  return isPlain ? { ...only, ...own } : { ...schema, anyOf: [only] };
}

/** Finds the rules that a published schema breaks, each with the first place. */
export function findViolations(root: JsonSchema, side: SchemaSide): readonly Violation[] {
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
