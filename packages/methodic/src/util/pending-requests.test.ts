import { describe, expect, it, vi } from "vitest";
import { InFlight } from "./in-flight.ts";
import { PendingRequests, readCancelledId } from "./pending-requests.ts";

describe("PendingRequests", () => {
  const owner = "session";
  const create = (max?: number): { requests: PendingRequests<string, object>; inFlight: InFlight<string> } => {
    const inFlight = new InFlight<string>(max);
    return { inFlight, requests: new PendingRequests(inFlight, owner) };
  };
  const batch = { name: "batch" };
  const single = { name: "single" };

  it("counts the client's requests until they are settled", () => {
    const { requests, inFlight } = create();
    expect(requests.add([1, "1"], () => batch)).toBe(batch);
    expect(requests.add([2], () => single)).toBe(single);
    expect([inFlight.size, inFlight.owners]).toEqual([3, [owner]]);
    expect([requests.has(1), requests.get("1"), requests.get(3)]).toEqual([true, batch, undefined]);
    expect([...requests.replies]).toEqual([batch, single]);
    expect([requests.settle(1), requests.settle(1)]).toEqual([batch, undefined]);
    expect([requests.has(1), inFlight.size]).toEqual([false, 2]);
    requests.settleAll();
    expect([requests.replies.size, inFlight.size]).toEqual([0, 0]);
  });

  it("adds all requests of a batch, or none and creates no reply", () => {
    const { requests, inFlight } = create(3);
    requests.add([1, 2], () => batch);
    const createReply = vi.fn<() => object>(() => single);
    expect(requests.add([3, 4], createReply)).toBeUndefined();
    expect([inFlight.size, requests.has(3), createReply.mock.calls]).toEqual([2, false, []]);
    expect(requests.add([3], createReply)).toBe(single);
  });

  it("counts a request once whose id is pending already", () => {
    const { requests, inFlight } = create();
    requests.add([1], () => batch);
    requests.add([1], () => single);
    expect([inFlight.size, requests.settle(1), inFlight.size]).toEqual([1, single, 0]);
    requests.add([2, 2], () => batch);
    expect([inFlight.size, requests.settle(2), inFlight.size]).toEqual([1, batch, 0]);
  });

  it("admits requests, and the first response to a request of the server", () => {
    const { requests } = create();
    requests.ask(1);
    requests.ask("a");
    const answer = { jsonrpc: "2.0", id: 1, result: {} };
    expect([requests.admit(answer), requests.admit(answer)]).toEqual([true, false]);
    expect(requests.asked).toEqual(["a"]);
    expect(requests.admit({ jsonrpc: "2.0", error: { code: 1, message: "" } })).toBe(false);
    expect(requests.admit({ jsonrpc: "2.0", id: "a", method: "ping" })).toBe(true);
    expect(requests.admit({ jsonrpc: "2.0", id: "a", error: { code: 1, message: "" } })).toBe(true);
    expect(requests.asked).toEqual([]);
  });
});

describe("readCancelledId", () => {
  it.each<[object, unknown]>([
    [{ method: "notifications/cancelled", params: { requestId: 0 } }, 0],
    [{ method: "notifications/cancelled", params: { requestId: "a" } }, "a"],
    [{ method: "notifications/cancelled", params: {} }, undefined],
    [{ method: "notifications/cancelled" }, undefined],
    [{ method: "notifications/progress", params: { requestId: 1 } }, undefined],
    [{ id: 1, result: {} }, undefined],
  ])("reads from %j the id %j", (message, id) => {
    expect(readCancelledId(message)).toBe(id);
  });
});
