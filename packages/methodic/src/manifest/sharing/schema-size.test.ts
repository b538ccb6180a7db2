import { describe, expect, it } from "vitest";
import type { JsonSchema } from "../format.ts";
import { describeSize, findHeaviest, writtenSize } from "./schema-size.ts";

const KB = 1024;

function text(length: number): JsonSchema {
  return { type: "string", description: "x".repeat(length) };
}

function objectOf(properties: { readonly [name: string]: JsonSchema }): JsonSchema {
  return { type: "object", properties };
}

function placesOf(schema: JsonSchema): readonly string[] {
  return findHeaviest(schema).map(({ place, size }) => `${place} ${Math.floor(size / KB)}`);
}

describe("findHeaviest", () => {
  it("names the three largest places, the largest first", () => {
    const schema = objectOf({ a: text(2 * KB), b: text(4 * KB), c: text(KB), d: text(3 * KB) });
    expect(placesOf(schema)).toEqual(["b 4", "d 3", "a 2"]);
  });

  it("goes on to the place that has most of another", () => {
    const items = objectOf({ body: text(5 * KB), note: text(4 * KB) });
    const schema = objectOf({ message: objectOf({ id: text(10), parts: { type: "array", items } }) });
    expect(placesOf(schema)).toEqual(["message.parts[].body 5", "message.parts[].note 4"]);
  });

  it("joins the alternatives of a property", () => {
    const alternative = (length: number): JsonSchema => objectOf({ body: text(length), id: text(10) });
    const schema = objectOf({ part: { anyOf: [alternative(3 * KB), alternative(2 * KB)] }, note: text(4 * KB) });
    expect(placesOf(schema)).toEqual(["part.body 5", "note 4"]);
  });

  it("counts a definition once, where it is nearest", () => {
    const $defs = {
      Block: objectOf({ text: text(6 * KB), inner: { $ref: "#/$defs/Block" } }),
      Attachment: objectOf({ blocks: { type: "array", items: { $ref: "#/$defs/Block" } }, text: text(2 * KB) }),
    };
    const schema = { ...objectOf({ a: { $ref: "#/$defs/Attachment" }, b: { $ref: "#/$defs/Block" } }), $defs };
    expect(placesOf(schema)).toEqual(["b.text 6", "a.text 2"]);
  });

  it("names a place without inner ones, and nothing if the root has none", () => {
    expect(placesOf(objectOf({ color: text(4 * KB) }))).toEqual(["color 4"]);
    expect(placesOf(text(4 * KB))).toEqual([]);
  });

  it("ends for types that only recur", () => {
    const $defs = { A: objectOf({ next: { $ref: "#/$defs/A" } }) };
    expect(placesOf({ ...objectOf({ a: { $ref: "#/$defs/A" } }), $defs })).toEqual(["a 0"]);
  });
});

describe("describeSize", () => {
  it("lists the largest places after the size", () => {
    expect(describeSize(objectOf({ a: text(2 * KB), b: text(4 * KB) }))).toBe("6.1 KB (largest parts: b 4 KB, a 2 KB)");
    expect(describeSize(text(10))).toBe("0.1 KB");
  });

  it("counts parts that are one object in memory at each place", () => {
    let part = text(100);
    for (let level = 0; level < 10; level++) part = objectOf({ a: part, b: part });
    expect(writtenSize(part)).toBe(JSON.stringify(part).length);
    expect(describeSize(part)).toBe("176 KB (largest parts: a 88 KB, b 88 KB)");
  });
});
