import type { PackageValues } from "../packages.ts";

const blocks = [{ type: "section", text: { type: "mrkdwn", text: "*Danny Torrence* left a review" } }];

export const slackWebApi: PackageValues = {
  postMessage: {
    accepted: [
      { channel: "C123ABC456", text: "Hello world" },
      { channel: "C123ABC456", blocks, text: "A review", thread_ts: "1503435956.000247", reply_broadcast: true },
    ],
    refused: [
      [{ text: "Hello world" }, "message.channel"],
      [{ channel: "C1", text: "Hi", link_names: "yes" }, "message.link_names"],
    ],
  },
  readHistory: {
    accepted: [{ channel: "C123ABC456", limit: 10 }],
    refused: [[{ limit: 10 }, "query.channel"]],
  },
  addReaction: {
    accepted: [{ channel: "C123ABC456", name: "thumbsup", timestamp: "1234567890.123456" }],
    refused: [[{ channel: "C123ABC456", name: "thumbsup" }, "reaction.timestamp"]],
  },
  openView: {
    accepted: [
      { trigger_id: "156772938.1827394", view: { type: "modal", title: { type: "plain_text", text: "App" }, blocks } },
    ],
    refused: [[{ trigger_id: "1", view: { type: "page", blocks } }, "view.view.type"]],
  },
  userInfo: {
    accepted: [{ ok: true, user: { id: "W012A3CDE", name: "spengler", tz_offset: -25200, profile: { title: "" } } }],
    refused: [[{ user: {} }, "ok"]],
  },
};
