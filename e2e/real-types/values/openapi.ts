import type { PackageValues } from "../packages.ts";

const info = { title: "Sample Pet Store App", version: "1.0.1", license: { name: "MIT" } };
const operation = {
  summary: "List pets",
  parameters: [{ name: "limit", in: "query", schema: { type: "integer", maximum: 100 } }],
  responses: { "200": { description: "Pets", content: { "application/json": { schema: { type: "string" } } } } },
};
const paths = { "/pets": { get: operation } };

export const openapi: PackageValues = {
  checkDocument: {
    accepted: [{ openapi: "3.0.3", info, paths }],
    refused: [
      [{ openapi: "3.0.3", info: { title: "x" }, paths }, "document.info.version"],
      [{ openapi: "3.0.3", info, paths: { "/pets": { get: 5 } } }, "document.paths"],
    ],
  },
  checkDocument31: {
    accepted: [{ openapi: "3.1.0", info, paths }],
    refused: [[{ openapi: 3.1, info, paths }, "document"]],
  },
  checkParameter: {
    accepted: [{ name: "limit", in: "query", schema: { type: "array", items: { type: "string" } } }],
    refused: [[{ name: "limit" }, "parameter.in"]],
  },
  checkSchema: {
    accepted: [{ type: "object", required: ["id"], properties: { id: { type: "integer", format: "int64" } } }],
    refused: [[{ properties: { id: 5 } }, "schema.properties.id"]],
  },
};
