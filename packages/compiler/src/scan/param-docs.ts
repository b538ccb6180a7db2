import type { JsonSchema } from "methodic/manifest";
import type ts from "typescript";
import { problems } from "../diagnostics/catalog.ts";
import type { LocatedProblem } from "../diagnostics/locate.ts";
import type { Docs, ParamDoc } from "../jsdoc/docs.ts";
import { integerTag, readKeywords } from "../schema/read/keyword-tags.ts";
import { combineKeywords, findContradiction } from "../schema/read/combine-keywords.ts";
import type { ConstraintSubject } from "../schema/read/tag-rules.ts";
import { UnsupportedTypeError } from "../schema/read/unsupported-type.ts";

/** An input schema with the texts and constraints of `@param` tags, and the problems in them. */
export interface DescribedInput {
  readonly schema: JsonSchema;
  readonly problems: readonly LocatedProblem[];
}

/**
 * Adds the texts and constraints of dotted tags (`@param options.limit`, `@param rows[].name`) to
 * the properties that they name.
 * @param rootless The first name of a path is the input itself, as for a destructured parameter
 */
export function applyParamDocs(input: JsonSchema, docs: Docs, rootless: boolean): DescribedInput {
  const found: LocatedProblem[] = [];
  let schema = input;
  for (const param of docs.params) {
    const path = param.name.replaceAll("[]", "").split(".");
    const isDotted = path.length > 1;
    if (!isDotted && !rootless) continue;
    const steps = rootless && isDotted ? path.slice(1) : path;
    try {
      const changed = changeAt(schema, steps, (property) => describeProperty(property, param));
      // The name of a destructured parameter is up to its author.
      const isRoot = rootless && !isDotted && param.tags.length === 0;
      if (!changed && !isRoot && isKnown(schema, path, rootless))
        found.push({ problem: problems.unknownProperty(param.name), node: param.node });
      schema = changed ?? schema;
    } catch (error) {
      if (!(error instanceof UnsupportedTypeError)) throw error;
      found.push({ problem: error.problem, node: error.node });
    }
  }
  return { schema, problems: found };
}

/** Checks for a path into a parameter that exists: other names are reported on their own. */
function isKnown({ properties = {} }: JsonSchema, [root = ""]: readonly string[], rootless: boolean): boolean {
  return rootless || Object.hasOwn(properties as object, root);
}

/**
 * Changes a property inside a schema; returns undefined if it is not found, or shared by recursion.
 */
function changeAt(
  schema: JsonSchema,
  [step, ...rest]: readonly string[],
  change: (property: JsonSchema) => JsonSchema,
): JsonSchema | undefined {
  if (step === undefined) return change(schema);
  const inside = (part: JsonSchema): JsonSchema | undefined => changeAt(part, [step, ...rest], change);
  const { properties, items, anyOf } = schema as {
    readonly properties?: Readonly<Record<string, JsonSchema>>;
    readonly items?: JsonSchema | boolean;
    readonly anyOf?: readonly JsonSchema[];
  };
  if (properties && Object.hasOwn(properties, step)) {
    const property = changeAt(properties[step] ?? {}, rest, change);
    return property && { ...schema, properties: { ...properties, [step]: property } };
  }
  if (typeof items === "object") {
    const element = inside(items);
    return element && { ...schema, items: element };
  }
  const branches = anyOf?.map((branch) => inside(branch));
  if (!anyOf || !branches?.some((branch) => branch !== undefined)) return undefined;
  return { ...schema, anyOf: anyOf.map((branch, index) => branches[index] ?? branch) };
}

function describeProperty(property: JsonSchema, { text, tags }: ParamDoc): JsonSchema {
  const described = text ? withDescription(property, text) : property;
  return tags.length > 0 ? constrain(described, tags) : described;
}

function constrain(property: JsonSchema, tags: readonly ts.JSDocTag[]): JsonSchema {
  const widening = tags.find(({ tagName }) => tagName.text === "nullable");
  if (widening)
    throw new UnsupportedTypeError(
      problems.tagDoesNotFit("nullable", "a part of a parameter", "Add null to its type."),
      widening,
    );
  const name = (): string => JSON.stringify(property["type"] ?? "the property's type");
  const own = { tags, isBorrowed: false, isForeign: false };
  const keywords = readKeywords({ mayBe: (kind) => mayBe(property, kind), name }, own);
  const combined = combineKeywords(property, keywords) as JsonSchema;
  const tag = integerTag(own);
  if (tag && !mayBe(property, "number"))
    throw new UnsupportedTypeError(problems.tagDoesNotFit("asType integer", name(), "Put it on a number."), tag);
  const narrowed = tag ? toInteger(combined) : combined;
  const contradiction = findContradiction(narrowed);
  if (contradiction && tags[0])
    throw new UnsupportedTypeError(problems.contradictoryConstraints(...contradiction), tags[0]);
  return narrowed;
}

function mayBe({ type, const: value, enum: values, anyOf, $ref }: JsonSchema, kind: ConstraintSubject): boolean {
  if (Array.isArray(anyOf)) return (anyOf as JsonSchema[]).some((branch) => mayBe(branch, kind));
  if (value !== undefined || values !== undefined)
    return [value, ...((values as unknown[] | undefined) ?? [])].some((one) => typeof one === kind);
  if (type === undefined) return true;
  const types = [type].flat();
  return $ref !== undefined || types.includes(kind) || (kind === "number" && types.includes("integer"));
}

function toInteger(schema: JsonSchema): JsonSchema {
  const { type, anyOf } = schema;
  const integer = (name: unknown): unknown => (name === "number" ? "integer" : name);
  return {
    ...schema,
    ...(type !== undefined && { type: Array.isArray(type) ? type.map((one) => integer(one)) : integer(type) }),
    ...(Array.isArray(anyOf) && { anyOf: (anyOf as JsonSchema[]).map((branch) => toInteger(branch)) }),
  } as JsonSchema;
}

/** Sets the description, in its place after the title. */
function withDescription(schema: JsonSchema, text: string): JsonSchema {
  const { $ref, title, description: _, ...rest } = schema;
  return {
    ...($ref !== undefined && { $ref }),
    ...(title !== undefined && { title }),
    description: text,
    ...rest,
  };
}
