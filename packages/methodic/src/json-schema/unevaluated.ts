import type { JsonSchema } from "../manifest/format.ts";
import { isSchema, memberOf, resolvePointer } from "../manifest/schema-walk.ts";
import { isRecord } from "../util/record.ts";
import type { Check, ValidationRun } from "./validation-run.ts";

/** The document that a schema belongs to. */
interface SchemaDocument {
  readonly root: JsonSchema;
  compile(schema: unknown): Check;
}

/**
 * Creates the check of `unevaluatedProperties` and `unevaluatedItems`: of the properties and items
 * that no other keyword has evaluated, including those in references and alternatives that fit.
 */
export function createUnevaluated(schema: JsonSchema, document: SchemaDocument): Check | undefined {
  const { unevaluatedProperties, unevaluatedItems } = schema;
  if (unevaluatedProperties === undefined && unevaluatedItems === undefined) return undefined;
  const [forProperties, forItems] = [unevaluatedProperties, unevaluatedItems].map((inner) =>
    document.compile(inner ?? true),
  ) as [Check, Check];
  return (value, run) => {
    if (typeof value !== "object" || value === null) return true;
    const applied = findApplied(schema, value, { document, run });
    let isValid = true;
    for (const [key, item] of Object.entries(value)) {
      const isItem = Array.isArray(value);
      if (
        applied.some((one) => (isItem ? evaluatesItem : evaluatesProperty)(one, { schema, key, item, document, run }))
      )
        continue;
      if (isItem ? unevaluatedItems === false : unevaluatedProperties === false) {
        isValid = isItem
          ? run.fail("maxItems", schema, { limit: Number(key) })
          : run.fail("unevaluatedProperties", schema, { unevaluatedProperty: key });
        // One error for all excess items.
        if (isItem) break;
      } else isValid = run.child(isItem ? forItems : forProperties, item, isItem ? Number(key) : key) && isValid;
      if (!isValid && run.isDone) break;
    }
    return isValid;
  };
}

/** Finds the schemas that apply to a value and accept it: the schema itself and those in place. */
function findApplied(
  schema: JsonSchema,
  value: object,
  { document, run }: { readonly document: SchemaDocument; readonly run: ValidationRun },
): readonly JsonSchema[] {
  const found = new Set<JsonSchema>();
  const passes = (inner: unknown): boolean => run.test(document.compile(inner), value);
  const add = (one: unknown): void => {
    if (!isSchema(one) || found.has(one)) return;
    found.add(one);
    const { $ref, allOf, anyOf, oneOf, dependentSchemas } = one;
    if (typeof $ref === "string") add(resolvePointer(document.root, $ref));
    for (const inner of listOf(allOf)) add(inner);
    for (const inner of [...listOf(anyOf), ...listOf(oneOf)]) if (passes(inner)) add(inner);
    if (one["if"] !== undefined) {
      const isMet = passes(one["if"]);
      if (isMet) add(one["if"]);
      add(isMet ? one["then"] : one["else"]);
    }
    for (const [name, inner] of Object.entries(isRecord(dependentSchemas) ? dependentSchemas : {}))
      if (Object.hasOwn(value, name)) add(inner);
  };
  add(schema);
  return [...found];
}

/** A property or item, and the schema whose keyword asks whether it has been evaluated. */
interface Part {
  readonly schema: JsonSchema;
  readonly key: string;
  readonly item: unknown;
  readonly document: SchemaDocument;
  readonly run: ValidationRun;
}

function evaluatesProperty(one: JsonSchema, { schema, key }: Part): boolean {
  const { properties, patternProperties, additionalProperties, unevaluatedProperties } = one;
  if (additionalProperties !== undefined || (one !== schema && unevaluatedProperties !== undefined)) return true;
  if (memberOf(properties, key) !== undefined) return true;
  return isRecord(patternProperties) && Object.keys(patternProperties).some((name) => new RegExp(name, "u").test(key));
}

function evaluatesItem(one: JsonSchema, { schema, key, item, document, run }: Part): boolean {
  const { prefixItems, items, contains, unevaluatedItems } = one;
  if (items !== undefined || (one !== schema && unevaluatedItems !== undefined)) return true;
  if (Number(key) < listOf(prefixItems).length) return true;
  return contains !== undefined && run.test(document.compile(contains), item);
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
