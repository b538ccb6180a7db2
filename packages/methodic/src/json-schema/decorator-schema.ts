import type { StandardSchema } from "../decorators/definition.ts";
import { MethodicError, reasonOf } from "../errors.ts";
import type { JsonSchema, JsonValue } from "../manifest/format.ts";
import { findSchemaProblems } from "./check-schema.ts";

/** A schema that a decorator gives, instead of the method's types. */
export interface DecoratorSchema {
  /** What clients see. */
  readonly schema: JsonSchema;
  /** What checks values, where the schema is one of a library. */
  readonly standard?: StandardSchema;
}

/** Which schema of which method. */
export interface SchemaPlace {
  /** `Class.method` */
  readonly where: string;
  readonly side: "input" | "output";
}

// Enough to mend them; a schema of another draft can have hundreds.
const MAX_PROBLEMS = 5;
const MAX_DEPTH = 200;

/**
 * Reads the option `inputSchema` or `outputSchema` of a decorator.
 * @throws MethodicError `INVALID_SCHEMA` if it is no schema that can be published
 */
export function readDecoratorSchema(given: unknown, place: SchemaPlace): DecoratorSchema {
  const standard = isStandard(given) ? given : undefined;
  const schema = copyJson(standard ? convert(standard, place) : given, place);
  const problems = findSchemaProblems(schema);
  if (place.side === "input" && schema["type"] !== "object") {
    refuse(place, {
      what: `has ${JSON.stringify(schema["type"])} for the type of its root`,
      fix: 'MCP wants { type: "object", … } there.',
    });
  }
  if (problems.length > 0) {
    const rest = problems.length - MAX_PROBLEMS;
    const list = [...problems.slice(0, MAX_PROBLEMS), ...(rest > 0 ? [`… and ${rest} more`] : [])].join("; ");
    refuse(place, { what: `is no JSON Schema of 2020-12: ${list}`, fix: "Correct the schema." });
  }
  return { schema, ...(standard && { standard }) };
}

/** Libraries make their schemas as objects or, as ArkType does, as functions. */
function isStandard(given: unknown): given is StandardSchema {
  return (
    (typeof given === "object" || typeof given === "function") &&
    given !== null &&
    "~standard" in given &&
    typeof (given as { readonly "~standard": unknown })["~standard"] === "object"
  );
}

function convert(standard: StandardSchema, place: SchemaPlace): unknown {
  // What authors give is only as typed as their program is.
  const { vendor, jsonSchema, validate } = standard["~standard"] as Partial<StandardSchema["~standard"]>;
  if (typeof validate !== "function" || typeof jsonSchema?.[place.side] !== "function") {
    refuse(place, {
      what: `is a schema of ${String(vendor)} that cannot give its JSON Schema`,
      fix: "Use a version of the library that implements Standard JSON Schema (zod 4.2, ArkType 2.1.28, Valibot through @valibot/to-json-schema), or give a JSON Schema.",
    });
  }
  try {
    return jsonSchema[place.side]({ target: "draft-2020-12" });
  } catch (error) {
    return refuse(place, {
      what: `cannot be written as JSON Schema: ${reasonOf(error)}`,
      fix: "Leave out what JSON cannot carry.",
      cause: error,
    });
  }
}

/** A copy, so that what clients are told cannot change any more, and nothing but JSON. */
function copyJson(given: unknown, place: SchemaPlace): JsonSchema {
  if (typeof given !== "object" || given === null || Array.isArray(given)) {
    refuse(place, { what: `is ${describe(given)}`, fix: "Give a JSON Schema object, or a schema of a library." });
  }
  const copy = (value: unknown, depth: number): JsonValue => {
    if (value === null || typeof value === "string" || typeof value === "boolean" || Number.isFinite(value))
      return value as JsonValue;
    if (depth > MAX_DEPTH)
      return refuse(place, { what: "is nested without end", fix: "Use $defs and $ref for what recurs." });
    if (Array.isArray(value)) return value.map((item) => copy(item, depth + 1));
    if (typeof value !== "object")
      return refuse(place, { what: `has ${describe(value)} in it`, fix: "Write JSON only." });
    const entries = Object.entries(value as object).filter(([, item]) => item !== undefined);
    return Object.fromEntries(entries.map(([key, item]) => [key, copy(item, depth + 1)]));
  };
  return copy(given, 0) as JsonSchema;
}

function describe(value: unknown): string {
  if (Array.isArray(value)) return "an array";
  return typeof value === "function" || typeof value === "symbol" ? `a ${typeof value}` : String(value);
}

/** What is wrong with an option, and the one fix. */
interface Refusal {
  readonly what: string;
  readonly fix: string;
  readonly cause?: unknown;
}

function refuse({ where, side }: SchemaPlace, { what, fix, cause }: Refusal): never {
  const options = cause === undefined ? undefined : { cause };
  throw new MethodicError("INVALID_SCHEMA", `${where}: its option ${side}Schema ${what}. ${fix}`, options);
}
