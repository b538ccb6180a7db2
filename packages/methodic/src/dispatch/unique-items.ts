import { type Duplicate, findDuplicate } from "../manifest/find-duplicate.ts";
import type { JsonSchema, JsonValue } from "../manifest/format.ts";
import { isSchema, schemasAt, schemasBelow, writePointer } from "./schema-walk.ts";

/** An array that a schema may want to have no equal items. */
export interface UniqueArray {
  readonly pointer: string;
  readonly length: number;
  readonly duplicate: Duplicate | undefined;
}

/** Keywords by which a schema can reach an array in ways that the walk below does not follow. */
const INDIRECT = /"(?:not|if|contains|unevaluatedItems|\$dynamicRef|\$recursiveRef)":/;

/** Finds the arrays that a schema may want to have no equal items: all that it does, and some more where it has alternatives. */
export function findUniqueArrays(schema: JsonSchema, value: unknown): readonly UniqueArray[] {
  const found: UniqueArray[] = [];
  const isAnywhere = INDIRECT.test(JSON.stringify(schema));
  const visit = (at: unknown, schemas: readonly JsonSchema[], path: readonly string[]): void => {
    if (typeof at !== "object" || at === null || (schemas.length === 0 && !isAnywhere)) return;
    if (Array.isArray(at) && (isAnywhere || schemas.some(({ uniqueItems }) => uniqueItems === true)))
      found.push({ pointer: writePointer(path), length: at.length, duplicate: findDuplicate(at) });
    for (const [key, child] of Object.entries(at))
      if (typeof child === "object" && child !== null)
        visit(child, schemasBelow(schemas, { key, root: schema }), [...path, key]);
  };
  visit(value, schemasAt(schema, []), []);
  return found;
}

/** Keywords whose value is data, in which `uniqueItems` is a name like any other. */
const DATA: ReadonlySet<string> = new Set(["const", "enum", "default", "examples"]);
const SCHEMA_MAPS: ReadonlySet<string> = new Set(
  "$defs definitions properties patternProperties dependentSchemas".split(" "),
);

/** The schema without `uniqueItems`, or nothing if it has none. */
export function withoutUniqueItems(schema: JsonSchema): JsonSchema | undefined {
  let isChanged = false;
  const strip = (value: JsonValue, isMap: boolean): JsonValue => {
    if (Array.isArray(value)) return value.map((item: JsonValue) => strip(item, false));
    if (!isSchema(value)) return value;
    const kept = Object.entries(value).filter(([keyword]) => isMap || keyword !== "uniqueItems");
    isChanged ||= kept.length < Object.keys(value).length;
    return Object.fromEntries(
      kept.map(([keyword, one]) => [
        keyword,
        !isMap && DATA.has(keyword) ? one : strip(one, !isMap && SCHEMA_MAPS.has(keyword)),
      ]),
    );
  };
  const stripped = strip(schema, false) as JsonSchema;
  return isChanged ? stripped : undefined;
}
