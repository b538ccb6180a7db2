import { MethodicError } from "../errors.ts";
import { matchPath } from "./match.ts";
import { parseTemplate, templateShape, type TemplatePart, type TemplateVariable } from "./parse.ts";

/** The value of `{x*}`: as one text, and split. */
export interface ListText {
  readonly text: string;
  readonly items: readonly string[];
}

/** The values of a template's variables in a URI, decoded. Absent if not given. */
export type MatchedValues = { readonly [variable: string]: string | ListText };

/** Values to write into a template. */
export type TemplateValues = { readonly [variable: string]: string | readonly string[] };

/**
 * The result of matching a URI. A URI can have the template's form and still be invalid; the
 * problem is a message for the client.
 */
export type TemplateMatch = { readonly values: MatchedValues } | { readonly problem: string };

/** A URI template (RFC 6570) that also matches URIs. */
export interface UriTemplate {
  readonly source: string;
  readonly variables: readonly TemplateVariable[];
  /** Equal for templates that match the same URIs. */
  readonly shape: string;
  /** Matches a URI; undefined if it has another form. */
  match(uri: string): TemplateMatch | undefined;
  /**
   * Writes the URI for these values. A variable without a value is omitted from the query, and an
   * error in the path.
   */
  expand(values: TemplateValues): string;
}

// Longer than any legitimate URI; bounds the cost of matching a hostile one.
const MAX_PATH_LENGTH = 65_536;

/**
 * Compiles a URI template.
 * @param where The method, for messages
 * @throws MethodicError `INVALID_URI` if the template is malformed or cannot be matched
 */
export function compileTemplate(source: string, where: string): UriTemplate {
  const parsed = parseTemplate(source);
  if ("problem" in parsed) {
    throw new MethodicError(
      "INVALID_URI",
      `${where}: invalid URI template '${source}': ${parsed.problem}. Use the forms {x}, {x*}, {+x}, {a,b}, {?a,b} and {&a}.`,
    );
  }
  const { path, query, literals, variables } = parsed;
  const inPath = path.filter((part) => typeof part !== "string");
  const hasQuery = query.length > 0 || literals.length > 0;
  return {
    source,
    variables,
    shape: templateShape(parsed),
    match(uri) {
      const [beforeQuery, queryText] = hasQuery ? splitQuery(uri) : [uri, ""];
      const found = beforeQuery.length <= MAX_PATH_LENGTH ? matchPath(path, beforeQuery) : undefined;
      if (!found) return undefined;
      const values: Record<string, string | ListText> = Object.create(null);
      for (const [i, variable] of inPath.entries()) {
        const value = decodeValue(found[i] ?? "", variable);
        if (value === undefined)
          return { problem: `the value of '${variable.name}' is not valid percent-encoded UTF-8` };
        values[variable.name] = value;
      }
      return hasQuery ? matchQuery(queryText, { query, literals, values }) : { values };
    },
    expand: (values) =>
      path.map((part) => expandPart(part, values, source)).join("") + expandQuery(query, literals, values),
  };
}

/**
 * Compares templates so that the more specific of two that match the same URI sorts first: more
 * literal characters, then fewer variables that span segments, then fewer variables, then the order
 * of declaration.
 */
export function compareSpecificity(a: UriTemplate, b: UriTemplate): number {
  return (
    literalLength(b) - literalLength(a) ||
    a.variables.filter(isWide).length - b.variables.filter(isWide).length ||
    a.variables.length - b.variables.length
  );
}

function literalLength(template: UriTemplate): number {
  return template.source.replace(/\{[^}]*\}/g, "").length;
}

function isWide(variable: TemplateVariable): boolean {
  return variable.form === "segments" || variable.form === "reserved";
}

function splitQuery(uri: string): readonly [string, string] {
  const mark = uri.indexOf("?");
  return mark === -1 ? [uri, ""] : [uri.slice(0, mark), uri.slice(mark + 1)];
}

function decodePercent(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

function decodeValue(raw: string, { form }: TemplateVariable): string | ListText | undefined {
  const text = decodePercent(raw);
  if (form !== "segments" || text === undefined) return text;
  // RFC 6570 expands a list with commas; several path segments have slashes between them.
  return { text, items: raw.split(raw.includes("/") ? "/" : ",").map((item) => decodePercent(item) ?? item) };
}

interface TemplateQuery {
  readonly query: readonly TemplateVariable[];
  readonly literals: readonly (readonly [string, string])[];
  readonly values: Record<string, string | ListText>;
}

function matchQuery(text: string, { query, literals, values }: TemplateQuery): TemplateMatch | undefined {
  // Only `{+x}` matches a fragment, and the query cannot have one.
  if (text.includes("#")) return undefined;
  const given = new Map<string, string[]>();
  for (const pair of text.split("&")) {
    if (pair === "") continue;
    const mark = pair.indexOf("=");
    // A raw `+` in a query is a form-encoded space: RFC 6570 writes a plus as %2B.
    const [key, value] = (mark === -1 ? [pair, ""] : [pair.slice(0, mark), pair.slice(mark + 1)]).map((half) =>
      decodePercent(half.replaceAll("+", " ")),
    );
    if (key === undefined || value === undefined)
      return { problem: `the query '${pair}' is not valid percent-encoded UTF-8` };
    const earlier = given.get(key);
    if (earlier) earlier.push(value);
    else given.set(key, [value]);
  }
  for (const [key, value] of literals) {
    if (!given.get(key)?.includes(value)) return undefined;
    given.delete(key);
  }
  for (const variable of query) {
    const found = given.get(variable.key);
    given.delete(variable.key);
    if (found === undefined) {
      if (variable.required) return undefined;
    } else if (found.length > 1 && variable.form !== "segments") {
      return { problem: `the query parameter '${variable.key}' is given ${found.length} times` };
    } else {
      values[variable.name] = variable.form === "segments" ? { text: found.join(","), items: found } : (found[0] ?? "");
    }
  }
  const [unknown] = given.keys();
  if (unknown === undefined) return { values };
  return {
    problem: `the query parameter '${unknown}' is unknown; allowed: ${query.map(({ key }) => key).join(", ") || "none"}`,
  };
}

function expandPart(part: TemplatePart, values: TemplateValues, source: string): string {
  if (typeof part === "string") return part;
  const value = Object.hasOwn(values, part.name) ? values[part.name] : undefined;
  if (value === undefined) throw new TypeError(`no value for the variable '${part.name}' of '${source}'`);
  if (part.form === "reserved") return encodeURI(String(value));
  const items = typeof value === "string" && part.form === "segments" ? value.split("/") : [value].flat();
  return items.map((item) => encodeURIComponent(item)).join(part.form === "segments" ? "/" : ",");
}

function expandQuery(
  query: readonly TemplateVariable[],
  literals: readonly (readonly [string, string])[],
  values: TemplateValues,
): string {
  const pairs = literals.map(([key, value]) => `${encodeURIComponent(key)}=${encodeURIComponent(value)}`);
  for (const { name, key } of query) {
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    for (const item of value === undefined ? [] : [value].flat())
      pairs.push(`${encodeURIComponent(key)}=${encodeURIComponent(item)}`);
  }
  return pairs.length === 0 ? "" : `?${pairs.join("&")}`;
}
