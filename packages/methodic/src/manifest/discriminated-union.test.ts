import { describe, expect, it } from "vitest";
import { readUnion } from "./discriminated-union.ts";
import type { JsonSchema } from "./format.ts";

function member(
  properties: Record<string, JsonSchema>,
  required: readonly string[] = Object.keys(properties),
): JsonSchema {
  return { type: "object", properties, required };
}
const is = (value: string | number | boolean): JsonSchema => ({ const: value });
const TEXT = { type: "string" };

describe("readUnion", () => {
  it.each<[string, JsonSchema, string | undefined]>([
    ["constants in anyOf", { anyOf: [member({ a: is("x") }), member({ a: is("y") })] }, "a"],
    ["constants in oneOf", { oneOf: [member({ a: is(1) }), member({ a: is(true) })] }, "a"],
    ["lists of values", { anyOf: [member({ a: { enum: ["x", "y"] } }), member({ a: is("z") })] }, "a"],
    [
      "unions in a union",
      { anyOf: [member({ a: is("x") }), { anyOf: [member({ a: is("y") }), member({ a: is("z") })] }] },
      "a",
    ],
    [
      "references, also to itself",
      { anyOf: [member({ a: is("x") }), { $ref: "#/$defs/Y" }, { $ref: "#" }], $defs: { Y: member({ a: is("y") }) } },
      "a",
    ],
    [
      "the first property that distinguishes all members",
      { anyOf: [member({ a: is("x"), b: is(1) }), member({ a: is("x"), b: is(2) })] },
      "b",
    ],
    [
      "groups of members that another property distinguishes",
      { anyOf: [member({ a: is("x"), b: is(1) }), member({ a: is("x"), b: is(2) }), member({ a: is("y") })] },
      "a",
    ],
    [
      "members without a type in an object",
      { type: "object", anyOf: [{ properties: { a: is("x") }, required: ["a"] }, member({ a: is("y") })] },
      "a",
    ],
    ["one member", { anyOf: [member({ a: is("x") })] }, undefined],
    ["a shared value", { anyOf: [member({ a: { enum: ["x", "y"] } }), member({ a: is("y") })] }, undefined],
    ["an optional property", { anyOf: [member({ a: is("x") }), member({ a: is("y") }, [])] }, undefined],
    ["a property of any text", { anyOf: [member({ a: is("x") }), member({ a: TEXT })] }, undefined],
    ["null", { anyOf: [member({ a: is("x") }), member({ a: { const: null } })] }, undefined],
    ["a member that is not an object", { anyOf: [member({ a: is("x") }), TEXT] }, undefined],
    [
      "properties next to the alternatives",
      { properties: { b: TEXT }, anyOf: [member({ a: is("x") }), member({ a: is("y") })] },
      undefined,
    ],
    ["an object", member({ a: is("x") }), undefined],
  ])("reads %s", (_, schema, name) => {
    expect(readUnion(schema)?.name).toBe(name);
  });
});
