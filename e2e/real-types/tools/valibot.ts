import { tool } from "methodic";
import * as v from "valibot";
import { recorded } from "../recorded.js";

const Order = v.object({
  id: v.pipe(v.string(), v.uuid()),
  items: v.array(v.object({ sku: v.string(), count: v.optional(v.number(), 1) })),
  status: v.picklist(["open", "paid"]),
});
const OrderId = v.pipe(v.string(), v.brand("OrderId"));

export class ValibotTools {
  /** Places an order. */
  @tool() placeOrder(order: v.InferInput<typeof Order>): void {}

  /** Cancels an order. */
  @tool() cancelOrder(id: v.InferOutput<typeof OrderId>): void {}

  /** Returns an order. */
  @tool() getOrder(): v.InferOutput<typeof Order> {
    return recorded();
  }
}
