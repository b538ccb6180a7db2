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

  it("refuses a key more than its share, but not owners without a key", () => {
    const inFlight = new InFlight<string>(5, 0.5);
    expect(["a1", "a2", "a3"].map((owner) => inFlight.enter(owner, "a"))).toEqual([true, true, false]);
    expect([inFlight.isShareTaken("a"), inFlight.isShareTaken("b"), inFlight.isFull]).toEqual([true, false, false]);
    expect(["x", "y", "z", "u"].map((owner) => inFlight.enter(owner))).toEqual([true, true, true, false]);
    expect([inFlight.isShareTaken(), inFlight.isFull]).toEqual([false, true]);
    inFlight.leave("a1");
    expect([inFlight.enter("b1", "b"), inFlight.enter("a3", "a")]).toEqual([true, false]);
  });

  it("gives every key at least one", () => {
    const inFlight = new InFlight<string>(1, 0.1);
    expect([inFlight.enter("a", "a"), inFlight.enter("b", "b")]).toEqual([true, false]);
  });

  it("finds the oldest owner of the key with the most, once it is full", () => {
    const inFlight = new InFlight<string>(5);
    inFlight.enter("b1", "b");
    for (const owner of ["a1", "a2", "a3"]) inFlight.enter(owner, "a");
    expect(inFlight.findExcess("b")).toBeUndefined();
    inFlight.enter("a4", "a");
    expect([inFlight.findExcess("a"), inFlight.findExcess("b"), inFlight.findExcess("c")]).toEqual(["a1", "a1", "a1"]);
    inFlight.leave("a1");
    inFlight.enter("b2", "b", 10);
    expect([inFlight.findExcess("a"), inFlight.findExcess("b")]).toEqual(["b1", "b1"]);
  });

  it("finds the oldest owner of a key whose share is taken, though there is room", () => {
    const inFlight = new InFlight<string>(10, 0.2);
    for (const owner of ["a1", "a2", "b1"]) inFlight.enter(owner, owner.charAt(0));
    expect([inFlight.findExcess("a"), inFlight.findExcess("b"), inFlight.findExcess()]).toEqual([
      "a1",
      undefined,
      undefined,
    ]);
  });
});
