import type { StandardSchema } from "../decorators/definition.ts";
import { isStandardSchema } from "../decorators/options.ts";
import { MethodicError, reasonOf } from "../errors.ts";
import { publishSchema, publishWrittenSchema } from "../manifest/client-rules/publish.ts";
import { withRootType } from "../manifest/discriminated-union.ts";
import type { JsonSchema, JsonValue } from "../manifest/format.ts";
import type { RefsMode } from "../manifest/decorator-options.ts";
import { isRecord } from "../util/record.ts";
import { findDecoratorSchemaProblems } from "../manifest/check-schema.ts";

/** A schema given in a decorator, in place of the one from the method's types. */
export interface DecoratorSchema {
  readonly schema: JsonSchema;
  /** The schema that clients see. */
  readonly published: JsonSchema;
  /** The validator, if the schema comes from a validation library. */
  readonly standard?: StandardSchema;
}

/** The decorator option that holds the schema. */
export interface SchemaOption {
  /** `Class.method` */
  readonly where: string;
  readonly side: "input" | "output";
  /** The option's name. Default: `inputSchema` or `outputSchema`. */
  readonly option?: string;
  /** The use of references in the published schema. */
  readonly refs?: RefsMode | undefined;
}

// Enough to act on; a schema of another draft can have hundreds.
const MAX_PROBLEMS = 5;
const MAX_DEPTH = 200;

/**
 * Reads the decorator option `inputSchema` or `outputSchema`.
 * @throws MethodicError `INVALID_SCHEMA` if the schema cannot be published
 */
export function readDecoratorSchema(value: unknown, option: SchemaOption): DecoratorSchema {
  const standard = isStandardSchema(value) ? value : undefined;
  if (!standard && isRecord(value)) refuseShape(value, option);
  const copy = copyJson(standard ? convert(standard, option) : value, option);
  const schema = option.side === "input" ? withRootType(copy) : copy;
  const problems = findDecoratorSchemaProblems(schema, option.side);
  if (problems.length > 0) {
    const rest = problems.length - MAX_PROBLEMS;
    const list = [...problems.slice(0, MAX_PROBLEMS), ...(rest > 0 ? [`… and ${rest} more`] : [])].join("; ");
    rejectSchema(option, { what: `is invalid: ${list}`, fix: "Correct the schema." });
  }
  return {
    schema,
    published: standard
      ? publishSchema(schema, option.refs, option.side)
      : publishWrittenSchema(schema, option.refs, option.side),
    ...(standard && { standard }),
  };
}

/** Refuses `{ name: z.string() }`, which version 1 of the SDK took for the schema of an object. */
function refuseShape(value: { readonly [key: string]: unknown }, option: SchemaOption): void {
  const [name] = Object.entries(value).find(([, property]) => isStandardSchema(property)) ?? [];
  if (name === undefined) return;
  rejectSchema(option, {
    what: `is an object with the schema of a library at '${name}'`,
    fix: "Use the library's schema of an object, such as z.object({ … }).",
  });
}

function convert(standard: StandardSchema, option: SchemaOption): unknown {
  // Authors may work in JavaScript, so the interface may be incomplete.
  const { vendor, jsonSchema, validate } = standard["~standard"] as Partial<StandardSchema["~standard"]>;
  if (typeof validate !== "function" || typeof jsonSchema?.[option.side] !== "function") {
    rejectSchema(option, {
      what: `is a schema of ${String(vendor)} without a JSON Schema`,
      fix: "Use a version of the library that implements Standard JSON Schema (zod 4.2, ArkType 2.1.28, Valibot through @valibot/to-json-schema), or write a JSON Schema.",
    });
  }
  try {
    return jsonSchema[option.side]({ target: "draft-2020-12" });
  } catch (error) {
    return rejectSchema(option, {
      what: `cannot be written as JSON Schema: ${reasonOf(error)}`,
      fix: "Leave out the types that JSON Schema cannot express.",
      cause: error,
    });
  }
}

/**
 * Copies the schema, so that later changes by the author do not reach clients. Rejects values that
 * are not JSON.
 */
function copyJson(schema: unknown, option: SchemaOption): JsonSchema {
  if (!isRecord(schema)) {
    rejectSchema(option, { what: `is ${nameValue(schema)}`, fix: "Use a JSON Schema object or a library's schema." });
  }
  const copy = (value: unknown, depth: number): JsonValue => {
    if (value === null || typeof value === "string" || typeof value === "boolean" || Number.isFinite(value))
      return value as JsonValue;
    if (depth > MAX_DEPTH)
      return rejectSchema(option, { what: "is nested too deeply", fix: "Use $defs and $ref for recursion." });
    if (Array.isArray(value)) return value.map((item) => copy(item, depth + 1));
    if (typeof value !== "object")
      return rejectSchema(option, { what: `contains ${nameValue(value)}`, fix: "Use plain JSON." });
    const entries = Object.entries(value as object).filter(([, item]) => item !== undefined);
    return Object.fromEntries(entries.map(([key, item]) => [key, copy(item, depth + 1)]));
  };
  return copy(schema, 0) as JsonSchema;
}

function nameValue(value: unknown): string {
  if (Array.isArray(value)) return "an array";
  if (typeof value === "bigint") return `the bigint ${value}`;
  return typeof value === "function" || typeof value === "symbol" ? `a ${typeof value}` : String(value);
}

/** A problem with a schema option, and its fix. */
interface SchemaProblem {
  readonly what: string;
  readonly fix: string;
  readonly cause?: unknown;
}

function rejectSchema(
  { where, side, option = `${side}Schema` }: SchemaOption,
  { what, fix, cause }: SchemaProblem,
): never {
  const options = cause === undefined ? undefined : { cause };
  throw new MethodicError("INVALID_SCHEMA", `${where}: the option '${option}' ${what}. ${fix}`, options);
}
