import { mapSchema, resolveRef, subschemasOf, walkSchema, type JsonSchema, type JsonValue } from "methodic/manifest";
import { REVIVED } from "../marks.ts";

/** Kinds of JSON values that have parts or may be revived. */
export type JsonKind = "string" | "array" | "object";

/** A finished schema as a graph: references are followed and unions taken apart. */
export class SchemaGraph {
  readonly root: JsonSchema;
  readonly #numbers = new Map<JsonSchema, number>();
  #marked: ReadonlySet<JsonSchema> | undefined;

  constructor(root: JsonSchema) {
    this.root = root;
  }

  /**
   * Returns the schemas, without unions and references, that a value of one of `schemas` may
   * follow.
   */
  alternatives(schemas: readonly JsonSchema[]): readonly JsonSchema[] {
    const found = new Set<JsonSchema>();
    const seen = new Set<JsonSchema>();
    const visit = (schema: JsonSchema): void => {
      const node = resolveRef(schema, this.root);
      if (seen.has(node)) return;
      seen.add(node);
      const branches = (node["anyOf"] ?? node["oneOf"]) as readonly JsonSchema[] | undefined;
      if (branches) for (const branch of branches) visit(branch);
      else found.add(node);
    };
    for (const schema of schemas) visit(schema);
    return [...found];
  }

  /** Returns a key that is equal for the same schemas in any order. */
  keyOf(nodes: readonly JsonSchema[]): string {
    return nodes
      .map((node) => {
        const number = this.#numbers.get(node) ?? this.#numbers.size;
        this.#numbers.set(node, number);
        return number;
      })
      .sort((a, b) => a - b)
      .join(" ");
  }

  /** Checks whether a value of the schema has anything to revive, at any depth. */
  hasMarks(schema: JsonSchema): boolean {
    this.#marked ??= this.#findMarked();
    return this.#marked.has(resolveRef(schema, this.root));
  }

  /** Finds the schemas with marks, and from these all schemas that lead to them. */
  #findMarked(): ReadonlySet<JsonSchema> {
    const holders = new Map<JsonSchema, JsonSchema[]>();
    const marked = new Set<JsonSchema>();
    walkSchema(this.root, (schema) => {
      if (schema["$ref"] === undefined && schema[REVIVED] !== undefined) marked.add(schema);
      for (const part of subschemasOf(schema)) {
        const inner = resolveRef(part.schema, this.root);
        if (part.keyword !== "$defs")
          holders
            .set(inner, holders.get(inner) ?? [])
            .get(inner)
            ?.push(schema);
      }
    });
    // The set grows while it is read.
    for (const schema of marked) for (const holder of holders.get(schema) ?? []) marked.add(holder);
    return marked;
  }

  /** Checks whether a schema in `allOf` has marks. */
  hasMarksInAll({ allOf }: JsonSchema): boolean {
    return Array.isArray(allOf) && allOf.some((part: JsonSchema) => this.hasMarks(part));
  }

  /** Checks whether a schema without unions accepts a kind of value. */
  accepts(node: JsonSchema, kind: JsonKind): boolean {
    const { type, enum: values } = node;
    if (type !== undefined) return [type].flat().includes(kind);
    if (node["const"] !== undefined) return kindOf(node["const"]) === kind;
    return Array.isArray(values) ? values.some((value: JsonValue) => kindOf(value) === kind) : true;
  }

  /** Returns the schemas of a property; none if it cannot occur. */
  propertyOf(node: JsonSchema, name: string): readonly JsonSchema[] {
    const properties = node["properties"] as Readonly<Record<string, JsonSchema>> | undefined;
    if (properties && Object.hasOwn(properties, name) && properties[name]) return [properties[name]];
    const patterns = Object.entries(
      (node["patternProperties"] as Record<string, JsonSchema | false> | undefined) ?? {},
    );
    const matching = patterns.filter(([pattern]) => new RegExp(pattern, "u").test(name));
    if (matching.length === 0) return this.additionalOf(node);
    return matching.flatMap(([, schema]) => (schema === false ? [] : [schema]));
  }

  /** Returns the schemas of undeclared properties. */
  additionalOf({ additionalProperties = true }: JsonSchema): readonly JsonSchema[] {
    if (additionalProperties === false) return [];
    return [additionalProperties === true ? {} : (additionalProperties as JsonSchema)];
  }

  /** Returns the values of a property, if they are listed. */
  literalsOf(node: JsonSchema, name: string): readonly JsonValue[] | undefined {
    if (!requires(node, name)) return undefined;
    const values: JsonValue[] = [];
    for (const schema of this.alternatives(this.propertyOf(node, name))) {
      if (schema["const"] !== undefined) values.push(schema["const"]);
      else if (schema["type"] === "null") values.push(null);
      else if (schema["type"] === "boolean") values.push(true, false);
      else if (Array.isArray(schema["enum"])) values.push(...(schema["enum"] as JsonValue[]));
      else return undefined;
    }
    return values;
  }

  /** Returns the schema without marks. */
  withoutMarks(): JsonSchema {
    return mapSchema(this.root, (schema) => {
      const { [REVIVED]: _, ...unmarked } = schema;
      return unmarked;
    });
  }
}

/** Checks whether a property is required. */
export function requires(node: JsonSchema, name: string): boolean {
  return ((node["required"] as readonly string[] | undefined) ?? []).includes(name);
}

function kindOf(value: JsonValue): string {
  return Array.isArray(value) ? "array" : typeof value;
}
