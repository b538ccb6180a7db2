import { describe, expect, it } from "vitest";
import { matchPath } from "./match.ts";
import { parseTemplate, type TemplatePart } from "./parse.ts";

function pathOf(template: string): readonly TemplatePart[] {
  const parsed = parseTemplate(template);
  if ("problem" in parsed) throw new Error(parsed.problem);
  return parsed.path;
}

/** All texts of up to `length` of these characters. */
function* textsOf(characters: string, length: number): Generator<string> {
  yield "";
  if (length === 0) return;
  for (const rest of textsOf(characters, length - 1)) for (const character of characters) yield rest + character;
}

describe("matchPath", () => {
  it.each([
    ["{a}", /^([^/?#]+)$/],
    ["{a}-{b}", /^([^/?#]+)-([^/?#]+)$/],
    ["{a}-{b}-{c}/x", /^([^/?#]+)-([^/?#]+)-([^/?#]+)\/x$/],
    ["{a*}/{b}", /^([^?#]+)\/([^/?#]+)$/],
    ["{a*}-x{b*}", /^([^?#]+)-x([^?#]+)$/],
    ["{+a}/{b}-", /^(.+)\/([^/?#]+)-$/],
  ])("matches %s as a greedy regular expression does", (template, pattern) => {
    const path = pathOf(template);
    for (const text of textsOf("x-/?", 6)) {
      expect([text, matchPath(path, text)]).toEqual([text, pattern.exec(text)?.slice(1)]);
    }
  });

  it("takes time proportional to the length, even with many variables in a segment", () => {
    const variables = Array.from({ length: 20 }, (_, i) => `{v${i}}`);
    // A backtracking matcher takes longer than the age of the universe.
    expect(matchPath(pathOf(variables.join("-")), `${"-".repeat(4000)}/`)).toBeUndefined();
    expect(matchPath(pathOf(variables.join("-")), "-".repeat(39))).toEqual(variables.map(() => "-"));
  });
});
