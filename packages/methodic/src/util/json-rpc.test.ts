import { describe, expect, it } from "vitest";
import { readId, readMethod } from "./json-rpc.ts";

describe("readId", () => {
  it.each([["a"], [""], [0], [7]])("returns the id %j", (id) => {
    expect(readId({ id })).toBe(id);
  });

  it.each([[{}], [{ id: null }], [{ id: true }], [{ id: {} }], [[]], ["text"], [null], [undefined]])(
    "returns undefined for %j",
    (message) => {
      expect(readId(message)).toBeUndefined();
    },
  );
});

describe("readMethod", () => {
  it("returns the method of a message", () => {
    expect(readMethod({ method: "tools/call" })).toBe("tools/call");
  });

  it.each([[{}], [{ method: 7 }], [[]], ["text"], [null], [undefined]])("returns undefined for %j", (message) => {
    expect(readMethod(message)).toBeUndefined();
  });
});
