import { MethodicError } from "../errors.ts";

/** A variable of a URI template, and where its value stands. */
export interface TemplateVariable {
  readonly name: string;
  /** `segment`: `{x}`, `reserved`: `{+x}`, `segments`: `{x*}`, which in the path spans segments and in the query repeats. */
  readonly form: "segment" | "reserved" | "segments";
  /** The query parameter that carries it; the variable's own name outside of the query. */
  readonly key: string;
  /** Whether a URI without it does not fit: false for `{?x}` and `{&x}`. */
  readonly required: boolean;
}

/** Literal text, or a variable. */
export type TemplatePart = string | TemplateVariable;

/** A template taken apart. */
export interface ParsedTemplate {
  readonly path: readonly TemplatePart[];
  readonly query: readonly TemplateVariable[];
  /** Query parameters with a fixed value. */
  readonly literals: readonly (readonly [key: string, value: string])[];
}

const FORMS = "The forms are {x}, {x*}, {+x}, {a,b}, {?a,b} and {&a}.";
const EXPRESSION = /^([+?&]?)([^{}]*)$/u;
const VARIABLE = /^([\p{ID_Start}_$][\p{ID_Continue}$]*)(\*?)$/u;

/** Whether a URI has variables, by its braces. */
export function isTemplate(uri: string): boolean {
  return /[{}]/.test(uri);
}

/** Takes a URI template apart. */
export function parseTemplate(source: string, where: string): ParsedTemplate {
  const refuse: Refuse = (problem) => {
    throw new MethodicError(
      "INVALID_URI",
      `${where}: the URI template '${source}' cannot be used: ${problem}. ${FORMS}`,
    );
  };
  const tokens = tokenize(source, refuse);
  const start = tokens.findIndex((token) =>
    token.operator === undefined ? token.text.includes("?") : /[?&]/.test(token.operator),
  );
  const pathTokens = start === -1 ? tokens : tokens.slice(0, start);
  const queryTokens = start === -1 ? [] : tokens.slice(start);
  const first = queryTokens[0];
  // The literal that brings the `?` belongs half to the path and half to the query.
  if (first && first.operator === undefined) {
    const mark = first.text.indexOf("?");
    pathTokens.push({ text: first.text.slice(0, mark) });
    queryTokens[0] = { text: first.text.slice(mark + 1) };
  }
  const path = pathTokens.flatMap((token) => pathParts(token, refuse)).filter((part) => part !== "");
  if (path.some((part, i) => typeof part !== "string" && typeof path[i + 1] === "object")) {
    refuse("two variables stand next to each other, so nothing says where one ends");
  }
  return { path, ...parseQuery(queryTokens, refuse) };
}

/** Literal text (no operator), or the inside of an expression. */
interface Token {
  readonly text: string;
  readonly operator?: string;
}

/** Throws, saying what is wrong with the template. */
type Refuse = (problem: string) => never;

function tokenize(source: string, refuse: Refuse): Token[] {
  return source
    .split(/(\{[^{}]*\})/u)
    .filter((text) => text !== "")
    .map((text) => {
      if (!text.startsWith("{") || !text.endsWith("}")) {
        return isTemplate(text) ? refuse("a brace has no partner") : { text };
      }
      const [, operator, inside] = EXPRESSION.exec(text.slice(1, -1)) ?? refuse(`'${text}' is not supported`);
      return { text: inside ?? "", operator: operator ?? "" };
    });
}

function variablesOf(token: Token, refuse: Refuse): { readonly name: string; readonly explode: boolean }[] {
  return token.text.split(",").map((text) => {
    const [, name, star] = VARIABLE.exec(text.trim()) ?? refuse(`'{${token.operator}${token.text}}' is not supported`);
    return { name: name ?? "", explode: star === "*" };
  });
}

function pathParts(token: Token, refuse: Refuse): TemplatePart[] {
  if (token.operator === undefined) return [token.text];
  return variablesOf(token, refuse).flatMap(({ name, explode }, i) => {
    const form = explode ? "segments" : token.operator === "+" ? "reserved" : "segment";
    const variable: TemplateVariable = { name, form, key: name, required: true };
    return i === 0 ? [variable] : [",", variable];
  });
}

function parseQuery(tokens: readonly Token[], refuse: Refuse): Omit<ParsedTemplate, "path"> {
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
    if (token.operator === "+") refuse("'{+x}' cannot stand in a query");
    const variables = variablesOf(token, refuse);
    for (const { name, explode } of variables) {
      const form = explode ? "segments" : "segment";
      if (token.operator !== "") query.push({ name, form, key: name, required: false });
      else query.push({ name, form, key: keyBefore(pending, variables.length, refuse), required: true });
    }
    if (token.operator === "") pending = "";
  }
  if (pending !== "") literals.push(splitPair(pending));
  return { query, literals };
}

/** The key of `key={x}` in a literal query. */
function keyBefore(pending: string, count: number, refuse: Refuse): string {
  if (count !== 1 || !/^[^=]+=$/.test(pending))
    refuse("a variable in the query must be the whole value of a parameter");
  return pending.slice(0, -1);
}

function splitPair(pair: string): [string, string] {
  const mark = pair.indexOf("=");
  return mark === -1 ? [pair, ""] : [pair.slice(0, mark), pair.slice(mark + 1)];
}
