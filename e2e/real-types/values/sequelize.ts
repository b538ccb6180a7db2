import type { PackageValues } from "../packages.ts";

const product = { id: 1, name: "Chair", price: 49.5, discontinued: false, releasedOn: null };

export const sequelize: PackageValues = {
  createProduct: {
    accepted: [{ name: "Chair", price: 49.5, releasedOn: "2026-01-31T12:30:00Z" }],
    refused: [[{ name: "Chair", releasedOn: null }, "product.price"]],
  },
  updateProduct: { accepted: [{ price: 39 }, {}], refused: [[{ price: "39" }, "product.price"]] },
  getFields: { accepted: [product], refused: [[{ ...product, price: null }, "price"]] },
  getProduct: { accepted: [product], refused: [[{ ...product, price: null }, "price"]] },
};
