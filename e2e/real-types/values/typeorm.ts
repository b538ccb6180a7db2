import type { PackageValues } from "../packages.ts";

const book = {
  id: 1,
  title: "Emma",
  pages: 474,
  publishedAt: "1815-12-23T00:00:00.000Z",
  author: { id: 1, name: "J" },
};

export const typeorm: PackageValues = {
  createBook: {
    accepted: [{ title: "Emma", author: { name: "Jane Austen" } }],
    refused: [
      [{ pages: "474" }, "book.pages"],
      [{ title: "" }, "book.title"],
    ],
  },
  updateBook: { accepted: [{ pages: 475 }, book], refused: [[{ author: { name: 5 } }, "book.author.name"]] },
  findBooks: {
    accepted: [{ where: { title: "Emma" }, order: { pages: "DESC" }, take: 10 }],
    refused: [[{ take: "ten" }, "options.take"]],
  },
  getBook: { accepted: [book], refused: [[{ ...book, author: null }, "author"]] },
  inserted: {
    accepted: [{ identifiers: [{ id: 1 }], generatedMaps: [{}] }],
    refused: [[{ identifiers: 1, generatedMaps: [] }, "identifiers"]],
  },
};
