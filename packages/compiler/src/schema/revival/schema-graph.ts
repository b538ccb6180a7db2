import { mapSchema, resolveRef, subschemasOf, type JsonSchema, type JsonValue } from "methodic/manifest";
import { REVIVED } from "../marks.ts";

/** The kinds of JSON values that have parts or may be revived. */
export type JsonKind = "string" | "array" | "object";

/** A finished schema as a graph: references are followed, and unions are taken apart. */
export class SchemaGraph {
  readonly root: JsonSchema;
  readonly #numbers = new Map<JsonSchema, number>();
  readonly #marked = new Map<JsonSchema, boolean>();

  constructor(root: JsonSchema) {
    this.root = root;
  }

  /** The schemas without unions and references that a value following one of `schemas` may follow. */
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

  /** The same text for the same schemas, in whichever order. */
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

  /** Whether a value that follows the schema has anything to revive, however deep inside. */
  hasMarks(schema: JsonSchema): boolean {
    const known = this.#marked.get(schema);
    if (known !== undefined) return known;
    const seen = new Set<JsonSchema>();
    const open = [schema];
    let found = false;
    for (let next = open.pop(); next !== undefined && !found; next = open.pop()) {
      const node = resolveRef(next, this.root);
      if (seen.has(node)) continue;
      seen.add(node);
      found = node[REVIVED] !== undefined;
      open.push(...subschemasOf(node).flatMap((part) => (part.keyword === "$defs" ? [] : [part.schema])));
    }
    this.#marked.set(schema, found);
    return found;
  }

  /** Whether one of the schemas that all have to be followed at once has marks. */
  hasMarksInAll({ allOf }: JsonSchema): boolean {
    return Array.isArray(allOf) && allOf.some((part: JsonSchema) => this.hasMarks(part));
  }

  /** Whether a value of the kind may follow a schema without unions. */
  accepts(node: JsonSchema, kind: JsonKind): boolean {
    const { type, enum: values } = node;
    if (type !== undefined) return [type].flat().includes(kind);
    if (node["const"] !== undefined) return kindOf(node["const"]) === kind;
    return Array.isArray(values) ? values.some((value: JsonValue) => kindOf(value) === kind) : true;
  }

  /** The schemas of a property; none where there can be no such property. */
  propertyOf(node: JsonSchema, name: string): readonly JsonSchema[] {
    const properties = node["properties"] as Readonly<Record<string, JsonSchema>> | undefined;
    if (properties && Object.hasOwn(properties, name) && properties[name]) return [properties[name]];
    const patterns = Object.entries((node["patternProperties"] as Record<string, JsonSchema> | undefined) ?? {});
    const matching = patterns.filter(([pattern]) => new RegExp(pattern, "u").test(name));
    return matching.length > 0 ? matching.map(([, schema]) => schema) : this.additionalOf(node);
  }

  /** The schemas of properties that are not declared. */
  additionalOf({ additionalProperties = true }: JsonSchema): readonly JsonSchema[] {
    if (additionalProperties === false) return [];
    return [additionalProperties === true ? {} : (additionalProperties as JsonSchema)];
  }

  /** The values a property may have, where these are listed. */
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

/** Whether an object has to have the property. */
export function requires(node: JsonSchema, name: string): boolean {
  return ((node["required"] as readonly string[] | undefined) ?? []).includes(name);
}

function kindOf(value: JsonValue): string {
  return Array.isArray(value) ? "array" : typeof value;
}
