import { beforeEach, describe, expect, it, vi } from "vitest";
import { stackOf, writeLog } from "./log.ts";

describe("writeLog", () => {
  const write = vi.spyOn(console, "error");
  beforeEach(() => void write.mockReset().mockImplementation(() => undefined));

  it("escapes line ends and other control characters, but keeps tabs", () => {
    writeLog("a\tb\nc\u001b[31m\r\v\f\u0085\u2028\u2029");
    expect(write).toHaveBeenCalledExactlyOnceWith("a\tb\\nc\\u001b[31m\\u000d\\u000b\\u000c\\u0085\\u2028\\u2029");
  });

  it("escapes the marks that reorder text", () => {
    writeLog("paid \u202e01\u2066 \u{1f600}");
    expect(write).toHaveBeenCalledExactlyOnceWith("paid \\u202e01\\u2066 \u{1f600}");
  });

  it("writes a stack trace as one line", () => {
    writeLog("Error: broken\n    at run (file:///a.js:1:2)\n    at async main");
    expect(write).toHaveBeenCalledExactlyOnceWith("Error: broken at run (file:///a.js:1:2) at async main");
  });

  it("cuts a long text, even if escaping makes it longer", () => {
    writeLog("a".repeat(10_000));
    writeLog("\n".repeat(9000));
    expect(write.mock.calls).toEqual([
      [`${"a".repeat(8192)}… (1808 more characters)`],
      [`${"\\n".repeat(4096)}… (808 more characters)`],
    ]);
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

  it("never throws, whatever was thrown", () => {
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    const get = (): never => {
      throw proxy;
    };
    const unreadable = [proxy, Object.create(null), Object.defineProperty(new Error("x"), "message", { get })];
    expect(new Set(unreadable.map(stackOf))).toEqual(new Set(["the thrown value has no text"]));
    expect(stackOf(Object.defineProperty(new Error("x"), "stack", { get }))).toBe("x");
    expect(stackOf(Object.assign(new Error("x"), { stack: 5 }))).toBe("x");
  });
});
