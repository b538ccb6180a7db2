import type { PackageValues } from "../packages.ts";

const range = { start: { line: 1, character: 0 }, end: { line: 1, character: 4 } };
const edit = { range, newText: "const" };
const diagnostic = { range, severity: 1, message: "Unused variable", source: "ts", code: 6133 };

export const lsp: PackageValues = {
  applyEdit: {
    accepted: [
      { changes: { "file:///a.ts": [edit] } },
      {
        documentChanges: [
          { textDocument: { uri: "file:///a.ts", version: null }, edits: [edit] },
          { kind: "rename", oldUri: "file:///a.ts", newUri: "file:///b.ts" },
        ],
      },
    ],
    refused: [[{ changes: { "file:///a.ts": [{ range }] } }, "edit.changes"]],
  },
  editFile: {
    accepted: [[edit]],
    refused: [[[{ ...edit, range: { start: { line: 1 }, end: range.end } }], "edits[0].range.start.character"]],
  },
  publish: {
    accepted: [diagnostic],
    refused: [[{ ...diagnostic, severity: 5 }, "diagnostic.severity"]],
  },
  complete: { accepted: [[{ label: "map", kind: 2, textEdit: edit }]], refused: [[[{ kind: 2 }], "[0].label"]] },
  symbols: {
    accepted: [[{ name: "A", kind: 5, range, selectionRange: range, children: [] }]],
    refused: [[[{ name: "A", kind: 99, range, selectionRange: range }], "[0].kind"]],
  },
  fixes: {
    accepted: [[{ title: "Remove it", kind: "quickfix", diagnostics: [diagnostic], isPreferred: true }]],
    refused: [[[{ kind: "quickfix" }], "[0].title"]],
  },
};
