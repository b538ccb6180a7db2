import type { StandardIssue, StandardSchema } from "../decorators/definition.ts";
import type { JsonSchema, ValidationError, Validator } from "../manifest/format.ts";
import type { DecoratorSchema } from "./decorator-schema.ts";
import { parsePointer } from "../manifest/schema-walk.ts";
import { valueAt, writePointer } from "./navigate.ts";

/** What came of checking a value: the value to go on with, or what is wrong. */
export type Verdict = { readonly value: unknown } | { readonly errors: readonly ValidationError[] };

/** Checks values against the schemas that decorators give. The library that interprets JSON Schemas is loaded when the first of them is needed. */
export class SchemaValidators {
  readonly #validators = new Map<JsonSchema, Validator>();

  /** Checks a value; what a library's schema makes of it (defaults, transformed values) is the value to go on with. */
  async check(given: DecoratorSchema, value: unknown): Promise<Verdict> {
    const { schema, standard } = given;
    if (!standard) {
      const errors = await this.#interpret(schema, value);
      return errors.length === 0 ? { value } : { errors };
    }
    const result = await validateOf(standard)(value);
    if (!result.issues) return { value: result.value };
    return { errors: combine(result.issues, await this.#interpret(schema, value), value) };
  }

  async #interpret(schema: JsonSchema, value: unknown): Promise<readonly ValidationError[]> {
    let validate = this.#validators.get(schema);
    if (!validate) {
      const { createSchemaValidator } = await import("./interpret.ts");
      this.#validators.set(schema, (validate = createSchemaValidator(schema)));
    }
    try {
      return validate(value) ? [] : (validate.errors ?? []);
    } catch (error) {
      if (!(error instanceof URIError)) throw error;
      // The interpreter writes places as URIs, which half a character cannot be part of.
      return [issueError("has a name that is no well-formed Unicode text", "")];
    }
  }
}

function validateOf(standard: StandardSchema): StandardSchema["~standard"]["validate"] {
  const properties = standard["~standard"];
  return (value) => properties.validate(value);
}

/**
 * The library decides what is wrong; the JSON Schema words it the way all tools do, where it sees the same problem.
 * What only the library sees (its own refinements) keeps the library's words.
 */
function combine(
  issues: readonly StandardIssue[],
  errors: readonly ValidationError[],
  value: unknown,
): readonly ValidationError[] {
  const places = issues.map(({ path = [] }) => writePointer(path.map(keyOf)));
  const worded = errors.filter((error) => places.some((place) => isRelated(place, error)));
  const rest = issues.flatMap(({ message }, i) => {
    const place = places[i] ?? "";
    return worded.some((error) => isRelated(place, error)) ? [] : [issueOrMissing(message, place, value)];
  });
  return [...worded, ...rest];
}

function issueOrMissing(message: string, place: string, value: unknown): ValidationError {
  const path = parsePointer(place);
  const owner = valueAt(value, path.slice(0, -1));
  const missingProperty = path.at(-1);
  const isMissing =
    typeof owner === "object" &&
    owner !== null &&
    missingProperty !== undefined &&
    !Object.hasOwn(owner, missingProperty);
  if (!isMissing) return issueError(message, place);
  return { ...issueError(message, writePointer(path.slice(0, -1))), keyword: "required", params: { missingProperty } };
}

function issueError(message: string, instancePath: string): ValidationError {
  return { keyword: "issue", instancePath, schemaPath: "#/issue", params: {}, message };
}

function keyOf(segment: NonNullable<StandardIssue["path"]>[number]): string {
  return String(typeof segment === "object" ? segment.key : segment);
}

/** Whether one place is the other or is inside of it. */
function isRelated(place: string, { instancePath, params }: ValidationError): boolean {
  const name = params["missingProperty"] ?? params["additionalProperty"] ?? params["unevaluatedProperty"];
  const other = typeof name === "string" ? `${instancePath}${writePointer([name])}` : instancePath;
  return place === other || other.startsWith(`${place}/`) || place.startsWith(`${other}/`);
}
