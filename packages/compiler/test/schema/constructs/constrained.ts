import type { Construct } from "./construct.ts";

const IMPORT = 'import type * as m from "methodic";';

/** A construct of one type, with the constraint types under `m`. */
function constrained(
  name: string,
  text: string,
  { before = "", ...samples }: Pick<Construct, "accepts" | "rejects" | "before">,
): Construct {
  return { name: `constraint ${name}`, parameters: `x: ${text}`, before: `${IMPORT}\n${before}`, ...samples };
}

const UUID = "123e4567-e89b-42d3-a456-426614174000";

/** Types narrowed by constraint types and by JSDoc. */
export const CONSTRAINED: readonly Construct[] = [
  constrained("Int", "m.Int", { accepts: [1, -5], rejects: [1.5, "1"] }),
  constrained("Int from", "m.Int<0>", { accepts: [0, 7], rejects: [-1, 0.5] }),
  constrained("Int from to", "m.Int<-5, 50>", { accepts: [-5, 50], rejects: [-6, 51, 1.5] }),
  constrained("Int to", "m.Int<undefined, 50>", { accepts: [-500, 50], rejects: [51] }),
  constrained("Min and Max", "m.Min<1> & m.Max<5>", { accepts: [1, 4.5], rejects: [0, 6] }),
  constrained("Range", "m.Range<0, 1>", { accepts: [0, 0.5, 1], rejects: [1.1] }),
  constrained("GreaterThan and LessThan", "m.GreaterThan<0> & m.LessThan<1>", { accepts: [0.5], rejects: [0, 1] }),
  constrained("MultipleOf", "m.MultipleOf<5>", { accepts: [0, 10], rejects: [3] }),
  constrained("several multiples", "m.Int & m.MultipleOf<4> & m.MultipleOf<6>", { accepts: [12, 24], rejects: [4, 6] }),
  constrained("MinLength and MaxLength", "m.MinLength<2> & m.MaxLength<3>", {
    accepts: ["ab"],
    rejects: ["a", "abcd"],
  }),
  constrained("Length", "m.Length<2>", { accepts: ["ab"], rejects: ["a", "abc"] }),
  constrained("NonEmpty", "m.NonEmpty", { accepts: ["a"], rejects: [""] }),
  constrained("Pattern", 'm.Pattern<"^a+$">', { accepts: ["aa"], rejects: ["b"] }),
  constrained("several patterns", 'm.Pattern<"^a"> & m.Pattern<"z$"> & m.MaxLength<4>', {
    accepts: ["az"],
    rejects: ["a", "z", "abcdz"],
  }),
  constrained("Email", "m.Email", { accepts: ["a@b.cd"], rejects: ["ab"] }),
  constrained("Email of some length", "m.Email & m.MaxLength<8>", { accepts: ["a@b.cd"], rejects: ["aaaaaa@b.cd"] }),
  constrained(
    "formats",
    "{ a: m.Uuid; b: m.IsoDate; c: m.IsoTime; d: m.Ipv4; e: m.Ipv6; f: m.Hostname; g: m.Duration }",
    {
      accepts: [{ a: UUID, b: "2026-01-31", c: "09:30:00Z", d: "1.2.3.4", e: "::1", f: "a.b", g: "P1D" }],
      rejects: [{ a: "1", b: "1", c: "1", d: "1", e: "1", f: "-", g: "1" }],
    },
  ),
  constrained("Format", 'm.Format<"json-pointer">', { accepts: ["/a"], rejects: ["a"] }),
  constrained("MinItems and MaxItems", "string[] & m.MinItems<1> & m.MaxItems<2>", {
    accepts: [["a"]],
    rejects: [[], ["a", "b", "c"]],
  }),
  constrained("Items", "m.Items<m.Int<1>, 1, 2>", { accepts: [[1]], rejects: [[], [0], [1, 2, 3]] }),
  constrained("UniqueItems", "readonly string[] & m.UniqueItems", { accepts: [["a"]], rejects: [["a", "a"]] }),
  constrained("items of a set", "Set<string> & m.MinItems<1>", { accepts: [["a"]], rejects: [[], ["a", "a"]] }),
  constrained("properties of a record", "Record<string, m.Int> & m.MinProperties<1> & m.MaxProperties<2>", {
    accepts: [{ a: 1 }],
    rejects: [{}, { a: 1.5 }, { a: 1, b: 2, c: 3 }],
  }),
  constrained("of an author", "Slug", {
    before: 'type Slug = string & m.Constraint<{ pattern: "^[a-z-]+$"; maxLength: 5 }>;',
    accepts: ["a-b"],
    rejects: ["A", "aaaaaa"],
  }),
  constrained("in a generic alias", "Small<9>", {
    before: "type Small<N extends number> = m.Int<0> & m.Max<N>;",
    accepts: [0, 9],
    rejects: [10, -1, 1.5],
  }),
  constrained("of a constant", "m.Max<typeof LIMIT>", { before: "const LIMIT = 5;", accepts: [5], rejects: [6] }),
  constrained("through mapped types", "Partial<Pick<Page, 'limit' | 'mail'>>", {
    before: "interface Page { limit: m.Int<1, 50>; mail: m.Email | null; other: string }",
    accepts: [{}, { limit: 5, mail: null }],
    rejects: [{ limit: 0 }, { mail: "x" }],
  }),
  constrained(
    "in unions, records and tuples",
    "m.Int<1> | m.Email | Record<string, m.Max<5>> | [m.Uuid, m.NonEmpty?]",
    {
      accepts: [1, "a@b.cd", { a: 5 }, [UUID, "a"]],
      rejects: [0, "a", { a: 6 }, [UUID, ""]],
    },
  ),
  constrained("next to literals", '0 | m.Int<5> | "none" | m.Email', {
    accepts: [0, 5, "none", "a@b.cd"],
    rejects: [1, "x"],
  }),
  constrained("on literals", "(1 | 2 | 3) & m.Min<2>", { accepts: [2, 3], rejects: [1, 4] }),
  constrained("on a branded string", 'string & { readonly __brand: "id" } & m.MaxLength<3>', {
    accepts: ["abc"],
    rejects: ["abcd"],
  }),
  constrained("on a template", "`a${string}` & m.MaxLength<3>", { accepts: ["abc"], rejects: ["abcd", "b"] }),
  {
    name: "tag that is looser than the type",
    before: `${IMPORT}\n/** @minimum 0 @maximum 5 */ type Five = m.Int<1, 50>;`,
    parameters: "/** @maximum 99 @multipleOf 2 */ x: Five",
    accepts: [2, 4],
    rejects: [0, 1, 6],
  },
  {
    name: "tags that add to the tags of an alias",
    before: "/** @minLength 2 @pattern ^a */ type Name = string;",
    parameters: "/** @minLength 1 @pattern b$ */ x: Name",
    accepts: ["ab"],
    rejects: ["a", "b", "ac"],
  },
  {
    name: "tag on a tuple",
    parameters: "/** @minItems 0 @maxItems 9 */ x: [string, number?]",
    accepts: [["a"], ["a", 1]],
    rejects: [[], ["a", 1, 2]],
  },
];
