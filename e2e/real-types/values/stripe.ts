import type { PackageValues } from "../packages.ts";

const address = {
  city: "San Francisco",
  country: "US",
  line1: "354 Oyster Point Blvd",
  line2: null,
  postal_code: "94080",
  state: "CA",
};
const customer = {
  id: "cus_NffrFeUfNV2Hib",
  object: "customer",
  balance: 0,
  created: 1680893993,
  currency: null,
  default_source: null,
  delinquent: false,
  description: null,
  email: "jennyrosen@example.com",
  invoice_prefix: "0759376C",
  invoice_settings: { custom_fields: null, default_payment_method: null, footer: null, rendering_options: null },
  livemode: false,
  metadata: {},
  name: "Jenny Rosen",
  next_invoice_sequence: 1,
  phone: null,
  preferred_locales: [],
  shipping: null,
  tax_exempt: "none",
  test_clock: null,
};
const charge = {
  id: "ch_3MmlLrLkdIwHu7ix0snN0B15",
  object: "charge",
  amount: 1099,
  amount_captured: 1099,
  amount_refunded: 0,
  application: null,
  application_fee: null,
  application_fee_amount: null,
  balance_transaction: "txn_3MmlLrLkdIwHu7ix0uke3Ezy",
  billing_details: { address, email: null, name: null, phone: null, tax_id: null },
  calculated_statement_descriptor: "Stripe",
  captured: true,
  created: 1679090539,
  currency: "usd",
  customer,
  description: null,
  disputed: false,
  failure_balance_transaction: null,
  failure_code: null,
  failure_message: null,
  fraud_details: {},
  livemode: false,
  metadata: {},
  on_behalf_of: null,
  outcome: null,
  paid: true,
  payment_intent: null,
  payment_method: "card_1MmlLrLkdIwHu7ixIJwEWSNR",
  payment_method_details: null,
  receipt_email: null,
  receipt_number: null,
  receipt_url: "https://pay.stripe.com/receipts/payment/1",
  refunded: false,
  review: null,
  shipping: null,
  source: null,
  source_transfer: null,
  statement_descriptor: null,
  statement_descriptor_suffix: null,
  status: "succeeded",
  transfer_data: null,
  transfer_group: null,
};
const event = {
  id: "evt_1NG8Du2eZvKYlo2CUI79vXWy",
  object: "event",
  api_version: "2026-10-28.clover",
  created: 1686089970,
  livemode: false,
  pending_webhooks: 0,
  request: { id: null, idempotency_key: null },
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
  getCustomer: {
    accepted: [customer, { ...customer, shipping: { address, name: "Jenny Rosen" } }],
    refused: [[{ ...customer, object: "charge" }, "object"]],
  },
  getCharge: {
    accepted: [charge],
    refused: [
      [{ ...charge, amount: "1099" }, "amount"],
      [{ ...charge, billing_details: { ...charge.billing_details, email: 5 } }, "billing_details.email"],
    ],
  },
  getEvent: {
    accepted: [
      { ...event, type: "customer.created", data: { object: customer } },
      { ...event, type: "charge.succeeded", data: { object: charge } },
      { ...event, type: "charge.updated", data: { object: charge, previous_attributes: { captured: false } } },
    ],
    refused: [
      [{ ...event, type: "customer.baked", data: { object: customer } }, "type"],
      [{ ...event, type: "charge.succeeded", data: { object: { ...charge, paid: "yes" } } }, "data.object.paid"],
    ],
  },
  customerSummary: {
    accepted: [{ id: "cus_1", email: null, name: "Jenny", created: 1680893993, metadata: {}, address }],
    refused: [[{ id: "cus_1", email: null, created: 1680893993, metadata: { a: 1 } }, "metadata.a"]],
  },
};
