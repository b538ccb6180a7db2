import type { PackageValues } from "../packages.ts";

const name = { kind: "Name", value: "hero" };
const type = {
  kind: "OBJECT",
  name: "Query",
  fields: [{ name: "hero", args: [], type: { kind: "SCALAR", name: "String" }, isDeprecated: false }],
  interfaces: [],
};

export const graphql: PackageValues = {
  pointAt: { accepted: [{ line: 1, column: 2 }], refused: [[{ line: "1", column: 2 }, "location.line"]] },
  loadSchema: {
    accepted: [{ __schema: { queryType: { kind: "OBJECT", name: "Query" }, types: [type], directives: [] } }],
    refused: [
      [
        { __schema: { queryType: { kind: "OBJECT", name: "Query" }, types: [type] } },
        "introspection.__schema.directives",
      ],
    ],
  },
  execute: {
    accepted: [{ data: { hero: { name: "R2-D2" } } }, { errors: [{ message: "No", path: ["hero", 0] }] }],
    refused: [[{ errors: [{ path: [] }] }, "errors[0].message"]],
  },
  executeRaw: {
    accepted: [{ data: { viewer: { login: "octocat" } } }, { data: null, errors: [{ message: "No" }] }],
    refused: [[{ data: { viewer: {} } }, "data.viewer.login"]],
  },
  parse: {
    accepted: [
      {
        kind: "Document",
        definitions: [
          {
            kind: "OperationDefinition",
            operation: "query",
            selectionSet: { kind: "SelectionSet", selections: [{ kind: "Field", name }] },
          },
        ],
      },
    ],
    refused: [[{ kind: "Document" }, "definitions"]],
  },
};
