import type { PackageValues } from "../packages.ts";

const schema = {
  type: "object",
  properties: { name: { type: "string", minLength: 1 }, kids: { type: "array", items: { type: "string" } } },
};

export const jsonSchema: PackageValues = {
  checkDraft4: {
    accepted: [{ ...schema, $schema: "http://json-schema.org/draft-04/schema#", required: ["name"] }],
    refused: [[{ minLength: "1" }, "schema.minLength"]],
  },
  checkDraft6: {
    accepted: [{ ...schema, const: 5, examples: [1, "a"] }],
    refused: [[{ properties: { name: 5 } }, "schema.properties.name"]],
  },
  checkDraft7: {
    accepted: [{ ...schema, if: { type: "string" }, then: { minLength: 1 } }],
    refused: [[{ type: "text" }, "schema.type"]],
  },
};
