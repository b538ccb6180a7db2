import { describe, expect, it } from "vitest";
import type { JsonSchema } from "../manifest/format.ts";
import { coerceText } from "./repair.ts";

describe("reading text as a parameter's type", () => {
  it.each<[string, JsonSchema, unknown]>([
    ["5", { type: "integer" }, 5],
    ["5", { type: "string" }, "5"],
    ["5", { type: ["string", "integer"] }, "5"],
    ["5", {}, "5"],
    ["5.5", { type: "integer" }, "5.5"],
    ["9007199254740991", { type: "integer" }, 9007199254740991],
    // Its nearest number is another one.
    ["9007199254740993", { type: "integer" }, "9007199254740993"],
    ["-9007199254740993", { type: "number" }, "-9007199254740993"],
    ["true", { type: "boolean" }, true],
    ["9".repeat(400), { type: "integer" }, "9".repeat(400)],
    ["9".repeat(400), { type: "number" }, "9".repeat(400)],
    ["yes", { type: "boolean" }, "yes"],
    ["null", { type: ["integer", "null"] }, null],
    ["2", { enum: [1, 2] }, 2],
    ["2", { const: 2 }, 2],
    ["2", { anyOf: [{ type: "integer" }, { type: "boolean" }] }, 2],
    ["a,b", { type: "array", items: { type: "string" } }, ["a", "b"]],
    ["1,2", { type: "array", items: { type: "integer" } }, [1, 2]],
    ["[1,2]", { type: "array", items: { type: "integer" } }, [1, 2]],
    ['{"a":1}', { type: "object" }, { a: 1 }],
    ["7", { $ref: "#/$defs/n" }, 7],
  ])("%s as %j", (text, schema, expected) => {
    expect(coerceText(text, schema, { $defs: { n: { type: "integer" } } })).toEqual(expected);
  });

  it("takes a list apart only for an array", () => {
    const given = { text: "1/2", items: ["1", "2"] };
    expect(coerceText(given, { type: "array", items: { type: "integer" } }, {})).toEqual([1, 2]);
    expect(coerceText(given, { type: "string" }, {})).toBe("1/2");
  });
});
