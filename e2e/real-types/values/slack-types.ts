import type { PackageValues } from "../packages.ts";

const text = { type: "plain_text", text: "Approve", emoji: true };
const button = { type: "button", text, action_id: "approve", style: "primary", value: "click_me_123" };
const blocks = [
  { type: "header", text: { type: "plain_text", text: "New request" } },
  { type: "section", text: { type: "mrkdwn", text: "*Type:* Paid Time Off" }, accessory: button },
  { type: "divider" },
  { type: "actions", elements: [button] },
];

export const slackTypes: PackageValues = {
  validateBlocks: {
    accepted: [blocks, []],
    refused: [
      [[{ type: "heading" }], "blocks[0].type"],
      [[{ type: "actions" }], "blocks[0].elements"],
    ],
  },
  validateButton: {
    accepted: [button],
    refused: [[{ type: "button", text: { type: "mrkdwn", text: "x" } }, "button.text.type"]],
  },
  publishHome: {
    accepted: [{ type: "home", blocks, private_metadata: "x" }],
    refused: [[{ type: "home" }, "view.blocks"]],
  },
  attachments: {
    accepted: [
      [{ color: "#2eb886", pretext: "Optional text", fields: [{ title: "Priority", value: "High", short: true }] }],
    ],
    refused: [[[{ fields: [{ title: "Priority" }] }], "[0].fields[0].value"]],
  },
};
