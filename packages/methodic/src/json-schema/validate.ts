import type { StandardIssue, StandardSchema } from "../decorators/definition.ts";
import type { JsonSchema } from "../manifest/format.ts";
import type { DecoratorSchema } from "./decorator-schema.ts";
import { createSchemaValidator, type SchemaValidator, type ValidatorOptions } from "./interpret.ts";
import { valueAt } from "./navigate.ts";
import { MAX_ERRORS, type ValidationError, type ValidationErrors } from "./validation-run.ts";

/** The result of a validation: the value to continue with, or the errors. */
export type ValidationResult = { readonly value: unknown } | ValidationErrors;

/** Validates values against decorator schemas, and finds the errors of values that types refuse. */
export class SchemaValidators {
  readonly #validators = new WeakMap<JsonSchema, SchemaValidator>();

  /** Validates a value. A library's schema may return another value (defaults, transforms). */
  async check(
    { schema, standard }: Pick<DecoratorSchema, "schema" | "standard">,
    value: unknown,
  ): Promise<ValidationResult> {
    const validator = this.#validatorOf(schema);
    if (!standard) return validator.validate(value) ?? { value };
    const result = await validateOf(standard)(value);
    return result.issues ? combine(result.issues, validator.findErrors(value), value) : { value: result.value };
  }

  /** Finds the errors of a value that the generated validator of a schema has rejected. */
  findErrors(schema: JsonSchema, value: unknown): ValidationErrors {
    const found = this.#validatorOf(schema, { checkEncoding: true }).findErrors(value);
    // A generated validator may be stricter than the published schema.
    return found.errors.length > 0 ? found : { errors: [issueError("not valid", [])], isComplete: false };
  }

  #validatorOf(schema: JsonSchema, options?: ValidatorOptions): SchemaValidator {
    let validator = this.#validators.get(schema);
    if (!validator) this.#validators.set(schema, (validator = createSchemaValidator(schema, options)));
    return validator;
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
  all: readonly StandardIssue[],
  { errors, isComplete }: ValidationErrors,
  value: unknown,
): ValidationErrors {
  // A client determines how many issues there are.
  const issues = all.slice(0, MAX_ERRORS).map(({ message, path = [] }) => ({ message, path: path.map(keyOf) }));
  const concernsIssue = relatedTo(issues.map(({ path }) => path));
  const worded = errors.filter((error) => concernsIssue(placeOf(error)));
  const concernsWorded = relatedTo(worded.map(placeOf));
  const others = issues.filter(({ path }) => !concernsWorded(path));
  return {
    errors: [...worded, ...others.map(({ message, path }) => issueOrMissing(message, path, value))],
    isComplete: isComplete && issues.length === all.length,
  };
}

type Path = readonly string[];

function issueOrMissing(message: string, path: Path, value: unknown): ValidationError {
  const owner = valueAt(value, path.slice(0, -1));
  const missingProperty = path.at(-1);
  const isMissing =
    typeof owner === "object" &&
    owner !== null &&
    missingProperty !== undefined &&
    !Object.hasOwn(owner, missingProperty);
  if (!isMissing) return issueError(message, path);
  return { ...issueError(message, path.slice(0, -1)), keyword: "required", params: { missingProperty } };
}

function issueError(message: string, path: Path): ValidationError {
  return { keyword: "issue", path, params: {}, message, schemas: [] };
}

function keyOf(segment: NonNullable<StandardIssue["path"]>[number]): string {
  return String(typeof segment === "object" ? segment.key : segment);
}

/** Returns the place that an error is about: a missing or unknown property, not its owner. */
function placeOf({ path, params }: ValidationError): Path {
  const name = params["missingProperty"] ?? params["additionalProperty"] ?? params["unevaluatedProperty"];
  return typeof name === "string" ? [...path, name] : path;
}

/** Creates a check for places that equal one of `places`, lie inside one, or contain one. */
function relatedTo(places: readonly Path[]): (place: Path) => boolean {
  const exact = new Set(places.map(textOf));
  const around = new Set(places.flatMap(prefixesOf));
  return (place) => around.has(textOf(place)) || prefixesOf(place).some((prefix) => exact.has(prefix));
}

function prefixesOf(place: Path): readonly string[] {
  return [...place.keys(), place.length].map((length) => textOf(place.slice(0, length)));
}

/** Writes a place as text, for comparison. */
function textOf(place: Path): string {
  return place.map((key) => `/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}
