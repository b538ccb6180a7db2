import type { PackageValues } from "../packages.ts";

const user = {
  id: 1,
  email: "ann@example.com",
  name: null,
  role: "admin",
  active: true,
  createdAt: "2026-01-31T12:30:00.000Z",
};

export const drizzle: PackageValues = {
  insertUser: {
    accepted: [{ email: "ann@example.com" }, { ...user, role: "member" }],
    refused: [
      [{ name: "Ann" }, "user.email"],
      [{ email: "ann@example.com", role: "owner" }, "user.role"],
      [{ email: "ann@example.com", createdAt: "today" }, "user.createdAt"],
    ],
  },
  updatePost: {
    accepted: [{ tags: ["a"], settings: { theme: "dark" } }, {}],
    refused: [[{ settings: { theme: "red" } }, "post.settings.theme"]],
  },
  listUsers: { accepted: [[user]], refused: [[[{ ...user, name: 5 }], "[0].name"]] },
  getPost: { accepted: [{ id: 1, authorId: null, tags: [], settings: null }], refused: [[{ id: 1 }, "tags"]] },
};
