import { describe, expect, it } from "vitest";
import { compileMember, inputSchemaOf } from "./compile-files.ts";

/**
 * Compiles a method with one parameter, an object with the members, and returns their schemas.
 */
function propertiesOf(members: string, before = ""): Record<string, unknown> {
  const { data } = compileMember("@tool() run(o: O): void {}", `${before}\ninterface O {\n${members}\n}`);
  return inputSchemaOf(data).properties?.["o"]?.["properties"] as Record<string, unknown>;
}

/** Returns the warnings of a compilation as `code line:column text`. */
function warningsOf(member: string, before = ""): string[] {
  return compileMember(member, before).diagnostics.map(
    ({ code, line, column, message, hint }) => `${code} ${line}:${column} ${message} ${hint}`,
  );
}

describe("the comments of constants and functions", () => {
  const before = `
/** An address. @format email */
type Email = string;
const LEVELS = {
  /** Nearly nothing. */
  low: 1,
  /** Half. @minimum 1 */
  mid: 2,
} as const;
enum Level {
  /** Zero. */
  None,
  All,
}
/** The sizes. */
const SIZES = [
  /** Small. */
  "s",
  "m", /** Middle. */
  "l",
] as const;
declare const owner: Email;
/** Finds. @param id The id @minLength 3 @returns The number */
declare function find(id: string, to?: Email): number;`;

  it("describe keys, values, and elements", () => {
    const members = "a: keyof typeof LEVELS; b: keyof typeof Level; c: (typeof SIZES)[number]; d: typeof owner";
    expect(propertiesOf(members, before)).toMatchObject({
      a: { description: '"low": Nearly nothing.\n"mid": Half.', enum: ["low", "mid"] },
      b: { description: '"None": Zero.', enum: ["None", "All"] },
      c: { description: 'The sizes.\n"s": Small.\n"m": Middle.', enum: ["s", "m", "l"] },
      d: { description: "An address.", format: "email" },
    });
    expect(warningsOf(`@tool() run(x: { ${members} }): void {}`, before)).toEqual([]);
  });

  it("follow the parameters and results of functions", () => {
    const members =
      "a: Parameters<typeof find>[0]; b: Parameters<typeof find>[1]; c: Parameters<typeof find>; d: ReturnType<typeof find>";
    const id = { description: "The id", minLength: 3 };
    const to = { description: "An address.", format: "email" };
    expect(propertiesOf(members, before)).toMatchObject({
      a: id,
      b: to,
      c: {
        prefixItems: [
          { title: "id", ...id },
          { title: "to", ...to },
        ],
        minItems: 1,
        maxItems: 2,
      },
      d: { description: "The number", type: "number" },
    });
  });
});
