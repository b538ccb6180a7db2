import type { PackageValues } from "../packages.ts";

const richText = [{ type: "text", text: { content: "Tuscan kale" } }];
const id = "59833787-2cf9-4fdf-8782-e53db20768a5";
const annotations = {
  bold: false,
  italic: false,
  strikethrough: false,
  underline: false,
  code: false,
  color: "default",
};
const text = {
  type: "text",
  text: { content: "Tuscan kale", link: null },
  plain_text: "Tuscan kale",
  href: null,
  annotations,
};
const page = {
  object: "page",
  id,
  created_time: "2022-03-01T19:05:00.000Z",
  last_edited_time: "2022-07-06T20:25:00.000Z",
  created_by: { object: "user", id },
  last_edited_by: { object: "user", id },
  cover: null,
  icon: { type: "emoji", emoji: "🥬" },
  parent: { type: "page_id", page_id: id },
  archived: false,
  in_trash: false,
  is_archived: false,
  is_locked: false,
  properties: {
    title: { id: "title", type: "title", title: [text] },
    Done: { id: "a", type: "checkbox", checkbox: true },
  },
  url: "https://www.notion.so/Tuscan-kale",
  public_url: null,
};

export const notion: PackageValues = {
  createPage: {
    accepted: [
      { parent: { page_id: id }, properties: { title: { title: richText } } },
      {
        parent: { type: "data_source_id", data_source_id: id },
        icon: { type: "emoji", emoji: "🥬" },
        properties: { Name: { title: richText }, Price: { number: 2.5 }, Done: { checkbox: true } },
        children: [{ object: "block", type: "heading_2", heading_2: { rich_text: richText } }],
      },
    ],
    refused: [[{ parent: { page_id: 5 } }, "page.parent"]],
  },
  queryDataSource: {
    accepted: [
      {
        data_source_id: id,
        filter: { or: [{ property: "In stock", checkbox: { equals: true } }] },
        sorts: [{ property: "Last ordered", direction: "ascending" }],
      },
    ],
    refused: [[{ data_source_id: id, page_size: "ten" }, "query.page_size"]],
  },
  appendBlocks: {
    accepted: [{ block_id: id, children: [{ type: "paragraph", paragraph: { rich_text: richText } }] }],
    refused: [[{ block_id: id }, "blocks.children"]],
  },
  search: {
    accepted: [{ query: "External tasks", sort: { direction: "ascending", timestamp: "last_edited_time" } }],
    refused: [[{ sort: { direction: "up", timestamp: "last_edited_time" } }, "query.sort.direction"]],
  },
  createComment: {
    accepted: [{ parent: { page_id: id }, rich_text: richText }],
    refused: [[{ parent: { page_id: id }, rich_text: [{ text: {} }] }, "comment.rich_text[0]"]],
  },
  getPage: { accepted: [page], refused: [[{ ...page, object: "block" }, "object"]] },
  getText: { accepted: [[text]], refused: [[[{ ...text, plain_text: null }], "[0].plain_text"]] },
  getUser: {
    accepted: [
      {
        object: "user",
        id,
        name: "Avocado Lovelace",
        avatar_url: null,
        type: "person",
        person: { email: "avo@example.org" },
      },
    ],
    refused: [[{ object: "user", id, name: null, avatar_url: null, type: "robot" }, "type"]],
  },
};
