import type { JsonSchema } from "../format.ts";
import { isAnnotation, isSchema, oncePerSchema, parseDefinitionReference } from "../schema-walk.ts";
import { withTypeName } from "./type-names.ts";

/** The definitions of a schema, by name. */
export type Definitions = { readonly [name: string]: JsonSchema };

const OUTLINES: ReadonlyMap<unknown, JsonSchema> = new Map<unknown, JsonSchema>([
  ["object", { type: "object", properties: {} }],
  ["array", { type: "array", items: {} }],
  ...["string", "number", "integer", "boolean", "null"].map((type) => [type, { type }] as const),
]);

/** The outlines of a schema that does not name the types of its values. */
const ANYTHING: readonly JsonSchema[] = ["object", "array", "string", "number", "boolean", "null"].map(
  (type) => OUTLINES.get(type) ?? {},
);

/** Maximum number of references in references that an outline follows. */
const MAX_HOPS = 4;

/** Describes schemas by the JSON types of their values. An outline accepts at least these. */
export class Outlines {
  readonly #definitions: Definitions;

  constructor(definitions: Definitions) {
    this.#definitions = definitions;
  }

  /** Returns the outline of a schema, with the annotations at its place. */
  readonly of: (schema: JsonSchema) => JsonSchema = oncePerSchema((schema) => {
    const [only = {}, ...others] = new Set(this.#typesOf(schema, 0));
    return { ...annotationsOf(schema), ...(others.length > 0 ? { anyOf: [only, ...others] } : only) };
  });

  /** The same for an alternative of a union: an object keeps the literals that tell it apart. */
  readonly ofAlternative: (schema: JsonSchema) => JsonSchema = oncePerSchema((schema) => {
    const name = parseDefinitionReference(schema["$ref"])?.name;
    const { type, properties, required } = this.#definitionOf(schema) ?? schema;
    if (type !== "object" || !isSchema(properties) || !Array.isArray(required)) return this.of(schema);
    const literals = required.flatMap((key: string) => {
      const { type: own, enum: values } = (properties[key] ?? {}) as JsonSchema;
      // A `const` is published as the only value of an enum.
      return Array.isArray(values) && values.length === 1 ? [[key, { type: own, enum: values }] as const] : [];
    });
    if (literals.length === 0) return this.of(schema);
    const outline = { type, properties: Object.fromEntries(literals), required: literals.map(([key]) => key) };
    return withTypeName({ ...annotationsOf(schema), ...(outline as JsonSchema) }, name);
  });

  #typesOf(schema: JsonSchema, hops: number): readonly JsonSchema[] {
    const { type, anyOf, allOf } = schema;
    const own = OUTLINES.get(type);
    if (own) return [own];
    const definition = this.#definitionOf(schema);
    if (definition) return hops < MAX_HOPS ? this.#typesOf(definition, hops + 1) : ANYTHING;
    if (Array.isArray(anyOf)) return anyOf.flatMap((branch: JsonSchema) => this.#typesOf(branch, hops));
    const parts = (Array.isArray(allOf) ? allOf : []).map((part: JsonSchema) => this.#typesOf(part, hops));
    return parts.find((types) => types !== ANYTHING) ?? ANYTHING;
  }

  #definitionOf({ $ref }: JsonSchema): JsonSchema | undefined {
    const name = parseDefinitionReference($ref)?.name;
    return name === undefined ? undefined : this.#definitions[name];
  }
}

function annotationsOf(schema: JsonSchema): JsonSchema {
  return Object.fromEntries(Object.entries(schema).filter(([keyword]) => isAnnotation(keyword)));
}
