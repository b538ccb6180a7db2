import { type, type Construct } from "./construct.ts";

/** Index signatures of every kind of key, combined with each other and with properties. */
export const INDEX_SIGNATURES: readonly Construct[] = [
  type("template keys next to properties", "{ [key: `x-${string}`]: number; id: string }", {
    accepts: [{ id: "a" }, { id: "a", "x-b": 1 }],
    rejects: [{}, { id: "a", "x-b": "c" }, { id: "a", y: 1 }],
  }),
  type("several template keys", "{ [key: `a-${string}`]: number; [key: `b-${string}`]: string }", {
    accepts: [{}, { "a-1": 1, "b-1": "x" }],
    rejects: [{ "a-1": "x" }, { "b-1": 1 }, { c: 1 }],
  }),
  type("template keys that overlap", "{ [key: `a${string}`]: number | string; [key: `${string}b`]: string }", {
    accepts: [{ a1: 1, "1b": "x", ab: "x" }],
    rejects: [{ ab: 1 }, { "1b": 1 }],
  }),
  type("number keys next to string keys", "{ [key: string]: string | number; [key: number]: string }", {
    accepts: [{ a: 1, 1: "x" }],
    rejects: [{ 1: 1 }, { a: true }],
  }),
  type("number keys", "Record<number, string>", {
    accepts: [
      { 1: "x", "-1": "x", "1.5": "x", "1e+21": "x", "12345678901234568": "x", "0.30000000000000004": "x", NaN: "x" },
    ],
    rejects: [{ "01": "x" }, { "1.0": "x" }, { "-0": "x" }, { "": "x" }, { "0x1": "x" }],
  }),
  type("mapped type over template and literal", "{ [K in `x-${string}` | 'a']: number }", {
    accepts: [{ a: 1, "x-": 2 }],
    rejects: [{ "x-": 2 }, { a: 1, b: 2 }],
  }),
  type("intersection with template keys", "{ a: string } & { [key: `x-${string}`]: { b: number } }", {
    accepts: [{ a: "b", "x-1": { b: 1 } }],
    rejects: [{ a: "b", "x-1": {} }, { "x-1": { b: 1 } }],
  }),
  type("recursive template keys", "Nested", {
    accepts: [{ "n-1": { "n-2": {} } }],
    rejects: [{ "n-1": { m: {} } }],
    before: "interface Nested { [key: `n-${string}`]: Nested }",
  }),
  type("symbol keys", "{ [key: symbol]: string; a: number }", { accepts: [{ a: 1 }], rejects: [{ a: 1, b: "x" }] }),
  type("branded keys", "Record<Id, number>", {
    accepts: [{ a: 1 }],
    rejects: [{ a: "b" }],
    before: 'type Id = string & { readonly __brand: "Id" };',
  }),
  type("union with template keys", "{ [key: `x-${string}`]: number } | { a: string }", {
    accepts: [{ "x-1": 1, a: "x" }, { a: "x" }, {}],
    rejects: [
      { "x-1": "x", a: "x" },
      { "x-1": 1, a: 1 },
      { a: "x", b: 1 },
    ],
  }),
  type(
    "union with the same template keys",
    "{ a: string; [k: `x-${string}`]: string } | { b: number; [k: `x-${string}`]: number }",
    {
      accepts: [
        { a: "a", "x-1": "b" },
        { b: 1, "x-1": 2 },
        { a: "a", b: 1, "x-1": "b" },
      ],
      rejects: [
        { a: "a", "x-1": 1 },
        { b: 1, "x-1": "b" },
        { a: "a", "x-1": true },
      ],
    },
  ),
  type(
    "union with the same number keys",
    "{ a: string; [k: number]: string } | { b: number; [k: number]: { c: string } }",
    {
      accepts: [
        { a: "a", 1: "b" },
        { b: 1, 1: { c: "c" } },
      ],
      rejects: [
        { a: "a", 1: 1 },
        { b: 1, 1: "b" },
        { b: 1, 1: { c: 1 } },
      ],
    },
  ),
  type("union of which only some members have template keys", "Member", {
    accepts: [
      { c: true, "x-1": 1 },
      { c: true, "x-1": "b" },
      { a: "a", c: true },
    ],
    rejects: [
      { c: true, "x-1": true },
      { a: "a", "x-1": 1 },
    ],
    before: `type Member =
  | { a: string; [k: \`x-\${string}\`]: string }
  | { b: number; [k: \`x-\${string}\`]: number }
  | { c: boolean };`,
  }),
  type("union with an object that must be empty", "Record<string, never> | { a: number; b: number }", {
    accepts: [{}, { a: 1, b: 1 }],
    rejects: [{ a: 1 }, { c: 1 }, { a: 1, b: 1, c: 1 }],
  }),
  type("template keys without values next to a date", "{ d?: Date; o: { t: string; [k: `x-${string}`]: never } }", {
    accepts: [{ o: { t: "a" } }, { d: "2026-01-31T09:30:00Z", o: { t: "a" } }],
    rejects: [{ o: { t: "a", "x-1": 5 } }, { d: 1, o: { t: "a" } }],
  }),
  type("tuple without further elements next to a date", "{ d: Date; t: [string]; n: Record<string, never> }", {
    accepts: [{ d: "2026-01-31T09:30:00Z", t: ["a"], n: {} }],
    rejects: [
      { d: "2026-01-31T09:30:00Z", t: ["a", "b"], n: {} },
      { d: "2026-01-31T09:30:00Z", t: ["a"], n: { b: 1 } },
    ],
  }),
  type("property names in quotes", `{ "'a'": number; '"b"'?: string }`, {
    accepts: [{ "'a'": 1, '"b"': "x" }],
    rejects: [{ a: 1 }, { "'a'": "x" }],
  }),
  type(
    "union of number keys, of which one member has none",
    "{ a: string; [key: number]: never } | { b: number; [key: number]: { x: 1 } } | { c: 1; [key: number]: { y: 1 } }",
    {
      accepts: [{ a: "x" }, { b: 1, 0: { x: 1 } }, { c: 1, 0: { y: 1 } }],
      rejects: [
        { a: "x", 0: { x: 1 } },
        { b: 1, 0: {} },
        { c: 1, 0: 1 },
      ],
    },
  ),
];
