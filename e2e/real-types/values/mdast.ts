import type { PackageValues } from "../packages.ts";

const text = { type: "text", value: "Alpha" };
const heading = { type: "heading", depth: 1, children: [text] };
const paragraph = { type: "paragraph", children: [text, { type: "emphasis", children: [text] }] };
const list = { type: "list", ordered: false, children: [{ type: "listItem", spread: false, children: [paragraph] }] };

export const mdast: PackageValues = {
  render: {
    accepted: [{ type: "root", children: [heading, paragraph, list] }],
    refused: [
      [{ type: "root", children: [{ type: "title" }] }, "root.children[0].type"],
      [{ type: "root" }, "root.children"],
    ],
  },
  renderHeading: { accepted: [heading], refused: [[{ ...heading, depth: 7 }, "heading.depth"]] },
  parseList: { accepted: [list], refused: [[{ ...list, children: [paragraph] }, "children[0].type"]] },
  parseParagraph: { accepted: [[text]], refused: [[[{ type: "text" }], "[0].value"]] },
};
