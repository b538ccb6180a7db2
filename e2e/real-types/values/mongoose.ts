import type { PackageValues } from "../packages.ts";

const user = { email: "ann@example.com", roles: ["admin"], createdAt: "2026-01-31T12:30:00.000Z" };
const id = "507f1f77bcf86cd799439011";

export const mongoose: PackageValues = {
  createUser: {
    accepted: [user, { ...user, age: 40 }],
    refused: [[{ ...user, roles: ["owner"] }, "user.roles[0]"]],
  },
  sortUsers: {
    accepted: [{ email: 1, age: "descending" }],
    refused: [[{ email: 1, age: "down" }, "order.age"]],
  },
  createArticle: {
    accepted: [{ title: "Hello", views: 0, author: null }],
    refused: [[{ title: "Hello" }, "article.views"]],
  },
  getUser: { accepted: [{ ...user, _id: id, __v: 0 }], refused: [[{ _id: id, roles: [] }, "email"]] },
  getAlbums: {
    accepted: [[{ _id: id, cover: "aGk=", owner: id, counts: { likes: 2 }, photos: [] }]],
    refused: [[[{ _id: id, owner: id, counts: {}, photos: [] }], "[0].cover"]],
  },
  leanUsers: { accepted: [[{ ...user, _id: id }]], refused: [[[user], "[0]._id"]] },
  getReference: { accepted: [{ user: id }], refused: [] },
};
