import { type, type Construct } from "./construct.ts";

const JSON_TYPES = `type JsonObject = { [Key in string]: JsonValue } & { [Key in string]?: JsonValue | undefined };
type JsonArray = JsonValue[] | readonly JsonValue[];
type JsonValue = string | number | boolean | null | JsonObject | JsonArray;`;

/** Types that lead back to themselves through intersections and helpers. */
export const RECURSION: readonly Construct[] = [
  type("any JSON value, written as an intersection", "JsonValue", {
    accepts: ["a", 1, null, [], {}, { a: { b: [1, { c: null }] } }, [[{ a: true }]]],
    rejects: [],
    before: JSON_TYPES,
  }),
  type("JSON object, written as an intersection", "JsonObject", {
    accepts: [{}, { a: { b: [1, { c: null }] } }],
    rejects: ["a", 1, null, []],
    before: JSON_TYPES,
  }),
  type("intersection of recursive interfaces", "Employee & Person", {
    accepts: [
      { id: 1, name: "a" },
      { id: 1, name: "a", superior: { id: 2, name: "b", superior: { id: 3, name: "c" } } },
    ],
    rejects: [
      { id: 1 },
      { id: 1, name: "a", superior: { id: 2 } },
      { id: 1, name: "a", superior: { id: 2, name: "b", superior: { name: "c" } } },
    ],
    before: `interface Employee { id: number; superior?: Employee }
interface Person { name: string; superior?: Person }`,
  }),
  type("interface with an intersection of itself", "Comment", {
    accepts: [{ id: "a" }, { id: "a", replies: [{ id: "b", depth: 1, replies: [{ id: "c", depth: 2 }] }] }],
    rejects: [
      { id: "a", depth: 1 },
      { id: "a", replies: [{ id: "b" }] },
      { id: "a", replies: [{ id: "b", depth: 1, replies: [{ id: "c" }] }] },
    ],
    before: "interface Comment { id: string; replies?: (Comment & { depth: number })[] }",
  }),
  type("filter over the properties of a type", "Where<{ a: string; b: number }>", {
    accepts: [{}, { a: "x", and: [{ b: 1 }, { and: [], not: { a: "y" } }] }],
    rejects: [{ c: 1 }, { and: [{ b: "x" }] }, { not: { not: { a: 1 } } }],
    before: "type Where<T> = Partial<T> & { and?: Where<T>[]; not?: Where<T> };",
  }),
  type("union and array without a name", "Plain<Source>", {
    accepts: ["a", [], [["a"], "b"], { a: [{ b: "c" }] }],
    rejects: [1, [1], [[null]], { a: 1 }],
    before: `type Source = string | Source[] | { [key: string]: Source };
type Plain<T> = T extends string
  ? T
  : T extends (infer E)[]
    ? Plain<Exclude<E, Date>>[]
    : { [K in keyof T]: Plain<T[K]> };`,
  }),
  type("interface next to an index signature of any JSON value", "JsonObject & Manifest", {
    accepts: [{}, { name: "a", bugs: { url: "b" }, other: [{ a: 1 }] }],
    rejects: [{ name: 1 }, { bugs: { url: 1 } }, { bugs: { other: 1 } }],
    before: `${JSON_TYPES}\ninterface Bugs { url?: string }\ninterface Manifest { name?: string; bugs?: Bugs }`,
  }),
];
