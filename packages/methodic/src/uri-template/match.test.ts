import { describe, expect, it } from "vitest";
import { matchPath } from "./match.ts";
import { parseTemplate } from "./parse.ts";

const pathOf = (template: string) => parseTemplate(template, "S.m").path;

/** All texts of up to `length` of these characters. */
function* textsOf(characters: string, length: number): Generator<string> {
  yield "";
  if (length === 0) return;
  for (const rest of textsOf(characters, length - 1)) for (const character of characters) yield rest + character;
}

describe("fitting a path to a template", () => {
  it.each([
    ["{a}", /^([^/?#]+)$/],
    ["{a}-{b}", /^([^/?#]+)-([^/?#]+)$/],
    ["{a}-{b}-{c}/x", /^([^/?#]+)-([^/?#]+)-([^/?#]+)\/x$/],
    ["{a*}/{b}", /^([^?#]+)\/([^/?#]+)$/],
    ["{a*}-x{b*}", /^([^?#]+)-x([^?#]+)$/],
    ["{+a}/{b}-", /^(.+)\/([^/?#]+)-$/],
  ])("%s is what a greedy pattern finds", (template, pattern) => {
    const path = pathOf(template);
    for (const text of textsOf("x-/?", 6)) {
      expect([text, matchPath(path, text)]).toEqual([text, pattern.exec(text)?.slice(1)]);
    }
  });

  it("takes time in proportion to the length, however many variables a segment has", () => {
    const variables = Array.from({ length: 20 }, (_, i) => `{v${i}}`);
    // A backtracking matcher takes longer than the age of the universe.
    expect(matchPath(pathOf(variables.join("-")), `${"-".repeat(4000)}/`)).toBeUndefined();
    expect(matchPath(pathOf(variables.join("-")), "-".repeat(39))).toEqual(variables.map(() => "-"));
  });
});
