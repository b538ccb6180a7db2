import type { ValidationError } from "../manifest/format.ts";
import { parsePointer, schemaKeyword } from "../manifest/schema-walk.ts";
import { jsonTypeOf } from "./navigate.ts";

/**
 * Reduces the errors of `anyOf` and `oneOf` to those of the alternative that was most likely meant.
 * A validator reports what is wrong with every alternative, of which all but one are beside the point.
 */
export function chooseAlternatives(errors: readonly ValidationError[]): readonly ValidationError[] {
  let kept: PlacedError[] = [];
  // Errors of the alternatives come before the error of the keyword that offers them, inner keywords before outer ones.
  for (const error of errors) {
    if (error.keyword === "if") continue;
    const place = placeOf(error);
    const reduce = REDUCTIONS[error.keyword];
    if (!reduce) {
      kept.push({ error, place });
      continue;
    }
    const inside = kept.filter((other) => isInside(other.place, place));
    // What is left of the inside stands for the whole keyword from now on.
    const reduced = reduce(error, groupByBranch(place, inside)).map((one) => ({ error: one, place }));
    kept = [...kept.filter((other) => !inside.includes(other)), ...reduced];
  }
  return kept.map(({ error }) => error);
}

interface PlacedError {
  readonly error: ValidationError;
  readonly place: SchemaPlace;
}

type Reduce = (outer: ValidationError, branches: readonly ValidationError[][]) => readonly ValidationError[];

const reduceAlternatives: Reduce = (outer, branches) =>
  Array.isArray(outer.params["passingSchemas"])
    ? [alternativesError(outer, "a value that fits only one of the alternatives")]
    : choose(outer, branches);

/** What a keyword's own error makes of the errors found inside of it. */
const REDUCTIONS: { readonly [keyword: string]: Reduce | undefined } = {
  anyOf: reduceAlternatives,
  oneOf: reduceAlternatives,
  // Why single items do not count is of no interest.
  contains: (outer) => [outer],
  // What is wrong is a name, though its problems are reported as those of the object.
  propertyNames: (outer, branches) => {
    const name = outer.params["propertyName"];
    return [{ ...outer, keyword: "name", params: { name, error: branches.flat()[0] } }];
  },
};

function alternativesError(error: ValidationError, expected: string): ValidationError {
  return { ...error, keyword: "alternatives", params: { expected } };
}

function choose(outer: ValidationError, branches: readonly ValidationError[][]): readonly ValidationError[] {
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
  // The alternative with the fewest faults is the one that was meant.
  return [...candidates].sort((a, b) => a.length - b.length)[0] ?? [];
}

/** The errors of each alternative. */
function groupByBranch(outer: SchemaPlace, inside: readonly PlacedError[]): readonly ValidationError[][] {
  const branches = new Map<string, ValidationError[]>();
  for (const { error, place } of inside) {
    const branch = branchOf(place, outer);
    const list = branches.get(branch) ?? [];
    list.push(error);
    branches.set(branch, list);
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

/** Where in a schema, and at which value, an error was found. */
interface SchemaPlace {
  readonly schemaPath: string;
  readonly instancePath: string;
  /** What the schema path begins at: a generated function (`#`, `#12`), or a definition that was written into one (`#/$defs/x`). */
  readonly origin: string;
  /** How deep the value lies at which the origin was entered. */
  readonly entry: number;
}

/** Reads where an error was found. */
function placeOf({ schemaPath, instancePath }: ValidationError): SchemaPlace {
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

/** Whether something was found inside of `outer`, as opposed to a keyword that stands next to it. */
function isInside(place: SchemaPlace, outer: SchemaPlace): boolean {
  if (place.instancePath !== outer.instancePath && !place.instancePath.startsWith(`${outer.instancePath}/`))
    return false;
  // What a `$ref` leads to has paths of its own, which do not begin with that of `outer`.
  return isSameRun(place, outer) ? place.schemaPath.startsWith(`${outer.schemaPath}/`) : true;
}

/** Which alternative of `outer` something was found in. */
function branchOf(place: SchemaPlace, outer: SchemaPlace): string {
  if (isSameRun(place, outer)) return place.schemaPath.slice(outer.schemaPath.length + 1).split("/", 1)[0] ?? "";
  const isDirect = place.entry === parsePointer(outer.instancePath).length;
  return isDirect ? place.origin : "further down";
}

/** Whether two paths begin at the same place, entered at the same value: a recursive definition is entered again and again. */
function isSameRun(a: SchemaPlace, b: SchemaPlace): boolean {
  return a.origin === b.origin && a.entry === b.entry;
}
