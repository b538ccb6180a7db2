import type { ValidationError } from "../manifest/format.ts";
import { parsePointer, schemaKeyword } from "../manifest/schema-walk.ts";
import { jsonTypeOf } from "./navigate.ts";

/**
 * Reduces the errors of `anyOf` and `oneOf` to those of the alternative that was most likely meant.
 * A validator reports the errors of every alternative, and all but one are irrelevant.
 */
export function chooseAlternatives(errors: readonly ValidationError[]): readonly ValidationError[] {
  let kept: LocatedError[] = [];
  // Errors of the alternatives come before the error of the keyword that holds them, inner keywords
  // before outer ones.
  for (const error of errors) {
    if (error.keyword === "if") continue;
    const location = locationOf(error);
    const reduce = REDUCTIONS[error.keyword];
    if (!reduce) {
      kept.push({ error, location });
      continue;
    }
    const inside = kept.filter((other) => isInside(other.location, location));
    // From here on, the remaining inner errors stand for the whole keyword.
    const reduced = reduce(error, groupByBranch(location, inside)).map((merged) => ({ error: merged, location }));
    kept = [...kept.filter((other) => !inside.includes(other)), ...reduced];
  }
  return kept.map(({ error }) => error);
}

interface LocatedError {
  readonly error: ValidationError;
  readonly location: ErrorLocation;
}

type Reduce = (outer: ValidationError, branches: readonly ValidationError[][]) => readonly ValidationError[];

const reduceAlternatives: Reduce = (outer, branches) =>
  Array.isArray(outer.params["passingSchemas"])
    ? [alternativesError(outer, "a value that fits only one of the alternatives")]
    : chooseMeant(outer, branches);

/** Reductions by keyword: they merge a keyword's own error with the errors found inside it. */
const REDUCTIONS: { readonly [keyword: string]: Reduce | undefined } = {
  anyOf: reduceAlternatives,
  oneOf: reduceAlternatives,
  // The errors of single items are irrelevant.
  contains: (outer) => [outer],
  // The error is in a name, but validators report it at the object.
  propertyNames: (outer, branches) => {
    const name = outer.params["propertyName"];
    return [{ ...outer, keyword: "name", params: { name, error: branches.flat()[0] } }];
  },
};

function alternativesError(error: ValidationError, expected: string): ValidationError {
  return { ...error, keyword: "alternatives", params: { expected } };
}

function chooseMeant(outer: ValidationError, branches: readonly ValidationError[][]): readonly ValidationError[] {
  const plausible = branches.filter(
    (branch) => !branch.some((error) => error.instancePath === outer.instancePath && isOfWholeValue(error)),
  );
  if (plausible.length === 0) return [ofWholeValue(outer, branches.flat())];
  const tags = plausible.map((branch) => branch.find((error) => isTag(error, outer)));
  const matching = plausible.filter((_, i) => tags[i] === undefined);
  const [first] = tags;
  if (matching.length === 0 && first && tags.every((tag) => tag?.instancePath === first.instancePath)) {
    return [
      { ...first, keyword: "enum", params: { allowedValues: tags.flatMap((tag) => (tag ? allowedValues(tag) : [])) } },
    ];
  }
  const candidates = matching.length > 0 ? matching : plausible;
  // The alternative with the fewest errors is most likely the intended one.
  return [...candidates].sort((a, b) => a.length - b.length)[0] ?? [];
}

/** Groups errors by alternative. */
function groupByBranch(outer: ErrorLocation, inside: readonly LocatedError[]): readonly ValidationError[][] {
  const branches = new Map<string, ValidationError[]>();
  for (const { error, location } of inside) {
    const branch = branchOf(location, outer);
    const list = branches.get(branch) ?? [];
    list.push(error);
    branches.set(branch, list);
  }
  return [...branches.values()];
}

/** Checks whether an error rejects the value as a whole, so that its alternative was not meant. */
function isOfWholeValue({ keyword }: ValidationError): boolean {
  return keyword === "type" || keyword === "const" || keyword === "enum" || keyword === "alternatives";
}

/**
 * Checks whether an error concerns the property that distinguishes alternatives (`kind: "circle"`).
 */
function isTag({ keyword, instancePath }: ValidationError, outer: ValidationError): boolean {
  return (
    (keyword === "const" || keyword === "enum") &&
    parsePointer(instancePath).length === parsePointer(outer.instancePath).length + 1
  );
}

/** Returns the values that an `enum` or `const` error would have accepted. */
export function allowedValues({ keyword, params }: ValidationError): readonly unknown[] {
  if (keyword === "const") return [params["allowedValue"]];
  return Array.isArray(params["allowedValues"]) ? params["allowedValues"] : [];
}

/** Creates one error that lists everything the alternatives would have accepted. */
function ofWholeValue(outer: ValidationError, inside: readonly ValidationError[]): ValidationError {
  const here = inside.filter((error) => error.instancePath === outer.instancePath);
  const values = here.filter(({ keyword }) => keyword === "const" || keyword === "enum").flatMap(allowedValues);
  const types = here
    .filter(({ keyword }) => keyword === "type")
    .flatMap(({ params }) => [params["type"]].flat().map(String));
  if (types.length === 0) return { ...outer, keyword: "enum", params: { allowedValues: values } };
  // The values of an enum imply its type.
  const typesOfValues = new Set<string>(
    values.flatMap((value) => [jsonTypeOf(value), jsonTypeOf(value) === "integer" ? "number" : ""]),
  );
  const names = [...values.map((value) => JSON.stringify(value)), ...types.filter((type) => !typesOfValues.has(type))];
  const nested = here
    .filter(({ keyword }) => keyword === "alternatives")
    .map(({ params }) => String(params["expected"]));
  return alternativesError(outer, [...new Set([...names, ...nested])].join(" or "));
}

/** The location of an error in the schema and in the value. */
interface ErrorLocation {
  readonly schemaPath: string;
  readonly instancePath: string;
  /**
   * The start of the schema path: a generated function (`#`, `#12`), or a definition inlined into
   * one (`#/$defs/x`).
   */
  readonly origin: string;
  /** Depth of the value at which the origin was entered. */
  readonly entry: number;
}

/** Reads the location of an error. */
function locationOf({ schemaPath, instancePath }: ValidationError): ErrorLocation {
  const origin = /^#\d*(?:\/(?:\$defs|definitions)\/[^/]+)?/.exec(schemaPath)?.[0] ?? "#";
  const entry = parsePointer(instancePath).length - stepsInto(schemaPath.slice(origin.length));
  return { schemaPath, instancePath, origin, entry };
}

/** Counts the levels that a schema path leads into a value. */
function stepsInto(path: string): number {
  const tokens = path.split("/").slice(1);
  let steps = 0;
  // The last token is the keyword that failed, which applies to the value reached so far.
  for (let i = 0; i < tokens.length - 1; i++) {
    const holder = schemaKeyword(tokens[i] as string);
    if (holder?.target === "child") steps++;
    // A name or an index follows, which may read like a keyword.
    if (holder && holder.form !== "schema") i++;
  }
  return steps;
}

/** Checks whether an error was found inside `outer`, as opposed to a keyword next to it. */
function isInside(location: ErrorLocation, outer: ErrorLocation): boolean {
  if (location.instancePath !== outer.instancePath && !location.instancePath.startsWith(`${outer.instancePath}/`))
    return false;
  // Behind a `$ref`, schema paths start anew and do not begin with that of `outer`.
  return isSameEntry(location, outer) ? location.schemaPath.startsWith(`${outer.schemaPath}/`) : true;
}

/** Returns the alternative of `outer` that an error was found in. */
function branchOf(location: ErrorLocation, outer: ErrorLocation): string {
  if (isSameEntry(location, outer))
    return location.schemaPath.slice(outer.schemaPath.length + 1).split("/", 1)[0] ?? "";
  const isDirect = location.entry === parsePointer(outer.instancePath).length;
  return isDirect ? location.origin : "further down";
}

/**
 * Checks whether two paths have the same origin, entered at the same value: a recursive definition
 * is entered many times.
 */
function isSameEntry(a: ErrorLocation, b: ErrorLocation): boolean {
  return a.origin === b.origin && a.entry === b.entry;
}
