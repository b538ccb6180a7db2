import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { InFlight } from "./in-flight.ts";

describe("InFlight", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  /** Tells for each promise if it has resolved by now. */
  async function areDone(...promises: readonly Promise<void>[]): Promise<readonly boolean[]> {
    const done = promises.map(() => false);
    promises.forEach((promise, i) => void promise.then(() => (done[i] = true)));
    await vi.advanceTimersByTimeAsync(0);
    return done;
  }

  it("counts all owners together and each by itself", () => {
    const inFlight = new InFlight<string>();
    for (const owner of ["a", "b", "a"]) inFlight.enter(owner);
    expect([inFlight.size, inFlight.count("a"), inFlight.count("b"), inFlight.count("c")]).toEqual([3, 2, 1, 0]);
    expect(inFlight.owners).toEqual(["a", "b"]);
    inFlight.leave("b");
    expect([inFlight.size, inFlight.owners]).toEqual([2, ["a"]]);
  });

  it("refuses to exceed its maximum", () => {
    const inFlight = new InFlight<string>(2);
    expect(["a", "b", "c"].map((owner) => inFlight.enter(owner))).toEqual([true, true, false]);
    inFlight.leave("a");
    expect([inFlight.enter("c"), inFlight.owners]).toEqual([true, ["b", "c"]]);
  });

  it("forgets an owner that has closed, and ignores what leaves after it", () => {
    const inFlight = new InFlight<string>();
    for (const owner of ["a", "a", "b"]) inFlight.enter(owner);
    inFlight.leaveAll("a");
    inFlight.leave("a");
    inFlight.leaveAll("a");
    expect([inFlight.size, inFlight.owners]).toEqual([1, ["b"]]);
  });

  it("is drained at once while nothing is in flight", async () => {
    expect(await areDone(new InFlight().drained(1000))).toEqual([true]);
  });

  it("resolves every waiter when the last owner leaves", async () => {
    const inFlight = new InFlight<string>();
    inFlight.enter("a");
    inFlight.enter("b");
    const waits = [inFlight.drained(1000), inFlight.drained(60_000)] as const;
    inFlight.leave("a");
    expect(await areDone(...waits)).toEqual([false, false]);
    inFlight.leaveAll("b");
    expect(await areDone(...waits)).toEqual([true, true]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("resolves a waiter whose timeout is over, and leaves the others waiting", async () => {
    const inFlight = new InFlight<string>();
    inFlight.enter("a");
    const waits = [inFlight.drained(1000), inFlight.drained(60_000)] as const;
    await vi.advanceTimersByTimeAsync(1000);
    expect(await areDone(...waits)).toEqual([true, false]);
  });

  it.each([Number.POSITIVE_INFINITY, 2 ** 40])("waits for longer than a timer can: %d ms", async (timeoutMs) => {
    const inFlight = new InFlight<string>();
    inFlight.enter("a");
    const wait = inFlight.drained(timeoutMs);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(await areDone(wait)).toEqual([false]);
    inFlight.leave("a");
    expect(await areDone(wait)).toEqual([true]);
  });
});
