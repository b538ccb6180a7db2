import type { PackageValues } from "../packages.ts";

const order = { id: "123e4567-e89b-12d3-a456-426614174000", items: [{ sku: "A1", count: 2 }], status: "open" };

export const valibot: PackageValues = {
  placeOrder: {
    accepted: [order, { ...order, items: [{ sku: "A1" }] }],
    refused: [[{ ...order, status: "lost" }, "order.status"]],
  },
  cancelOrder: { accepted: ["A1"], refused: [[5, "id"]] },
  getOrder: { accepted: [order], refused: [[{ ...order, items: [{ sku: "A1" }] }, "items[0].count"]] },
};
