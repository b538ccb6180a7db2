import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { TimeLimit } from "./time-limit.ts";

const reason = new Error("too long");
const never = (): Promise<never> => new Promise(() => undefined);

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** Returns a promise, and the function that resolves it. */
function defer(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve = (): void => undefined;
  const promise = new Promise<void>((done) => (resolve = done));
  return { promise, resolve };
}

describe("TimeLimit", () => {
  it("rejects with its reason once the work takes longer, and aborts its signal", async () => {
    const limit = new TimeLimit({ timeoutMs: 100, reason });
    const { signal } = limit;
    const run = limit.run(never);
    vi.advanceTimersByTime(99);
    expect([limit.isOver, signal.aborted]).toEqual([false, false]);
    vi.advanceTimersByTime(1);
    await expect(run).rejects.toBe(reason);
    expect([limit.isOver, signal.reason]).toEqual([true, reason]);
  });

  it("returns the result of work that ends in time, and leaves no timer", async () => {
    const limit = new TimeLimit({ timeoutMs: 100, reason });
    expect(await limit.run(() => 1)).toBe(1);
    await expect(limit.run(() => Promise.reject(new Error("own")))).rejects.toThrow("own");
    expect([vi.getTimerCount(), limit.isOver]).toEqual([0, false]);
  });

  it("takes no result that the work returns because its signal aborts", async () => {
    const limit = new TimeLimit({ timeoutMs: 100, reason });
    const run = limit.run(() => new Promise((resolve) => limit.signal.addEventListener("abort", resolve)));
    vi.advanceTimersByTime(100);
    await expect(run).rejects.toBe(reason);
  });

  it("has an aborted signal if it is first read after the limit", async () => {
    const limit = new TimeLimit({ timeoutMs: 100, reason });
    const run = limit.run(never);
    vi.advanceTimersByTime(100);
    await expect(run).rejects.toBe(reason);
    expect(limit.signal.reason).toBe(reason);
  });

  it("does not count the time of pauses, which may overlap", async () => {
    const limit = new TimeLimit({ timeoutMs: 100, reason });
    const run = limit.run(never);
    vi.advanceTimersByTime(60);
    const [first, second] = [defer(), defer()];
    const pauses = [limit.pause(() => first.promise), limit.pause(() => second.promise)];
    vi.advanceTimersByTime(1000);
    first.resolve();
    await pauses[0];
    vi.advanceTimersByTime(1000);
    second.resolve();
    await pauses[1];
    vi.advanceTimersByTime(39);
    expect(limit.isOver).toBe(false);
    vi.advanceTimersByTime(1);
    await expect(run).rejects.toBe(reason);
    await expect(limit.pause(never)).rejects.toBe(reason);
  });

  it("pauses and aborts together with the work that it is a part of", async () => {
    const outer = new TimeLimit({ timeoutMs: 100, reason });
    const inner = new TimeLimit({
      timeoutMs: 200,
      reason: new Error("inner"),
      within: { signal: outer.signal, limit: outer },
    });
    const answer = defer();
    const run = outer.run(() => inner.run(() => inner.pause(() => answer.promise).then(never)));
    vi.advanceTimersByTime(1000);
    expect([outer.isOver, inner.isOver]).toEqual([false, false]);
    answer.resolve();
    const error = run.catch((thrown: unknown) => thrown);
    await vi.advanceTimersByTimeAsync(100);
    expect(await error).toBe(reason);
    expect(inner.signal.reason).toBe(reason);
  });

  it("leaves no timer if the work ends during a pause", async () => {
    const limit = new TimeLimit({ timeoutMs: 100, reason });
    const answer = defer();
    let pause: Promise<void> | undefined;
    await limit.run(() => void (pause = limit.pause(() => answer.promise)));
    answer.resolve();
    await pause;
    expect(vi.getTimerCount()).toBe(0);
  });
});
