import type { PackageValues } from "../packages.ts";

const user = {
  id: "80351110224678912",
  username: "Nelly",
  discriminator: "1337",
  global_name: null,
  avatar: "8342729096ea3675442027381ff50dfe",
};
const message = {
  id: "334385199974967042",
  channel_id: "290926798999357250",
  author: user,
  content: "Supa Hot",
  timestamp: "2017-07-11T17:27:07.299000+00:00",
  edited_timestamp: null,
  tts: false,
  mention_everyone: false,
  mentions: [],
  mention_roles: [],
  attachments: [],
  embeds: [],
  pinned: false,
  type: 0,
};

export const discord: PackageValues = {
  createMessage: {
    accepted: [
      { content: "Hello, World!", tts: false, embeds: [{ title: "Hello, Embed!", description: "This is an embed." }] },
      {
        content: "A button",
        components: [{ type: 1, components: [{ type: 2, style: 1, label: "Click", custom_id: "click_one" }] }],
      },
    ],
    refused: [
      [{ content: 5 }, "message.content"],
      [{ embeds: [{ title: ["a"] }] }, "message.embeds[0].title"],
    ],
  },
  checkEmbed: {
    accepted: [{ title: "Title", color: 0x00_ff_00, fields: [{ name: "a", value: "b", inline: true }] }],
    refused: [[{ fields: [{ name: "a" }] }, "embed.fields[0].value"]],
  },
  registerCommand: {
    accepted: [
      {
        name: "blep",
        type: 1,
        description: "Send a random adorable animal photo",
        options: [{ name: "animal", description: "The type of animal", type: 3, required: true }],
      },
    ],
    refused: [[{ name: 5, type: 2 }, "command.name"]],
  },
  respond: {
    accepted: [{ type: 4, data: { content: "Congrats on sending your command!" } }, { type: 1 }],
    refused: [[{ type: 99 }, "type"]],
  },
  getUser: { accepted: [user], refused: [[{ ...user, username: null }, "username"]] },
  getMessage: { accepted: [message], refused: [[{ ...message, type: "text" }, "type"]] },
};
