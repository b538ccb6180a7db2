import type { PackageValues } from "../packages.ts";

const link = {
  type: "element",
  tagName: "a",
  properties: { href: "https://alpha.com", className: ["bravo"], download: true },
  children: [{ type: "text", value: "Alpha" }],
};

export const hast: PackageValues = {
  render: {
    accepted: [link, { ...link, children: [link] }],
    refused: [
      [{ ...link, tagName: 5 }, "element.tagName"],
      [{ ...link, children: [{ type: "text" }] }, "element.children[0].value"],
    ],
  },
  parse: {
    accepted: [{ type: "root", children: [{ type: "doctype" }, link] }],
    refused: [[{ type: "root" }, "children"]],
  },
};
