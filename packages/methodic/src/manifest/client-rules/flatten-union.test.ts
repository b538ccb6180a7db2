import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import type { JsonSchema } from "../format.ts";
import { findViolations, publishSchema } from "./publish.ts";

const TEXT = { type: "string" };

function member(action: JsonSchema, properties: Record<string, JsonSchema> = {}, more: JsonSchema = {}): JsonSchema {
  const all = { action, ...properties };
  return { type: "object", properties: all, required: Object.keys(all), additionalProperties: false, ...more };
}

function publish(...members: readonly JsonSchema[]): JsonSchema {
  return publishSchema({ type: "object", anyOf: members }, "auto", "input");
}

function propertiesOf(...members: readonly JsonSchema[]): Record<string, JsonSchema> {
  return publish(...members)["properties"] as Record<string, JsonSchema>;
}

describe("flattenUnion", () => {
  it("lists the values of the discriminator with the descriptions of their members", () => {
    const { action } = propertiesOf(
      member({ const: "add", description: "The action" }, {}, { description: "Add a note." }),
      member({ enum: ["remove", "purge"], description: "The action" }, {}, { description: "Remove a note." }),
    );
    expect(action).toEqual({
      description: "The action\n`add`: Add a note.\n`remove`, `purge`: Remove a note.",
      type: "string",
      enum: ["add", "remove", "purge"],
    });
  });

  it("says which members have a property, and which require it", () => {
    const members = ["a", "b", "c"].map((name) => ({ const: name }));
    const { all, some, optional, mixed, partly } = propertiesOf(
      member(
        members[0]!,
        { all: TEXT, some: TEXT, optional: TEXT, mixed: TEXT, partly: TEXT },
        { required: ["action", "all", "some", "mixed", "partly"] },
      ),
      member(
        members[1]!,
        { all: TEXT, some: TEXT, optional: TEXT, mixed: TEXT, partly: TEXT },
        { required: ["action", "all", "some", "partly"] },
      ),
      member(members[2]!, { all: TEXT, partly: TEXT }, { required: ["action", "all"] }),
    );
    expect([all, some, optional, mixed, partly].map((property) => property?.["description"])).toEqual([
      undefined,
      "Only for `a`, `b`; required.",
      "Only for `a`, `b`.",
      "Only for `a`, `b`; required for `a`.",
      "Required for `a`, `b`.",
    ]);
  });

  it("merges the types, texts and defaults of a property", () => {
    const { text, values, kinds, preset, other } = propertiesOf(
      member(
        { const: "a" },
        {
          text: { ...TEXT, description: "One" },
          values: { type: "string", enum: ["x", "y"] },
          kinds: TEXT,
          preset: { type: "number", default: 1 },
          other: { type: "number", default: 1 },
        },
      ),
      member(
        { const: "b" },
        {
          text: { ...TEXT, description: "Two" },
          values: { const: "z" },
          kinds: { type: "integer", minimum: 1 },
          preset: { type: "number", default: 1 },
          other: { type: "number", default: 2 },
        },
      ),
    );
    expect({ text, values, kinds, preset, other }).toEqual({
      text: { description: "`a`: One\n`b`: Two", type: "string" },
      values: { type: "string", enum: ["x", "y", "z"] },
      kinds: { anyOf: [TEXT, { type: "integer", minimum: 1 }] },
      preset: { type: "number", default: 1 },
      other: { type: "number" },
    });
  });

  it("closes the object only if all members are closed", () => {
    const open = member({ const: "b" }, {}, { additionalProperties: true });
    expect(publish(member({ const: "a" }), open)["additionalProperties"]).toBeUndefined();
    const texts = member({ const: "b" }, {}, { additionalProperties: TEXT });
    expect(publish(member({ const: "a" }, { n: { type: "number" } }), texts)).toMatchObject({
      properties: { n: { anyOf: [{ type: "number" }, TEXT] } },
      additionalProperties: TEXT,
    });
  });

  it("keeps the description and the definitions of the input", () => {
    const schema = {
      description: "A tree",
      oneOf: [member({ const: "leaf" }), { $ref: "#/$defs/Node" }],
      $defs: { Node: member({ const: "node" }, { next: { $ref: "#/$defs/Node" } }) },
    };
    const published = publishSchema(schema, "auto", "input");
    expect(published).toMatchObject({
      description: "A tree",
      type: "object",
      properties: { next: { description: "Only for `node`; required." } },
    });
    expect(findViolations(published, "input")).toEqual([]);
  });

  it("accepts what the members accept, follows all rules of clients, and is not changed again", () => {
    const published = publish(
      member({ const: true }, { list: { type: "array", items: TEXT } }),
      member(
        { const: false },
        { list: { type: "object", additionalProperties: TEXT }, n: { type: ["number", "null"] } },
      ),
    );
    const validate = new Ajv2020({ strict: false }).compile(published);
    expect(validate({ action: true, list: ["a"] })).toBe(true);
    expect(validate({ action: false, list: { a: "b" }, n: null })).toBe(true);
    expect(validate({ action: "x", list: [] })).toBe(false);
    expect(findViolations(published, "input")).toEqual([]);
    expect(publishSchema(published, "auto", "input")).toEqual(published);
  });

  it("leaves unions of results and other unions as they are", () => {
    const union = { type: "object", anyOf: [member({ const: "a" }), member({ const: "b" })] };
    expect(publishSchema(union)["anyOf"]).toHaveLength(2);
    expect(publish(member(TEXT), member({ const: "b" }))["anyOf"]).toHaveLength(2);
  });
});
