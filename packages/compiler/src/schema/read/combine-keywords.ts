/** Keywords of a schema, or of a place where it is used. */
type Keywords = { readonly [keyword: string]: unknown };

const LOWER: ReadonlySet<string> = new Set(["minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties"]);
const UPPER: ReadonlySet<string> = new Set(["maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties"]);
/** Keywords that occur once in a schema; `allOf` combines several of them. */
const REPEATED: ReadonlySet<string> = new Set(["pattern", "format", "multipleOf", "propertyNames"]);

/**
 * Adds the keywords of a place of use to a schema. The stricter of two bounds holds; of two
 * patterns, both hold. Annotations such as a description concern the place of use and replace those
 * of the schema.
 */
export function combineKeywords<T extends Keywords>(inner: T, outer: Keywords): T {
  const result: Record<string, unknown> = { ...inner };
  const also: unknown[] = [];
  for (const [keyword, value] of Object.entries(outer)) {
    const own = inner[keyword];
    if (own === undefined || own === value) result[keyword] = value;
    else if (LOWER.has(keyword)) result[keyword] = Math.max(Number(own), Number(value));
    else if (UPPER.has(keyword)) result[keyword] = Math.min(Number(own), Number(value));
    else if (keyword === "uniqueItems") result[keyword] = own === true || value === true;
    else if (keyword === "allOf") also.push(...(value as unknown[]));
    else if (isMultiple(keyword, own, value)) result[keyword] = commonMultiple(Number(own), Number(value));
    else if (REPEATED.has(keyword)) also.push({ [keyword]: value });
    else result[keyword] = value;
  }
  if (also.length > 0)
    result["allOf"] = withoutRepetitions([...((inner["allOf"] as unknown[] | undefined) ?? []), ...also]);
  return result as T;
}

function isMultiple(keyword: string, ...values: readonly unknown[]): boolean {
  return keyword === "multipleOf" && values.every((value) => Number.isSafeInteger(value));
}

function commonMultiple(a: number, b: number): number {
  let [divisor, rest] = [a, b];
  while (rest !== 0) [divisor, rest] = [rest, divisor % rest];
  return (a / divisor) * b;
}

function withoutRepetitions(schemas: readonly unknown[]): unknown[] {
  return [...new Map(schemas.map((schema) => [JSON.stringify(schema), schema])).values()];
}

const PAIRS: readonly (readonly [lower: string, upper: string])[] = [
  ["minimum", "maximum"],
  ["minLength", "maxLength"],
  ["minItems", "maxItems"],
  ["minProperties", "maxProperties"],
];
const EXCLUSIVE: readonly (readonly [lower: string, upper: string])[] = [
  ["exclusiveMinimum", "maximum"],
  ["minimum", "exclusiveMaximum"],
  ["exclusiveMinimum", "exclusiveMaximum"],
];

/** Formats that exclude each other. */
const DISJOINT: ReadonlySet<unknown> = new Set([
  "date",
  "time",
  "date-time",
  "duration",
  "email",
  "ipv4",
  "ipv6",
  "uuid",
]);

function findFormats({ format, allOf = [] }: Keywords): [string, string] | undefined {
  const formats = [format, ...(allOf as Keywords[]).map((part) => part["format"])];
  const [first, second] = new Set(formats.filter((name) => DISJOINT.has(name)));
  return second === undefined ? undefined : [`format ${String(first)}`, `format ${String(second)}`];
}

/**
 * Returns two bounds or formats that exclude each other, in words; undefined if no two do.
 */
export function findContradiction(keywords: Keywords): [string, string] | undefined {
  const bound = (keyword: string): number | undefined =>
    typeof keywords[keyword] === "number" ? keywords[keyword] : undefined;
  const clash = (pair: readonly [string, string], touching: boolean): boolean => {
    const [lower, upper] = [bound(pair[0]), bound(pair[1])];
    return lower !== undefined && upper !== undefined && (touching ? lower >= upper : lower > upper);
  };
  const found = PAIRS.find((pair) => clash(pair, false)) ?? EXCLUSIVE.find((pair) => clash(pair, true));
  if (!found) return findFormats(keywords);
  return [`${found[0]} ${String(keywords[found[0]])}`, `${found[1]} ${String(keywords[found[1]])}`];
}
