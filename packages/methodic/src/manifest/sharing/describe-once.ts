import type { JsonSchema } from "../format.ts";
import { isAnnotation, isSchema, mapSubschemas, oncePerSchema } from "../schema-walk.ts";
import type { SchemaTable } from "./schema-table.ts";
import { writtenSize } from "./schema-size.ts";

/** Minimum length of JSON that the alternatives of a union repeat. */
const MIN_REPEATED = 2048;

type Properties = { readonly [name: string]: JsonSchema };

/**
 * Describes the properties that all alternatives of a union have in common only in the first, and
 * lists them in the union's description. The result accepts at least what the schema accepts.
 * Alternatives that accept no other properties stay: they have to list all.
 */
export function describeOnce(root: JsonSchema, table: SchemaTable, minRepeated: number = MIN_REPEATED): JsonSchema {
  const describe = oncePerSchema((schema: JsonSchema): JsonSchema => {
    const copy = mapSubschemas(schema, describe);
    if (!Array.isArray(copy["anyOf"])) return copy;
    const branches = copy["anyOf"] as readonly JsonSchema[];
    const [first, ...others] = branches.filter(isOpenObject);
    if (!first) return copy;
    const common = Object.fromEntries(
      Object.entries(propertiesOf(first)).filter(([name, property]) =>
        others.every((branch) => isSame(property, propertiesOf(branch)[name], table)),
      ),
    );
    if (writtenSize(common) * others.length < minRepeated) return copy;
    const anyOf = branches.map((branch) =>
      branch !== first && isOpenObject(branch) ? withoutCommon(branch, first, common) : branch,
    );
    return { ...addNote(copy, Object.keys(common)), anyOf };
  });
  return describe(root);
}

/** Checks for an object schema that accepts properties that it does not list. */
function isOpenObject(schema: JsonSchema): boolean {
  const known = (keyword: string): boolean => isAnnotation(keyword) || OPEN_KEYWORDS.has(keyword);
  return schema["type"] === "object" && isSchema(schema["properties"]) && Object.keys(schema).every(known);
}

const OPEN_KEYWORDS: ReadonlySet<string> = new Set(["type", "properties", "required"]);

function isSame(a: JsonSchema, b: JsonSchema | undefined, table: SchemaTable): boolean {
  return b !== undefined && table.unify(a) === table.unify(b);
}

/** Leaves out of an alternative what the first one says. */
function withoutCommon(branch: JsonSchema, first: JsonSchema, common: Properties): JsonSchema {
  const { properties: _, required: __, ...others } = branch;
  const own = Object.entries(propertiesOf(branch)).filter(([name]) => !Object.hasOwn(common, name));
  const properties = own.map(([name, property]) => {
    const { description, ...bare } = property;
    return [name, description === propertiesOf(first)[name]?.["description"] ? bare : property] as const;
  });
  const required = requiredOf(branch).filter((name) => !Object.hasOwn(common, name));
  return {
    ...(others as JsonSchema),
    properties: Object.fromEntries(properties),
    ...(required.length > 0 && { required }),
  };
}

function propertiesOf({ properties = {} }: JsonSchema): Properties {
  return properties as Properties;
}

function requiredOf({ required = [] }: JsonSchema): readonly string[] {
  return required as readonly string[];
}

function addNote(schema: JsonSchema, names: readonly string[]): JsonSchema {
  const { description, ...others } = schema;
  const note = `The first object describes the properties that all have: ${names.join(", ")}`;
  return { description: typeof description === "string" ? `${description}\n${note}` : note, ...others };
}
