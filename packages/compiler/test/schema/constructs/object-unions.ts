import { type, type Construct } from "./construct.ts";

const RECTANGLES = "interface Point { x: number; y: number }\ninterface Line { from: Point; to: Point }\n";

/**
 * Unions of object types: properties that an object literal may have in addition to those of one
 * member.
 */
export const OBJECT_UNIONS: readonly Construct[] = [
  type(
    "union of an object in an object and anything",
    "{ a: { b: { c: string } } } | { d: number; [key: string]: unknown }",
    {
      accepts: [{ a: { b: { c: "c" } } }, { a: { b: { c: "c", e: 1 }, e: 1 }, e: 1 }, { d: 1, a: 1 }],
      rejects: [{ a: { b: { e: 1 } } }, { a: { b: { c: 1 } } }, {}],
    },
  ),
  type("union without a discriminant", "{ path: string } | { url: string; retries?: number }", {
    accepts: [{ path: "a" }, { url: "a" }, { path: "a", url: "b" }, { path: "a", retries: 1 }],
    rejects: [{}, { retries: 1 }, { path: "a", url: 1 }, { path: "a", other: 1 }],
  }),
  type("union of types for one property", "{ a: number; b?: number } | { a: string; c: number }", {
    accepts: [
      { a: 1, c: 1 },
      { a: "x", c: 1, b: 2 },
    ],
    rejects: [
      { a: "x", b: 1 },
      { a: 1, b: "x" },
      { a: 1, c: "x" },
    ],
  }),
  type("discriminated union with a shared value", "Event", {
    accepts: [
      { kind: "a", x: 1 },
      { kind: "b", y: "s", z: "s" },
    ],
    rejects: [
      { kind: "a", x: 1, y: "s" },
      { kind: "b", y: "s", x: 1 },
    ],
    before: 'type Event = { kind: "a"; x: number } | { kind: "b"; y: string } | { kind: "b"; z: string };',
  }),
  type("union of which one member has a wider discriminant", '{ kind: "x"; p: number } | { kind: string; q: number }', {
    accepts: [
      { kind: "x", p: 1 },
      { kind: "x", p: 1, q: 2 },
      { kind: "y", q: 1 },
    ],
    rejects: [
      { kind: "y", q: 1, p: 1 },
      { kind: "y", p: 1 },
    ],
  }),
  type("union of which one member has no discriminant", "Shape", {
    accepts: [{ r: 1 }, { r: 1, p: 1, q: 1 }, { r: 1, kind: "x", p: 1 }, { r: 1, kind: "x" }],
    rejects: [
      { r: 1, kind: "x", q: 1 },
      { r: 1, kind: "z" },
      { kind: "y", q: 1, p: 1 },
    ],
    before: 'type Shape = { kind: "x"; p: number } | { kind: "y"; q: number } | { r: number };',
  }),
  type("union of objects that differ inside", "{ a: 1; at: Point } | { b: 2; at: Line }", {
    accepts: [
      { a: 1, at: { x: 1, y: 2 } },
      { a: 1, at: { x: 1, y: 2, to: { x: 1, y: 2 } } },
      { a: 1, b: 2, at: { x: 1, y: 2 } },
    ],
    rejects: [
      { a: 1, at: { x: 1, to: { x: 1, y: 2 } } },
      { a: 1, at: { x: 1, y: 2, to: { x: 1, y: 2, z: 3 } } },
      { a: 1, at: { x: 1, y: 2, z: 3 } },
    ],
    before: RECTANGLES,
  }),
  type("union of a weak type", "{ a?: number } | { b: string; c: string }", {
    accepts: [{}, { a: 1 }, { a: 1, b: "x" }, { b: "x", c: "y" }],
    rejects: [{ b: "x" }, { b: "x", c: 1 }],
  }),
  type("union of weak types", "{ a?: number } | { b?: string }", {
    accepts: [{}, { a: 1 }, { b: "x" }, { a: 1, b: "x" }],
    rejects: [{ a: "x" }, { a: 1, b: 1 }, { c: 1 }],
  }),
  type("union of recursive types", "Left | Right", {
    accepts: [
      { a: 1, b: "x", next: { a: 1, b: "x" } },
      { b: "x", next: { b: "x", next: { b: "y", a: 1 } } },
    ],
    rejects: [
      { a: 1, next: { b: "x" } },
      { a: 1, next: { a: 1, b: 1 } },
    ],
    before: "interface Left { a: number; next?: Left }\ninterface Right { b: string; next?: Right }",
  }),
  type("recursive union", "Expression", {
    accepts: [{ value: 1 }, { left: { value: 1 }, right: { value: 2 }, value: 3 }],
    rejects: [{ left: { value: 1 } }, { left: { value: "x" }, right: { value: 1 } }],
    before: "type Expression = { value: number } | { left: Expression; right: Expression };",
  }),
  type("union of an object and a record", "{ a: number } | Record<string, string>", {
    accepts: [{ a: 1, b: "x" }, { a: "x" }, {}],
    rejects: [{ a: 1, b: 1 }, { b: 1 }],
  }),
  type("union of an object and any object", "{ a: number } | {}", {
    accepts: [{ a: "x" }, { b: 1 }, 1, "a", []],
    rejects: [null],
  }),
  type("unions of arrays of objects", "{ a: number }[] | { b: string }[]", {
    accepts: [[{ a: 1 }], [{ b: "x" }]],
    rejects: [[{ a: 1, b: "x" }], [{ a: 1 }, { b: "x" }]],
  }),
  type(
    "closed object next to an object with any properties",
    '{ kind: true; c: boolean; [key: string]: unknown } | { kind: false; c: "b"; [key: string]: unknown } | { type: "c"; c?: false }',
    {
      accepts: [{ type: "c" }, { type: "c", c: false }, { kind: false, c: "b", type: 1 }],
      rejects: [
        { type: "c", c: "b" },
        { type: "c", c: [] },
        { kind: true, c: "b" },
      ],
    },
  ),
];
