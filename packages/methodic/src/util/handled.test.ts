import { describe, expect, it } from "vitest";
import { isHandledReason, markAllHandled, markHandled } from "./handled.ts";

const fail = async (): Promise<never> => {
  throw new Error("lost");
};

// The test runner fails if a rejection of these tests is not handled.
describe("markHandled", () => {
  it("returns the promise, which still rejects", async () => {
    void markHandled(fail());
    await expect(markHandled(fail())).rejects.toThrow("lost");
  });
});

describe("isHandledReason", () => {
  it("knows the error of a marked promise, which those that depend on it share", async () => {
    const reason = await markHandled(fail())
      .then((value) => value)
      .catch((error: unknown) => error);
    expect(isHandledReason(reason)).toBe(true);
    expect(isHandledReason(new Error("lost"))).toBe(false);
    await expect(markHandled(Promise.reject("text" as never))).rejects.toBe("text");
    expect(isHandledReason("text")).toBe(false);
  });
});

describe("markAllHandled", () => {
  it("handles the promises in values of any form and depth", () => {
    const cyclic: Record<string, unknown> = { a: fail(), list: [fail(), new Map([[1, fail()]]), new Set([fail()])] };
    cyclic["self"] = cyclic;
    cyclic["broken"] = new Proxy(
      {},
      {
        ownKeys: () => {
          throw new Error("broken");
        },
      },
    );
    let deep: unknown = fail();
    for (let i = 0; i < 100_000; i++) deep = [deep];
    const failures = [new Error("caused", { cause: fail() }), new AggregateError([fail()])];
    expect(() => markAllHandled([failures, cyclic, deep, "text", null, new Uint8Array(9)])).not.toThrow();
    markAllHandled(fail());
  });
});
