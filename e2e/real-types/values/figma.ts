import type { PackageValues } from "../packages.ts";

const red = { r: 1, g: 0, b: 0, a: 1 };
const comment = {
  id: "1",
  client_meta: { x: 10, y: 20 },
  file_key: "abc",
  user: { id: "5", handle: "figma", img_url: "https://example.com/a.png" },
  created_at: "2026-01-31T12:30:00Z",
  message: "Nice",
  order_id: "1",
  reactions: [],
};

export const figma: PackageValues = {
  postComment: {
    accepted: [{ message: "Nice", client_meta: { x: 10, y: 20 } }],
    refused: [[{ client_meta: { x: 10, y: 20 } }, "comment.message"]],
  },
  setColor: { accepted: [red], refused: [[{ ...red, a: "1" }, "color.a"]] },
  fills: {
    accepted: [[{ blendMode: "NORMAL", type: "SOLID", color: red }]],
    refused: [[[{ blendMode: "NORMAL", type: "SOLID" }], "[0].color"]],
  },
  comments: { accepted: [[comment]], refused: [[[{ ...comment, user: null }], "[0].user"]] },
};
