import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { callAt, MAX_DELAY_MS, startTimer } from "./timers.ts";

beforeEach(() => void vi.useFakeTimers({ now: 0 }));
afterEach(() => void vi.useRealTimers());

describe("startTimer", () => {
  it("calls back at every interval until it is stopped", () => {
    const callback = vi.fn<() => void>();
    const stop = startTimer(callback, 100);
    vi.advanceTimersByTime(250);
    stop();
    vi.advanceTimersByTime(250);
    expect(callback).toHaveBeenCalledTimes(2);
  });

  it("never calls back with an interval of 0", () => {
    const callback = vi.fn<() => void>();
    startTimer(callback, 0)();
    vi.advanceTimersByTime(1000);
    expect(callback).not.toHaveBeenCalled();
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe("callAt", () => {
  it("calls back once, at the time", () => {
    const callback = vi.fn<() => void>();
    callAt(callback, 1000);
    vi.advanceTimersByTime(999);
    expect(callback).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(callback).toHaveBeenCalledTimes(1);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("waits for a time beyond what one timer can count", () => {
    const callback = vi.fn<() => void>();
    callAt(callback, MAX_DELAY_MS + 1000);
    vi.advanceTimersByTime(MAX_DELAY_MS + 999);
    expect(callback).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(callback).toHaveBeenCalledTimes(1);
  });

  it.each([undefined, Number.POSITIVE_INFINITY])("never calls back at the time %s", (time) => {
    callAt(vi.fn<() => void>(), time);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("does not call back after it was canceled", () => {
    const callback = vi.fn<() => void>();
    callAt(callback, 1000)();
    vi.advanceTimersByTime(2000);
    expect(callback).not.toHaveBeenCalled();
  });
});
