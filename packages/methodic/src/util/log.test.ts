import { afterEach, describe, expect, it, vi } from "vitest";
import { stackOf, writeLog } from "./log.ts";

afterEach(() => void vi.restoreAllMocks());

describe("writeLog", () => {
  it("escapes control characters but keeps tabs and line feeds", () => {
    const write = vi.spyOn(console, "error").mockImplementation(() => {});
    writeLog("a\tb\nc\u001b[31m\r\u0085\u2028");
    expect(write).toHaveBeenCalledExactlyOnceWith("a\tb\nc\\u001b[31m\\u000d\\u0085\\u2028");
  });
});

describe("stackOf", () => {
  it("returns the stack of an error", () => {
    const error = new Error("broken");
    expect(stackOf(error)).toBe(error.stack);
  });

  it("returns the message of an error without a stack, and the text of any other value", () => {
    const error = Object.assign(new Error("broken"), { stack: undefined });
    expect([stackOf(error), stackOf("text"), stackOf(undefined)]).toEqual(["broken", "text", "undefined"]);
  });
});
