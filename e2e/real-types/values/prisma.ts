import type { PackageValues } from "../packages.ts";

const user = {
  id: 1,
  email: "ann@example.com",
  name: null,
  createdAt: "2026-01-31T12:30:00.000Z",
  balance: "9007199254740993",
  avatar: "aGVsbG8=",
  settings: { theme: "dark", tags: [1, null] },
};

export const prisma: PackageValues = {
  createUser: {
    accepted: [
      { email: "ann@example.com", settings: { theme: "dark", tags: ["a", 1, null] } },
      { email: "ann@example.com", createdAt: "2026-01-31T12:30:00Z", posts: { create: [{ title: "Hello" }] } },
    ],
    refused: [[{ email: "ann@example.com", posts: { create: [{}] } }, "data.posts.create"]],
  },
  findUsers: {
    accepted: [
      { OR: [{ email: { contains: "example" } }, { NOT: { id: 1 } }] },
      { createdAt: { gt: "2026-01-31T12:30:00Z" }, posts: { some: { title: "Hello" } } },
    ],
    refused: [[{ AND: { id: "1" } }, "where.AND"]],
  },
  getUsers: { accepted: [[user]], refused: [[[{ ...user, balance: "x" }], "[0].balance"]] },
  getSettings: { accepted: [{ settings: { a: [1, { b: null }] } }, { settings: null }], refused: [[{}, "settings"]] },
};
