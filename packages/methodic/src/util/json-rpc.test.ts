import { describe, expect, it } from "vitest";
import { isResponse, readId, readMethod } from "./json-rpc.ts";

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

describe("isResponse", () => {
  it.each<[unknown, boolean]>([
    [{ jsonrpc: "2.0", id: 1, result: null }, true],
    [{ error: "no" }, true],
    [{ jsonrpc: "2.0", id: 1, method: "ping", result: {} }, false],
    [{ id: 1 }, false],
    [null, false],
    ["result", false],
  ])("of %j is %j", (message, expected) => {
    expect(isResponse(message)).toBe(expected);
  });
});
