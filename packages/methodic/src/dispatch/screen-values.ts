import type { ListText, MatchedValues } from "../registry/uri-template.ts";

/**
 * Says what makes a value of a resource template dangerous to a method that makes a path, a URL or a query of it.
 * @param screened The variables to look at
 * @returns The first problem, as `the value of 'x' …`
 */
export function screenValues(values: MatchedValues, screened: readonly string[]): string | undefined {
  for (const name of screened) {
    const value = values[name];
    const problem = value === undefined ? undefined : textsOf(value).map(findDanger).find(Boolean);
    if (problem !== undefined) return `the value of '${name}' ${problem}`;
  }
  return undefined;
}

/** A list is looked at as a whole and item by item, because the method gets either. */
function textsOf(value: string | ListText): readonly string[] {
  return typeof value === "string" ? [value] : [value.text, ...value.items];
}

function findDanger(text: string): string | undefined {
  // What was encoded twice is often decoded again further on, so it counts as what it will be.
  return dangerOf(text) ?? dangerOf(decodeAscii(text));
}

function dangerOf(text: string): string | undefined {
  if (/\p{Cc}/u.test(text)) return "has a control character";
  // Blanks around the dots, because Windows drops them. Names such as `...` or `a..b` are none of this.
  if (text.split(/[/\\]/).some((segment) => segment.trim() === "..")) return "has a '..' segment";
  if (/^(?:[/\\]|[A-Za-z]:)/.test(text)) return "is an absolute path";
  return undefined;
}

/** Decodes what is there of percent-encoded ASCII; what is no valid encoding stays as it is. */
function decodeAscii(text: string): string {
  return text.replace(/%([0-7][0-9A-Fa-f])/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
}
