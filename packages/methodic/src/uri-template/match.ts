import type { TemplatePart, TemplateVariable } from "./parse.ts";

/** The characters that the value of a variable cannot contain, by the variable's form. */
const STOPS: { readonly [form in TemplateVariable["form"]]: string } = {
  segment: "/?#",
  segments: "?#",
  reserved: "\n\r\u2028\u2029",
};

/**
 * Matches text against literals and variables. Every variable takes as much as it can, and at least
 * one character. The steps are proportional to the length, because no position is tried twice: a
 * regular expression would backtrack, and a hostile URI could multiply its steps with every
 * variable in a segment.
 * @returns the variables' values in order; undefined if the text does not match
 */
export function matchPath(parts: readonly TemplatePart[], text: string): readonly string[] | undefined {
  const search: Search = { parts, text, values: [], rejected: new Map(), ends: new Map() };
  return matchesFrom(search, 0, 0) ? search.values.filter((value) => value !== undefined) : undefined;
}

interface Search {
  readonly parts: readonly TemplatePart[];
  readonly text: string;
  /** By the index of the part. */
  readonly values: string[];
  /** By a variable's index and the end of its run: the first start from which every end failed. */
  readonly rejected: Map<string, number>;
  /** By form: the end of the longest value that begins at a position. */
  readonly ends: Map<string, Uint32Array>;
}

function matchesFrom(search: Search, index: number, at: number): boolean {
  const { parts, text, values, rejected } = search;
  const part = parts[index];
  if (part === undefined) return at === text.length;
  if (typeof part === "string") return text.startsWith(part, at) && matchesFrom(search, index + 1, at + part.length);
  const limit = endOfRun(search, part.form, at);
  const run = `${index} ${limit}`;
  const triedFrom = rejected.get(run) ?? limit;
  for (let end = triedFrom; end > at; end--) {
    if (!matchesFrom(search, index + 1, end)) continue;
    values[index] = text.slice(at, end);
    return true;
  }
  // Every end from here to the end of the run has failed.
  rejected.set(run, Math.min(at, triedFrom));
  return false;
}

function endOfRun({ text, ends }: Search, form: TemplateVariable["form"], at: number): number {
  let list = ends.get(form);
  if (!list) {
    list = new Uint32Array(text.length + 1);
    list[text.length] = text.length;
    for (let i = text.length - 1; i >= 0; i--) list[i] = STOPS[form].includes(text.charAt(i)) ? i : (list[i + 1] ?? i);
    ends.set(form, list);
  }
  return list[at] ?? at;
}
