import type { ValidationError } from "../manifest/format.ts";
import { jsonTypeOf, parsePointer } from "./schema-walk.ts";

/**
 * Reduces the errors of `anyOf` and `oneOf` to those of the alternative that was most likely meant.
 * A validator reports what is wrong with every alternative, of which all but one are beside the point.
 */
export function chooseAlternatives(errors: readonly ValidationError[]): readonly ValidationError[] {
  let kept: ValidationError[] = [];
  // Errors of the alternatives come before the error of the keyword that offers them, inner keywords before outer ones.
  for (const error of errors) {
    if (error.keyword === "if" || error.keyword === "propertyNames") continue;
    if (error.keyword !== "anyOf" && error.keyword !== "oneOf") {
      kept.push(error);
    } else if (Array.isArray(error.params["passingSchemas"])) {
      kept.push(alternativesError(error, "a value that fits only one of the alternatives"));
    } else {
      const inside = kept.filter((other) => isInside(other, error));
      kept = [...kept.filter((other) => !inside.includes(other)), ...choose(error, inside)];
    }
  }
  return kept;
}

/** Whether an error comes from an alternative, as opposed to a keyword that stands next to `outer`. */
function isInside(other: ValidationError, outer: ValidationError): boolean {
  if (other.instancePath !== outer.instancePath && !other.instancePath.startsWith(`${outer.instancePath}/`))
    return false;
  if (other.schemaPath.startsWith(`${outer.schemaPath}/`)) return true;
  // Errors from inside of a `$ref` have schema paths of their own, which begin at the definition, not where `outer` begins.
  const beginning = outer.schemaPath.split("/").slice(0, 3).join("/");
  return !other.schemaPath.startsWith(`${beginning}/`);
}

function alternativesError(error: ValidationError, expected: string): ValidationError {
  return { ...error, keyword: "alternatives", params: { expected } };
}

function choose(outer: ValidationError, inside: readonly ValidationError[]): readonly ValidationError[] {
  const branches = groupByBranch(outer, inside);
  const plausible = branches.filter(
    (branch) => !branch.some((error) => error.instancePath === outer.instancePath && isOfWholeValue(error)),
  );
  if (plausible.length === 0) return [ofWholeValue(outer, inside)];
  const tags = plausible.map((branch) => branch.find((error) => isTag(error, outer)));
  const matching = plausible.filter((_, i) => tags[i] === undefined);
  const [first] = tags;
  if (matching.length === 0 && first && tags.every((tag) => tag?.instancePath === first.instancePath)) {
    return [
      { ...first, keyword: "enum", params: { allowedValues: tags.flatMap((tag) => (tag ? allowedValues(tag) : [])) } },
    ];
  }
  const candidates = matching.length > 0 ? matching : plausible;
  // The alternative with the fewest faults is the one that was meant.
  return [...candidates].sort((a, b) => a.length - b.length)[0] ?? [];
}

function groupByBranch(outer: ValidationError, inside: readonly ValidationError[]): readonly ValidationError[][] {
  const branches = new Map<string, ValidationError[]>();
  for (const error of inside) {
    const own = error.schemaPath.startsWith(`${outer.schemaPath}/`);
    const branch = own
      ? error.schemaPath.slice(outer.schemaPath.length + 1).split("/")[0]
      : error.schemaPath.split("/")[2];
    const list = branches.get(`${own} ${branch}`) ?? [];
    list.push(error);
    branches.set(`${own} ${branch}`, list);
  }
  return [...branches.values()];
}

/** Whether an error says that the value is not at all what the alternative is about. */
function isOfWholeValue({ keyword }: ValidationError): boolean {
  return keyword === "type" || keyword === "const" || keyword === "enum" || keyword === "alternatives";
}

/** Whether an error concerns the property that tells alternatives apart (`kind: "circle"`). */
function isTag({ keyword, instancePath }: ValidationError, outer: ValidationError): boolean {
  return (
    (keyword === "const" || keyword === "enum") &&
    parsePointer(instancePath).length === parsePointer(outer.instancePath).length + 1
  );
}

/** The values that an `enum` or `const` error would have taken. */
export function allowedValues({ keyword, params }: ValidationError): readonly unknown[] {
  if (keyword === "const") return [params["allowedValue"]];
  return Array.isArray(params["allowedValues"]) ? params["allowedValues"] : [];
}

/** One error that names everything that the alternatives would have taken. */
function ofWholeValue(outer: ValidationError, inside: readonly ValidationError[]): ValidationError {
  const here = inside.filter((error) => error.instancePath === outer.instancePath);
  const values = here.filter(({ keyword }) => keyword === "const" || keyword === "enum").flatMap(allowedValues);
  const types = here
    .filter(({ keyword }) => keyword === "type")
    .flatMap(({ params }) => [params["type"]].flat().map(String));
  if (types.length === 0) return { ...outer, keyword: "enum", params: { allowedValues: values } };
  // The type of an enum is said by its values already.
  const typesOfValues = new Set(
    values.flatMap((value) => [jsonTypeOf(value), jsonTypeOf(value) === "integer" ? "number" : ""]),
  );
  const names = [
    ...values.map((value) => JSON.stringify(value)),
    ...types.filter((type) => !typesOfValues.has(type as never)),
  ];
  const nested = here
    .filter(({ keyword }) => keyword === "alternatives")
    .map(({ params }) => String(params["expected"]));
  return alternativesError(outer, [...new Set([...names, ...nested])].join(" or "));
}
