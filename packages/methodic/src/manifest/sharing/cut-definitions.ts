import type { JsonSchema } from "../format.ts";
import { definitionsIn, mapSchema, oncePerSchema, parseDefinitionReference } from "../schema-walk.ts";
import { writtenSize } from "./schema-size.ts";

/** Length of a published schema's JSON up to which all its definitions are written. */
const MAX_WHOLE_SIZE = 128 * 1024;

/** Number of attempts, each with less room for definitions. */
const ATTEMPTS = 6;

/**
 * Key that marks schemas without some of their definitions. As a symbol it stays out of JSON and of
 * every comparison of schemas.
 */
const CUT: unique symbol = Symbol("cut");

/** Checks whether {@link cutDefinitions} has left definitions out. */
export function isCut(schema: JsonSchema): boolean {
  return CUT in schema;
}

type Definitions = { readonly [name: string]: JsonSchema };

/**
 * Replaces the definitions that are far from the root by their JSON types, until a published schema
 * is small enough. The result accepts at least what the schema accepts.
 * @param write Writes a changed schema in the published form again
 */
export function cutDefinitions(published: JsonSchema, write: (changed: JsonSchema) => JsonSchema): JsonSchema {
  let cut = published;
  for (let attempt = 0; attempt < ATTEMPTS && writtenSize(cut) > MAX_WHOLE_SIZE; attempt++) {
    const kept = findNearest(published, MAX_WHOLE_SIZE * (1 - attempt / (2 * ATTEMPTS)));
    cut = write(outlineOthers(published, kept));
  }
  return cut === published ? published : ({ ...cut, [CUT]: true } as JsonSchema);
}

/** Finds the definitions that the fewest references lead to, as many as there is room for. */
function findNearest(root: JsonSchema, room: number): ReadonlySet<string> {
  const { $defs, ...own } = root;
  const definitions = ($defs ?? {}) as Definitions;
  const kept = new Set<string>();
  let size = writtenSize(own);
  // The set grows while it is read.
  const reached = new Set(definitionsIn(own));
  for (const name of reached) {
    const definition = definitions[name] ?? {};
    const added = writtenSize({ [name]: definition });
    const isNeeded = outline(definition, definitions) === undefined;
    if (size + added > room && !isNeeded) continue;
    size += added;
    kept.add(name);
    for (const inner of definitionsIn(definition)) reached.add(inner);
  }
  return kept;
}

/** Writes the JSON types of definitions in place of references, except to some. */
function outlineOthers(root: JsonSchema, kept: ReadonlySet<string>): JsonSchema {
  const definitions = (root["$defs"] ?? {}) as Definitions;
  const outlineOf = oncePerSchema((definition) => outline(definition, definitions) ?? definition);
  const whole = { ...root, $defs: Object.fromEntries(Object.entries(definitions).filter(([name]) => kept.has(name))) };
  return mapSchema(whole, (schema) => {
    const name = parseDefinitionReference(schema["$ref"])?.name;
    if (name === undefined || kept.has(name)) return schema;
    const { $ref: _, ...own } = schema;
    return { ...outlineOf(definitions[name] ?? {}), ...own };
  });
}

const OUTLINES: ReadonlyMap<unknown, JsonSchema> = new Map<unknown, JsonSchema>([
  ["object", { type: "object", properties: {} }],
  ["array", { type: "array", items: {} }],
  ...["string", "number", "integer", "boolean", "null"].map((type) => [type, { type }] as const),
]);

/** Maximum number of references in references that an outline follows. */
const MAX_HOPS = 4;

/** Describes the JSON types of a schema's values; undefined if it does not name them. */
function outline(schema: JsonSchema, definitions: Definitions, hops = 0): JsonSchema | undefined {
  const { type, anyOf, $ref } = schema;
  const name = parseDefinitionReference($ref)?.name;
  const target = name === undefined ? undefined : definitions[name];
  if (target) return hops < MAX_HOPS ? outline(target, definitions, hops + 1) : undefined;
  if (!Array.isArray(anyOf)) return OUTLINES.get(type);
  const outlines = anyOf.map((branch: JsonSchema) => outline(branch, definitions, hops));
  const [only, ...others] = new Set(outlines.filter((found) => found !== undefined));
  if (!only || outlines.includes(undefined)) return undefined;
  return others.length === 0 ? only : { anyOf: [only, ...others] };
}
