import type { PackageValues } from "../packages.ts";

export const css: PackageValues = {
  style: {
    accepted: [{ display: "flex", position: "absolute", gap: "4px", margin: 0, zIndex: 2 }],
    refused: [[{ position: "centered" }, "rules.position"]],
  },
  setDisplay: { accepted: ["inline-flex"], refused: [[5, "display"]] },
  loadFont: {
    accepted: [{ fontFamily: "Open Sans", src: "url(a.woff2)", fontDisplay: "swap" }],
    refused: [[{ fontDisplay: "later" }, "font.fontDisplay"]],
  },
  styleFully: {
    accepted: [{ color: "rebeccapurple", boxSizing: "border-box" }],
    refused: [[{ boxSizing: "padding-box" }, "rules.boxSizing"]],
  },
};
