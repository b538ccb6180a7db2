import { jsonTypeOf } from "./navigate.ts";
import type { ValidationError } from "./validation-run.ts";

/**
 * Reduces the errors of `anyOf` and `oneOf` to those of the alternative that was most likely meant:
 * those of all others are irrelevant.
 * @param outer The error of the keyword itself
 * @param all The errors of each alternative
 */
export function chooseAlternative(
  outer: ValidationError,
  all: readonly (readonly ValidationError[])[],
): readonly ValidationError[] {
  // Empty if the validation ended early.
  const branches = all.filter((branch) => branch.length > 0);
  const plausible = branches.filter((branch) => !branch.some((error) => isOfWholeValue(error, outer)));
  if (plausible.length === 0) return [ofWholeValue(outer, branches.flat())];
  const tags = plausible.map((branch) => branch.find((error) => isTag(error, outer)));
  const matching = plausible.filter((_, i) => tags[i] === undefined);
  const [first] = tags;
  if (matching.length === 0 && first && tags.every((tag) => tag?.path.at(-1) === first.path.at(-1))) {
    const unmatched = tags.flatMap((tag) => tag ?? []);
    const params = { allowedValues: unmatched.flatMap(allowedValues) };
    return [{ ...first, keyword: "enum", params, schemas: unmatched.flatMap(({ schemas }) => schemas) }];
  }
  const candidates = matching.length > 0 ? matching : plausible;
  // The alternative with the fewest errors is most likely the intended one.
  return candidates.reduce((best, branch) => (branch.length < best.length ? branch : best));
}

/** Creates the error of a value that fits no alternative, or several. */
export function alternativesError(error: ValidationError, expected: string): ValidationError {
  return { ...error, keyword: "alternatives", params: { expected } };
}

/** Returns the values that an `enum` or `const` error would have accepted. */
export function allowedValues({ keyword, params }: ValidationError): readonly unknown[] {
  if (keyword === "const") return [params["allowedValue"]];
  return Array.isArray(params["allowedValues"]) ? params["allowedValues"] : [];
}

/** Checks whether an error rejects the value as a whole, so that its alternative was not meant. */
function isOfWholeValue({ keyword, path }: ValidationError, outer: ValidationError): boolean {
  return path.length === outer.path.length && WHOLE.has(keyword);
}

const WHOLE: ReadonlySet<string> = new Set(["type", "const", "enum", "alternatives"]);

/**
 * Checks whether an error concerns the property that distinguishes alternatives (`kind: "circle"`).
 */
function isTag({ keyword, path }: ValidationError, outer: ValidationError): boolean {
  return (keyword === "const" || keyword === "enum") && path.length === outer.path.length + 1;
}

/** Creates one error that lists everything the alternatives would have accepted. */
function ofWholeValue(outer: ValidationError, inside: readonly ValidationError[]): ValidationError {
  const here = inside.filter((error) => isOfWholeValue(error, outer));
  const values = here.filter(({ keyword }) => keyword === "const" || keyword === "enum").flatMap(allowedValues);
  const types = here
    .filter(({ keyword }) => keyword === "type")
    .flatMap(({ params }) => [params["type"]].flat().map(String));
  const nested = here
    .filter(({ keyword }) => keyword === "alternatives")
    .map(({ params }) => String(params["expected"]));
  const error = { ...outer, schemas: here.flatMap(({ schemas }) => schemas) };
  if (types.length === 0 && nested.length === 0)
    return { ...error, keyword: "enum", params: { allowedValues: values } };
  // The values of an enum imply its type.
  const typesOfValues = new Set<string>(
    values.flatMap((value) => [jsonTypeOf(value), jsonTypeOf(value) === "integer" ? "number" : ""]),
  );
  const names = [...values.map((value) => JSON.stringify(value)), ...types.filter((type) => !typesOfValues.has(type))];
  return alternativesError(error, [...new Set([...names, ...nested])].join(" or "));
}
