import type { PackageValues } from "../packages.ts";

export const estree: PackageValues = {
  checkLocation: {
    accepted: [{ start: { line: 1, column: 0 }, end: { line: 1, column: 5 } }],
    refused: [[{ start: { line: 1, column: 0 } }, "location.end"]],
  },
  checkLiteral: {
    accepted: [{ type: "Literal", value: 42, raw: "42" }],
    refused: [[{ type: "Name", value: 42 }, "literal.type"]],
  },
};
