import { type, type Construct } from "./construct.ts";

/** Types with uninhabited parts, which are left out. */
export const WITHOUT_VALUES: readonly Construct[] = [
  type("union with members that have no values", "number | [never] | { never: never }", {
    accepts: [1],
    rejects: [[1], { never: 1 }, "1"],
  }),
  type("intersection with a union, some of it contradictory", "Shape", {
    accepts: [{ side: 1, kind: "square", round: true }],
    rejects: [
      { side: 1, kind: "circle" },
      { side: "1", kind: "circle" },
      { side: 1, kind: "none" },
    ],
    before:
      'type Shape = { side: number } & ({ kind: "square"; side?: number; round: boolean } | { kind: "circle"; side: string } | { kind: "none"; side: object });',
  }),
  type("union with a contradictory property", "({ a: string; b: { x: string } & { x: number } }) | { c: number }", {
    accepts: [{ c: 1 }, { c: 1, a: "a" }],
    rejects: [{ a: "a" }, { c: 1, a: 1 }, { c: 1, b: { x: "x" } }, { a: "a", b: { x: "x" } }],
  }),
  type("discriminated union with a contradictory property", "Shape", {
    accepts: [{ kind: "circle", radius: 1 }],
    rejects: [
      { kind: "circle", radius: 1, side: 1 },
      { kind: "square", side: 1 },
    ],
    before:
      'type Shape = { kind: "square"; side: number; no: string & string[] } | { kind: "circle"; radius: number };',
  }),
  type("recursive union with a member that has no values", "Tree", {
    accepts: [{ children: [{ children: [] }] }],
    rejects: [{ leaf: "a" }, { leaf: 1 }],
    before: "type Tree = { children: Tree[] } | ({ leaf: string } & { leaf: number });",
  }),
  type("primitive that would need properties", "{ at: Place | number } & { at: Place }", {
    accepts: [{ at: { row: 1 } }],
    rejects: [{ at: 1 }],
    before: "interface Place { row: number }",
  }),
  type("brands of every kind", "[A, B, C, D, E]", {
    accepts: [["x-1", 2, "c", "d", true]],
    rejects: [
      ["y", 2, "c", "d", true],
      ["x-1", "2", "c", "d", true],
      ["x-1", 2, { tag: "C" }, "d", true],
    ],
    before: `declare const key: unique symbol;
class Hidden { private readonly state = 1; }
type A = \`x-\${string}\` & { readonly __brand: { readonly A: true } };
type B = number & { readonly [key]: "B" };
type C = string & { readonly tag: "C" };
type D = string & Hidden;
type E = boolean & { readonly flavor?: "E" };`,
  }),
  type("keys of a tuple", 'Exclude<keyof [1, "a"], string & keyof unknown[]>', {
    accepts: [0, 1, 7, "0", "1"],
    rejects: ["2", "map", true],
  }),
];
