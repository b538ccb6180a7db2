import type { TemplatePart, TemplateVariable } from "./parse.ts";

/** The characters at which the value of a variable ends at the latest. */
const STOPS: { readonly [form in TemplateVariable["form"]]: string } = {
  segment: "/?#",
  segments: "?#",
  reserved: "\n\r\u2028\u2029",
};

/**
 * Fits text to literals and variables: every variable takes as much as it can, and at least one character.
 * A regular expression would say the same, but its steps multiply with every variable in a segment, which a hostile URI can use;
 * this takes steps in proportion to the length, because no place is tried twice.
 * @returns the variables' values in order, or nothing if the text does not fit
 */
export function matchPath(parts: readonly TemplatePart[], text: string): readonly string[] | undefined {
  const search: Search = { parts, text, values: [], refused: new Map(), ends: new Map() };
  return fitsFrom(search, 0, 0) ? search.values.filter((value) => value !== undefined) : undefined;
}

interface Search {
  readonly parts: readonly TemplatePart[];
  readonly text: string;
  /** By the index of the part. */
  readonly values: string[];
  /** By the index of a variable and where its run ends: the first place from which everything was tried in vain. */
  readonly refused: Map<string, number>;
  /** By form: where a value that begins at a place must end. */
  readonly ends: Map<string, Uint32Array>;
}

function fitsFrom(search: Search, index: number, at: number): boolean {
  const { parts, text, values, refused } = search;
  const part = parts[index];
  if (part === undefined) return at === text.length;
  if (typeof part === "string") return text.startsWith(part, at) && fitsFrom(search, index + 1, at + part.length);
  const limit = endOfRun(search, part.form, at);
  const run = `${index} ${limit}`;
  const triedFrom = refused.get(run) ?? limit;
  for (let end = triedFrom; end > at; end--) {
    if (!fitsFrom(search, index + 1, end)) continue;
    values[index] = text.slice(at, end);
    return true;
  }
  // From here on every end up to the end of the run is known to lead nowhere.
  refused.set(run, Math.min(at, triedFrom));
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
