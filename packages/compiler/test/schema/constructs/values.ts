import { property, type, type Construct } from "./construct.ts";

const AT = "2026-01-31T09:30:00Z";

/** Types beyond JSON, by their JSON forms. */
export const VALUES: readonly Construct[] = [
  type("date", "Date", { accepts: [AT], rejects: [1, null, {}] }),
  type("date or null", "Date | null", { accepts: [AT, null], rejects: [1] }),
  type("date or number", "Date | number", { accepts: [AT, 5], rejects: [null] }),
  type("date or a word", 'Date | "now"', { accepts: [AT, "now"], rejects: [5] }),
  type("date or text", "Date | string", { accepts: [AT, "noon"], rejects: [1, null] }),
  type("date, number as text, or text", "When | bigint | null", {
    before: "type When = Date | string;",
    accepts: [AT, "noon", null],
    rejects: [1],
  }),
  type("bytes or text in a list", "(string | Uint8Array)[]", { accepts: [["aGk=", "a b"]], rejects: [[1]] }),
  type("bigint or text in a record", "Record<string, bigint | 1n | string>", {
    accepts: [{ a: "1", b: "one" }],
    rejects: [{ a: 1 }],
  }),
  type("set or list", "ReadonlySet<Date> | readonly Date[]", { accepts: [[AT, AT]], rejects: [["noon"]] }),
  type("map or record", "Map<string, number> | Record<string, number>", { accepts: [{ a: 1 }], rejects: [{ a: "" }] }),
  type("recursive type with dates or text", "Loop", {
    before: "type Loop = Date | string | Loop[] | { [key: string]: Loop };",
    accepts: ["noon", [AT, { a: ["b"] }]],
    rejects: [1, [1]],
  }),
  type("date without a time", "Days", {
    before: `/** @format date */
type Day = Date;
interface Days {
  first: Day;
  /** @format date */
  last?: Date | null;
  others?: Day[];
  /** @format date */
  text?: Date | string;
}`,
    accepts: [{ first: "2026-01-31", last: "2026-01-31", others: ["2026-01-31"], text: "2026-01-31" }],
    rejects: [
      { first: AT },
      { first: "2026-02-30" },
      { first: "2026-01-31", last: AT },
      { first: "2026-01-31", others: [AT] },
      { first: "2026-01-31", text: "noon" },
    ],
  }),
  type("bigint", "bigint", { accepts: ["0", "-12345678901234567890"], rejects: ["1.5", "01", "", 5, "1n"] }),
  type("bigint literals", "1n | -2n", { accepts: ["1", "-2"], rejects: ["2", 1] }),
  type("bytes", "Uint8Array", { accepts: ["", "aGk=", "AQID"], rejects: [[1], "a b", "===", { 0: 1 }] }),
  type("set", "Set<string>", { accepts: [[], ["a", "b"]], rejects: [["a", "a"], [1], {}] }),
  type("set of objects", "ReadonlySet<{ a: number }>", {
    accepts: [[{ a: 1 }, { a: 2 }]],
    rejects: [[{ a: 1 }, { a: 1 }]],
  }),
  type("map", "Map<string, number>", { accepts: [{}, { a: 1 }], rejects: [[], { a: "b" }, [["a", 1]]] }),
  type("map with literal keys", 'Map<"b" | "a", Date>', { accepts: [{}, { b: AT }], rejects: [{ c: AT }, { a: 1 }] }),
  type("map with the keys of an enum", "Map<Key, number>", {
    before: 'enum Key { Left = "left", Right = "right" }',
    accepts: [{ left: 1 }],
    rejects: [{ Left: 1 }],
  }),
  type("map with template keys", "Map<`x-${string}`, bigint>", { accepts: [{ "x-a": "1" }], rejects: [{ a: "1" }] }),
  type("map with branded keys", "Map<Name | Id, number>", {
    before: "type Name = string & { readonly __name: true };\ntype Id = string & { readonly __id: true };",
    accepts: [{}, { a: 1 }],
    rejects: [{ a: "" }],
  }),
  type("map of maps", "ReadonlyMap<string, Map<string, Set<Date>>>", {
    accepts: [{ a: { b: [AT] } }],
    rejects: [{ a: { b: AT } }],
  }),
  property("union of objects told apart by a literal", '{ kind: "a"; at: Date } | { kind: "b"; at: string }', {
    accepts: [
      { kind: "a", at: AT },
      { kind: "b", at: "noon" },
    ],
    rejects: [{ kind: "c", at: AT }, { at: AT }],
  }),
  type("union of objects told apart by a property", "{ at: Date } | { after: number }", {
    accepts: [{ at: AT }, { after: 1 }, { at: AT, after: 1 }],
    rejects: [{}, { at: AT, after: "x" }],
  }),
  type("union of objects with the same dates", "{ at: Date; a?: number } | { at: Date; b?: string }", {
    accepts: [
      { at: AT, a: 1 },
      { at: AT, b: "x" },
    ],
    rejects: [{ a: 1 }],
  }),
  type("recursive type with dates", "Event", {
    before: "interface Event { at: Date; next?: Event; all: Map<string, Event> }",
    accepts: [{ at: AT, all: { a: { at: AT, all: {} } } }],
    rejects: [{ at: AT, all: { a: {} } }],
  }),
  type("generic with dates", "Partial<Pick<Event<Date>, 'at' | 'ids'>>", {
    before: "interface Event<T> { at: T; ids: Set<bigint>; name: string }",
    accepts: [{}, { at: AT, ids: ["1"] }],
    rejects: [{ ids: [1] }, { name: "x" }],
  }),
  type("branded date", "Date & { readonly __brand: 'utc' }", { accepts: [AT], rejects: [1] }),
  type("interface that extends Date", "Instant", {
    before: "interface Instant extends Date {}",
    accepts: [AT],
    rejects: [1, {}],
  }),
  type("class that extends Map", "Table<Date>", {
    before: 'class Table<T> extends Map<"a" | "b", T[]> {}',
    accepts: [{}, { a: [AT] }],
    rejects: [{ a: AT }, { c: [] }],
  }),
  type("class that extends Set", "Ids & { readonly __brand: 'ids' }", {
    before: "class Ids extends Set<number> {}",
    accepts: [[], [1, 2]],
    rejects: [[1, 1], ["a"]],
  }),
  type("values in Readonly and Partial", "[Readonly<Map<string, number>>, Partial<Date>, Readonly<Date & Utc>]", {
    before: "interface Utc { readonly __zone: 'utc' }",
    accepts: [[{ a: 1 }, AT, AT]],
    rejects: [
      [{ a: "a" }, AT, AT],
      [{}, {}, AT],
      [{}, AT, 1],
    ],
  }),
  type("values in a deep mapped type", "DeepReadonly<Everything>", {
    before: `interface Everything { at: Date; bytes?: Uint8Array; list: { ids: Set<string> }[]; all: Map<string, Date> }
type DeepReadonly<T> = T extends string ? T : { readonly [K in keyof T]: DeepReadonly<T[K]> };`,
    accepts: [{ at: AT, bytes: "aGk=", list: [{ ids: ["a"] }], all: { a: AT } }],
    rejects: [
      { at: {}, list: [], all: {} },
      { at: AT, list: [{ ids: [1] }], all: {} },
      { at: AT, list: [], all: { a: 1 } },
    ],
  }),
  type("class named Date", "Date", {
    before: "export class Date { day = 1 }",
    accepts: [{ day: 1 }],
    rejects: [AT],
  }),
];
