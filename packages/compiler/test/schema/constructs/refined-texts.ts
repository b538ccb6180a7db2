import { type, type Construct } from "./construct.ts";

/** Templates, brands, and tuples with a rest before their end. */
export const REFINED: readonly Construct[] = [
  type("template of a number", "`${number}`", {
    accepts: ["1", "01", "1.", ".5", "-1", "+1", "1e5", "0x1f", "0b1", "0o7", " 1 ", " "],
    rejects: ["", "Infinity", "1e999", "NaN", "1_0", "1e", "--1", "-0x1"],
  }),
  type("template of a bigint", "`${bigint}`", {
    accepts: ["0", "-10", "0x1f", "-0b1"],
    rejects: ["010", "1.0", "+1", " 1", "", "1n"],
  }),
  type("template of hexadecimal digits up to a letter", "`${number}b${string}`", {
    accepts: ["1b", "0o1b", " b", "0b1b", "0x1b1"],
    rejects: ["0xbb", "b", "xb"],
  }),
  type("template of branded strings", "`${Id}!`", {
    accepts: ["a!", "!"],
    rejects: ["a"],
    before: "type Id = string & {};",
  }),
  type("array with a brand", "string[] & { readonly __brand: 1 }", { accepts: [["a"], []], rejects: [[1], "a"] }),
  type("brand named by a symbol", "Id", {
    accepts: ["a"],
    rejects: [1],
    before: "declare const tag: unique symbol;\ntype Id = string & { readonly [tag]: { name: 'Id' } };",
  }),
  type("union of an object and a primitive that cannot be it", "(User | number) & User", {
    accepts: [{ id: 1 }],
    rejects: [1, {}],
    before: "interface User { id: number }",
  }),
  type("tuple with a rest before its end", "[number, ...string[], string]", {
    accepts: [
      [1, "a"],
      [1, "a", "b"],
    ],
    rejects: [[1], [1, 2], ["a", "b"], [1, "a", 2]],
  }),
  type("array with at least two elements", "[...string[], string, string]", {
    accepts: [
      ["a", "b"],
      ["a", "b", "c"],
    ],
    rejects: [["a"], ["a", 1], []],
  }),
  type("interface that refers to this", "Node", {
    accepts: [{ name: "a", next: { name: "b" } }],
    rejects: [{ name: "a", next: {} }],
    before: "interface Node { name: string; next?: this }",
  }),
];
