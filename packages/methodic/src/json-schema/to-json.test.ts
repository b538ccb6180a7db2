import { Readable } from "node:stream";
import { describe, expect, it } from "vitest";
import { NotJsonError, toPlainJson } from "./to-json.ts";

class Money {
  readonly #cents = 150;
  readonly currency = "EUR";
  toJSON(): object {
    return { amount: this.#cents / 100, currency: this.currency };
  }
}

class Hidden {
  readonly #secret = 1;
  get secret(): number {
    return this.#secret;
  }
}

class Query {
  then(): void {
    throw new Error("A query runs once it is awaited.");
  }
}

const nested = (levels: number): unknown => (levels === 0 ? 1 : [nested(levels - 1)]);

describe("toPlainJson", () => {
  it.each([
    ["a date", { at: new Date(0) }, { at: "1970-01-01T00:00:00.000Z" }],
    ["a URL", new URL("https://a.b/c"), "https://a.b/c"],
    [
      "a URL that is not a valid URI",
      new URL("https://[::1]:80/a%zz|?b=[c]^#d#e"),
      "https://[::1]:80/a%25zz%7C?b=%5Bc%5D%5E#d%23e",
    ],
    ["a bigint", { list: [{ id: -5n }] }, { list: [{ id: "-5" }] }],
    ["bytes", { b: new Uint8Array([1, 2, 3]), c: Buffer.from("hi") }, { b: "AQID", c: "aGk=" }],
    ["a set", { s: new Set(["b", "a"]) }, { s: ["b", "a"] }],
    [
      "a set whose members are equal once they are JSON",
      new Set([new Date(0), new Date(0)]),
      ["1970-01-01T00:00:00.000Z"],
    ],
    ["a map", new Map([["a", new Map([["b", new Set([1n])]])]]), { a: { b: ["1"] } }],
    ["a map with nothing in it", { m: new Map() }, { m: {} }],
    ["an object with toJSON", [new Money()], [{ amount: 1.5, currency: "EUR" }]],
    ["a toJSON that returns a date", { toJSON: () => new Date(0) }, "1970-01-01T00:00:00.000Z"],
    ["a toJSON that returns a URL", [{ toJSON: () => new URL("https://a.b/c d") }], ["https://a.b/c%20d"]],
    ["a toJSON that returns bytes", { a: { toJSON: () => new Uint8Array([1, 2, 3]) } }, { a: "AQID" }],
    // The toJSON of that object is not called, but those of its properties are.
    [
      "a toJSON that returns an object with toJSON",
      { toJSON: () => Object.assign(new Money(), { inner: new Money() }) },
      { currency: "EUR", inner: { amount: 1.5, currency: "EUR" } },
    ],
    ["undefined in an object", { a: undefined, b: 1 }, { b: 1 }],
    ["undefined in an array", [undefined, 1], [null, 1]],
    ["a hole in an array", Array(2), [null, null]],
    ["undefined", undefined, undefined],
    ["null", null, null],
    ["an object without prototype", Object.assign(Object.create(null), { a: 1 }), { a: 1 }],
    ["boxed primitives", [Object("a"), Object(1), Object(false)], ["a", 1, false]],
    [
      "a list with properties",
      Object.assign(
        new (class List {
          *[Symbol.iterator](): Generator<number> {}
        })(),
        { a: 1 },
      ),
      { a: 1 },
    ],
    ["much nesting", nested(1000), nested(1000)],
    ["the same object twice", ((one) => [one, one])({ a: 1 }), [{ a: 1 }, { a: 1 }]],
  ])("converts %s", (_, value, json) => {
    expect(toPlainJson(value)).toEqual(json);
  });

  it("leaves out a property named __proto__, which no result can carry", () => {
    const value: unknown = JSON.parse('{"a":[{"__proto__":{"polluted":true},"b":1}]}');
    expect(JSON.stringify(toPlainJson(value))).toBe('{"a":[{"b":1}]}');
    expect(JSON.stringify(toPlainJson(new Map([["__proto__", 1]])))).toBe("{}");
  });

  const cycle: { self?: unknown } = {};
  cycle.self = cycle;
  it.each([
    ["an invalid date", { at: [new Date("x")] }, "the result has an invalid Date at /at/0"],
    ["a toJSON that returns an invalid date", { a: { toJSON: () => new Date("x") } }, "an invalid Date at /a"],
    ["a map with other keys", { m: new Map([[1, 2]]) }, "the result has a Map with a key that is a number at /m"],
    ["other binary data", { b: new Float64Array(2) }, "the result has binary data at /b"],
    ["a buffer", { b: new ArrayBuffer(2) }, "the result has binary data at /b"],
    ["a weak map", { m: new WeakMap() }, "the result has a weak collection at /m"],
    ["a function", { f: () => 1 }, "the result has a function at /f"],
    ["a symbol", Symbol("x"), "the result has a symbol at its root"],
    ["NaN", { n: Number.NaN }, "the result has NaN at /n"],
    ["Infinity", [Number.POSITIVE_INFINITY], "the result has Infinity at /0"],
    ["a promise", { p: Promise.resolve(1) }, "Await it before returning"],
    [
      "a generator",
      {
        g: (function* () {
          yield 1;
        })(),
      },
      "the result has an iterator (Generator) at /g",
    ],
    ["a stream", new ReadableStream(), "the result has a stream (ReadableStream) at its root"],
    ["a stream of Node", { s: Readable.from(["a"]) }, "the result has a stream (Readable) at /s"],
    [
      "an async generator",
      (async function* () {
        yield 1;
      })(),
      "the result has a stream (AsyncGenerator) at its root",
    ],
    ["a thenable", { query: new Query() }, "the result has a Promise at /query, which has no JSON form. Await it"],
    ["a response", new Response("x"), "an instance of Response without properties at its root"],
    ["a response inside data", { r: new Response("x") }, "Return its body: await response.json()"],
    ["a blob", [new Blob(["x"])], "an instance of Blob without properties at /0"],
    ["headers", { h: new Headers() }, "the result has an iterator (Headers) at /h"],
    ["an abort signal", { s: new AbortController().signal }, "the result has an instance of AbortSignal"],
    ["private state", new Hidden(), "the result has an instance of Hidden without properties at its root"],
    ["an error", [new Error("x")], "the result has an Error at /0"],
    [
      "an error with properties",
      { e: Object.assign(new Error("x"), { code: "ENOENT" }) },
      "the result has an Error at /e",
    ],
    ["a pattern", { r: /x/ }, "the result has a RegExp at /r"],
    ["endless nesting", nested(1001), "the result has more than 1000 levels of nesting"],
    ["a cycle", cycle, "the result has a reference to an object that contains it at /self"],
  ])("rejects %s", (_, value, message) => {
    expect(() => toPlainJson(value)).toThrowError(NotJsonError);
    expect(() => toPlainJson(value)).toThrow(message);
  });
});
