import type { JsonSchema } from "../manifest/format.ts";
import { didYouMean } from "../util/did-you-mean.ts";
import { allowedValues } from "./alternatives.ts";
import { chooseMember } from "./dispatch-union.ts";
import { acceptedTypes, schemasAt, valueAt } from "./navigate.ts";
import type { ValidationError, ValidationErrors } from "./validation-run.ts";
import { expectation, joinWords, formatValuePath, formatValue, oneLine } from "./wording.ts";

/** A value and the schema it was validated against. */
export interface CheckedValue {
  readonly value: unknown;
  readonly schema: JsonSchema;
  /** The discriminator of the union member that the value chooses: `action "add"`. */
  readonly member?: string;
}

// Enough for a model to correct its call; more would only fill its context.
const MAX_PROBLEMS = 20;

/**
 * Explains validation errors to a model, so that its next call succeeds: one line per problem with
 * the path, the expected and the received value, the nearest allowed value, the allowed names for
 * an unknown property, and the description of a missing one.
 */
export function explainErrors({ errors, isComplete }: ValidationErrors, checked: CheckedValue): readonly string[] {
  const member = chooseMember(checked.schema, checked.value);
  const meant = member ? { ...checked, schema: member.schema, member: member.label } : checked;
  const lines = new Set<string>();
  let rest = 0;
  for (const error of errors) {
    // The others are not written: there may be thousands.
    if (lines.size < MAX_PROBLEMS) lines.add(explainValidationError(error, meant));
    else rest++;
  }
  return [...lines, ...(rest > 0 ? [`… and ${isComplete ? rest : `more than ${rest}`} more`] : [])];
}

function explainValidationError(error: ValidationError, checked: CheckedValue): string {
  const { path, params } = error;
  switch (error.keyword) {
    case "required":
      return explainMissing([...path, String(params["missingProperty"])], checked);
    case "dependentRequired":
      return explainMissing([...path, String(params["missingProperty"])], {
        ...checked,
        because: `required with ${formatValuePath([String(params["property"])], undefined)}`,
      });
    case "additionalProperties":
      return explainUnknown(path, String(params["additionalProperty"]), checked);
    case "unevaluatedProperties":
      return explainUnknown(path, String(params["unevaluatedProperty"]), checked);
    case "false schema":
      return `${placeOf(path, checked)}: not allowed.`;
    case "issue":
      return `${placeOf(path, checked)}: ${withReceived(error, valueAt(checked.value, path))}`;
    case "name":
      return explainName(path, params, checked);
    default:
      return `${placeOf(path, checked)}: ${explainValue(error, valueAt(checked.value, path))}`;
  }
}

/** Formats a path, with the discriminator that makes a value at this path wrong. */
function placeOf(path: readonly string[], { value, member }: CheckedValue): string {
  return formatValuePath(path, value) + (member === undefined ? "" : ` (${member})`);
}

function explainMissing(
  path: readonly string[],
  { because = "required", ...checked }: CheckedValue & { readonly because?: string },
): string {
  const { schema } = checked;
  const schemas = schemasAt(schema, path);
  const expected = expectedValues(schemas) ?? expectedTypes(schemas, schema);
  const type = expected === undefined ? "" : ` (${expected})`;
  const description = schemas.map((candidate) => candidate["description"]).find((text) => typeof text === "string");
  return `${placeOf(path, checked)}: missing but ${because}${type}.${description === undefined ? "" : ` ${oneLine(description)}`}`;
}

/**
 * Lists the allowed values if every schema names its own. A long list is left out; it appears once
 * a value is wrong.
 */
function expectedValues(schemas: readonly JsonSchema[]): string | undefined {
  const values = schemas.map((candidate) => ("const" in candidate ? [candidate["const"]] : candidate["enum"]));
  if (!values.every((list) => Array.isArray(list))) return undefined;
  const words = [...new Set(values.flat().map((value) => JSON.stringify(value)))];
  if (words.length === 0 || words.length > MAX_PROBLEMS) return undefined;
  return words.length === 1 ? words[0] : `one of ${words.join(", ")}`;
}

function expectedTypes(schemas: readonly JsonSchema[], root: JsonSchema): string | undefined {
  const types = schemas[0] ? [...acceptedTypes(schemas[0], root)] : [];
  return types.length > 0 && types.length < 7 ? types.join(" or ") : undefined;
}

function explainUnknown(path: readonly string[], name: string, checked: CheckedValue): string {
  const { value, schema } = checked;
  const owners = matchTags(valueAt(value, path), schemasAt(schema, path));
  const keysOf = (keyword: string): readonly string[] => [
    ...new Set(owners.flatMap((owner) => Object.keys((owner[keyword] as object | undefined) ?? {}))),
  ];
  const [names, patterns] = [keysOf("properties"), keysOf("patternProperties")];
  const allowed = [...names, ...patterns.map((pattern) => `names that match the pattern ${pattern}`)];
  const list = allowed.length === 0 ? "Nothing is allowed here." : `Allowed: ${joinWords(allowed)}.`;
  return `${placeOf([...path, name], checked)}: unknown name.${didYouMean(name, names)} ${list}`;
}

/**
 * Selects the alternatives whose tags the value has: the properties of the others would not be
 * allowed.
 */
function matchTags(value: unknown, owners: readonly JsonSchema[]): readonly JsonSchema[] {
  const meant = owners.filter(({ properties }) =>
    Object.entries((properties as { readonly [name: string]: JsonSchema } | undefined) ?? {}).every(
      ([name, property]) => !("const" in property) || valueAt(value, [name]) === property["const"],
    ),
  );
  return meant.some(({ properties }) => properties !== undefined) ? meant : owners;
}

/** Explains an invalid property name, where names must have a certain form. */
function explainName(path: readonly string[], params: ValidationError["params"], checked: CheckedValue): string {
  const name = String(params["name"]);
  const inner = params["error"] as ValidationError | undefined;
  const expected = inner && expectation(inner);
  const hint = inner && isValueList(inner) ? hintFor(name, inner) : "";
  return `${placeOf([...path, name], checked)}: not allowed as a name${expected === undefined ? "" : `; expected ${expected}`}.${hint}`;
}

function explainValue(error: ValidationError, value: unknown): string {
  const expected = expectation(error);
  if (expected === undefined)
    return `${error.message ?? `does not satisfy '${error.keyword}'`}; received ${formatValue(value)}.`;
  const hint = typeof value === "string" && isValueList(error) ? hintFor(value, error) : "";
  return `expected ${expected}, received ${formatValue(value)}.${hint}`;
}

/** Appends the received value to a library's message, unless the message has it already. */
function withReceived({ message = "not valid" }: ValidationError, value: unknown): string {
  const text = oneLine(message).replace(/\.$/, "");
  return /\breceived\b|\bwas\b/i.test(text) ? `${text}.` : `${text}; received ${formatValue(value)}.`;
}

function hintFor(received: string, error: ValidationError): string {
  return didYouMean(
    received,
    allowedValues(error).filter((value) => typeof value === "string"),
  );
}

function isValueList({ keyword }: ValidationError): boolean {
  return keyword === "enum" || keyword === "const";
}
