/** A variable of a URI template, and its place in the URI. */
export interface TemplateVariable {
  readonly name: string;
  /**
   * - `segment`: `{x}`
   * - `reserved`: `{+x}`
   * - `segments`: `{x*}`, which spans segments in the path and repeats in the query
   */
  readonly form: "segment" | "reserved" | "segments";
  /** The query parameter that carries it; outside the query, the variable's own name. */
  readonly key: string;
  /** False for `{?x}` and `{&x}`: a URI without them matches as well. */
  readonly required: boolean;
}

/** Literal text, or a variable. */
export type TemplatePart = string | TemplateVariable;

/** The parts of a URI template. */
export interface ParsedTemplate {
  readonly path: readonly TemplatePart[];
  readonly query: readonly TemplateVariable[];
  /** Query parameters with a fixed value. */
  readonly literals: readonly (readonly [key: string, value: string])[];
  /** All variables: those of the path, then those of the query. */
  readonly variables: readonly TemplateVariable[];
}

const EXPRESSION = /^([+?&]?)([^{}]*)$/u;
const VARIABLE = /^([\p{ID_Start}_$][\p{ID_Continue}$]*)(\*?)$/u;

/** Checks whether a URI has variables, by its braces. */
export function isTemplate(uri: string): boolean {
  return /[{}]/.test(uri);
}

// RFC 3986 §3.1, then anything without spaces.
const ABSOLUTE_URI = /^[A-Za-z][A-Za-z0-9+.-]*:\S+$/;

/** Checks whether a URI is absolute, or a URI template once its variables have values. */
export function isAbsolute(uri: string): boolean {
  return ABSOLUTE_URI.test(uri.replace(/\{[^}]*\}/g, "x"));
}

// With at least one capital letter.
const SCHEME = /^[a-z0-9+.-]*[A-Z][A-Za-z0-9+.-]*:/;

/** Writes the scheme of a URI in lower case: schemes are equal without case (RFC 3986 §3.1). */
export function lowerScheme(uri: string): string {
  return uri.replace(SCHEME, (scheme) => scheme.toLowerCase());
}

/**
 * Parses a URI template (RFC 6570) in the forms that a server can match: `{x}`, `{x*}`, `{+x}`,
 * `{a,b}`, `{?a,b}` and `{&a}`. The compiler parses templates at build time, the server at
 * start-up.
 * @returns the parts, or the reason why the template cannot be used
 */
export function parseTemplate(source: string): ParsedTemplate | { readonly problem: string } {
  try {
    return parse(lowerScheme(source));
  } catch (error) {
    if (error instanceof InvalidTemplate) return { problem: error.message };
    throw error;
  }
}

/** Returns a text that is equal for templates that match the same URIs. */
export function templateShape({ path, query, literals }: ParsedTemplate): string {
  const keys = [...query.map(({ key, required }) => (required ? key : "")), ...literals.map((pair) => pair.join("="))];
  return `${path.map((part) => (typeof part === "string" ? part : `{${part.form}}`)).join("")}?${keys.filter(Boolean).sort().join("&")}`;
}

/** Thrown within this module only. */
class InvalidTemplate extends Error {}

function refuseTemplate(problem: string): never {
  throw new InvalidTemplate(problem);
}

function parse(source: string): ParsedTemplate {
  const tokens = tokenize(source);
  const start = tokens.findIndex((token) =>
    token.operator === undefined ? token.text.includes("?") : /[?&]/.test(token.operator),
  );
  const pathTokens = start === -1 ? tokens : tokens.slice(0, start);
  const queryTokens = start === -1 ? [] : tokens.slice(start);
  const first = queryTokens[0];
  // The literal with the `?` belongs half to the path and half to the query.
  if (first && first.operator === undefined) {
    const mark = first.text.indexOf("?");
    pathTokens.push({ text: first.text.slice(0, mark) });
    queryTokens[0] = { text: first.text.slice(mark + 1) };
  }
  const path = pathTokens.flatMap((token) => pathParts(token)).filter((part) => part !== "");
  if (path.some((part, i) => typeof part !== "string" && typeof path[i + 1] === "object")) {
    refuseTemplate("two adjacent variables have no text between them to tell where one ends");
  }
  const { query, literals } = parseQuery(queryTokens);
  const variables = [...path.filter((part) => typeof part !== "string"), ...query];
  const names = variables.map(({ name }) => name);
  const duplicate = names.find((name, i) => names.indexOf(name) !== i);
  if (duplicate !== undefined) refuseTemplate(`the variable '${duplicate}' occurs twice`);
  return { path, query, literals, variables };
}

/** Literal text (without an operator), or the inside of an expression. */
interface Token {
  readonly text: string;
  readonly operator?: string;
}

function tokenize(source: string): Token[] {
  return source
    .split(/(\{[^{}]*\})/u)
    .filter((text) => text !== "")
    .map((text) => {
      if (!text.startsWith("{") || !text.endsWith("}"))
        return isTemplate(text) ? refuseTemplate("unmatched brace") : { text };
      const [, operator, inside] = EXPRESSION.exec(text.slice(1, -1)) ?? refuseTemplate(`'${text}' is not supported`);
      return { text: inside ?? "", operator: operator ?? "" };
    });
}

function variablesOf(token: Token): { readonly name: string; readonly explode: boolean }[] {
  return token.text.split(",").map((text) => {
    const [, name, star] =
      VARIABLE.exec(text.trim()) ?? refuseTemplate(`'{${token.operator}${token.text}}' is not supported`);
    return { name: name ?? "", explode: star === "*" };
  });
}

function pathParts(token: Token): TemplatePart[] {
  if (token.operator === undefined) return [token.text];
  return variablesOf(token).flatMap(({ name, explode }, i) => {
    const form = explode ? "segments" : token.operator === "+" ? "reserved" : "segment";
    const variable: TemplateVariable = { name, form, key: name, required: true };
    return i === 0 ? [variable] : [",", variable];
  });
}

function parseQuery(tokens: readonly Token[]): Pick<ParsedTemplate, "query" | "literals"> {
  const query: TemplateVariable[] = [];
  const literals: [string, string][] = [];
  let pending = "";
  for (const token of tokens) {
    if (token.operator === undefined) {
      const pairs = (pending + token.text).split("&");
      pending = pairs.pop() ?? "";
      for (const pair of pairs.filter(Boolean)) literals.push(splitPair(pair));
      continue;
    }
    if (token.operator === "+") refuseTemplate("'{+x}' is not allowed in the query");
    const variables = variablesOf(token);
    for (const { name, explode } of variables) {
      const form = explode ? "segments" : "segment";
      if (token.operator !== "") query.push({ name, form, key: name, required: false });
      else query.push({ name, form, key: keyBefore(pending, variables.length), required: true });
    }
    if (token.operator === "") pending = "";
  }
  if (pending !== "") literals.push(splitPair(pending));
  return { query, literals };
}

/** Reads the key of `key={x}` from the literal text before the variable. */
function keyBefore(pending: string, count: number): string {
  if (count !== 1 || !/^[^=]+=$/.test(pending))
    refuseTemplate("a variable in the query must be the whole value of a parameter");
  return pending.slice(0, -1);
}

function splitPair(pair: string): [string, string] {
  const mark = pair.indexOf("=");
  return mark === -1 ? [pair, ""] : [pair.slice(0, mark), pair.slice(mark + 1)];
}
