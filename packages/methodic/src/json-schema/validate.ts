import type { StandardIssue, StandardSchema } from "../decorators/definition.ts";
import type { JsonSchema, ValidationError, Validator } from "../manifest/format.ts";
import type { DecoratorSchema } from "./decorator-schema.ts";
import { parsePointer } from "../manifest/schema-walk.ts";
import { valueAt, writePointer } from "./navigate.ts";

/** The result of a validation: the value to continue with, or the errors. */
export type ValidationResult = { readonly value: unknown } | { readonly errors: readonly ValidationError[] };

/**
 * Validates values against decorator schemas. The JSON Schema interpreter is loaded on first use.
 */
export class SchemaValidators {
  readonly #validators = new Map<JsonSchema, Validator>();

  /** Validates a value. A library's schema may return another value (defaults, transforms). */
  async check({ schema, standard }: DecoratorSchema, value: unknown): Promise<ValidationResult> {
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
      // The interpreter writes locations as URIs, which cannot hold a lone surrogate.
      return [issueError("has a property name that is not well-formed Unicode", "")];
    }
  }
}

function validateOf(standard: StandardSchema): StandardSchema["~standard"]["validate"] {
  const properties = standard["~standard"];
  return (value) => properties.validate(value);
}

/**
 * Combines the errors of a library and of its JSON Schema. The library decides what is wrong; where
 * the JSON Schema fails at the same place, its error is used, so that all tools report it in the
 * same words. Issues that only the library finds (refinements) keep the library's message.
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

/** Checks whether two places are the same, or one is inside the other. */
function isRelated(place: string, { instancePath, params }: ValidationError): boolean {
  const name = params["missingProperty"] ?? params["additionalProperty"] ?? params["unevaluatedProperty"];
  const other = typeof name === "string" ? `${instancePath}${writePointer([name])}` : instancePath;
  return place === other || other.startsWith(`${place}/`) || place.startsWith(`${other}/`);
}
