import { tool } from "methodic";
import type { Stripe } from "stripe";
import { recorded } from "../recorded.js";

export class StripeTools {
  /** Creates a customer. */
  @tool() createCustomer(params: Stripe.CustomerCreateParams): void {}

  /** Creates a payment intent. */
  @tool() createPaymentIntent(params: Stripe.PaymentIntentCreateParams): void {}

  /** Creates a refund. */
  @tool() createRefund(params: Stripe.RefundCreateParams): void {}

  /** Lists invoices. */
  @tool() listInvoices(params: Stripe.InvoiceListParams): void {}

  /** Creates a price. */
  @tool() createPrice(params: Stripe.PriceCreateParams): void {}

  /** Returns the address of a customer. */
  @tool() customerAddress(): Stripe.Address {
    return recorded();
  }

  /** Returns a customer. */
  @tool() getCustomer(): Stripe.Customer {
    return recorded();
  }

  /** Returns a charge. */
  @tool() getCharge(): Stripe.Charge {
    return recorded();
  }

  /** Returns an event. */
  @tool() getEvent(): Stripe.Event {
    return recorded();
  }

  /** Returns the fields of a customer that a support agent needs. */
  @tool() customerSummary(): Pick<Stripe.Customer, "id" | "email" | "name" | "created" | "metadata" | "address"> {
    return recorded();
  }
}
