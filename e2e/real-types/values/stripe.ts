import type { PackageValues } from "../packages.ts";

const address = {
  city: "San Francisco",
  country: "US",
  line1: "354 Oyster Point Blvd",
  line2: null,
  postal_code: "94080",
  state: "CA",
};

export const stripe: PackageValues = {
  createCustomer: {
    accepted: [
      { name: "Jenny Rosen", email: "jennyrosen@example.com" },
      { address: { line1: "354 Oyster Point Blvd", country: "US" }, metadata: { order: "6735" }, tax_exempt: "none" },
    ],
    refused: [
      [{ email: 5 }, "params.email"],
      [{ address: { town: "Berlin" } }, "params.address"],
    ],
  },
  createPaymentIntent: {
    accepted: [{ amount: 2000, currency: "usd", automatic_payment_methods: { enabled: true } }],
    refused: [
      [{ currency: "usd" }, "params.amount"],
      [{ amount: 2000, currency: "usd", off_session: 5 }, "params.off_session"],
    ],
  },
  createRefund: {
    accepted: [{ charge: "ch_1NirD82eZvKYlo2CIvbtLWuY", reason: "duplicate" }],
    refused: [[{ amount: "all" }, "params.amount"]],
  },
  listInvoices: {
    accepted: [{ limit: 3, status: "open", created: { gte: 1680893993 } }],
    refused: [[{ created: "today" }, "params.created"]],
  },
  createPrice: {
    accepted: [
      { currency: "usd", unit_amount: 1000, recurring: { interval: "month" }, product_data: { name: "Gold" } },
    ],
    refused: [[{ currency: "usd", recurring: {} }, "params.recurring.interval"]],
  },
  customerAddress: { accepted: [address], refused: [[{ ...address, city: 5 }, "city"]] },
  customerSummary: {
    accepted: [{ id: "cus_1", email: null, name: "Jenny", created: 1680893993, metadata: {}, address }],
    refused: [[{ id: "cus_1", email: null, created: 1680893993, metadata: { a: 1 } }, "metadata.a"]],
  },
};
