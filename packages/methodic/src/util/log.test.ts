import { beforeEach, describe, expect, it, vi } from "vitest";
import { writeLog } from "./log.ts";

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

describe("writeLog with an error", () => {
  const write = vi.spyOn(console, "error");

  it("ends the line with the stack traces of the error and its causes", () => {
    write.mockReset().mockImplementation(() => undefined);
    const cause = Object.assign(new Error("refused"), { stack: "Error: refused\n    at connect" });
    const error = Object.assign(new Error("broken", { cause }), { stack: "Error: broken\n    at run" });
    writeLog("failed", { error });
    expect(write).toHaveBeenCalledExactlyOnceWith("failed: Error: broken at run caused by: Error: refused at connect");
  });

  it("puts no colon after a sentence", () => {
    write.mockReset().mockImplementation(() => undefined);
    writeLog("uncaught error.", { error: "late" });
    expect(write).toHaveBeenCalledExactlyOnceWith("uncaught error. late");
  });
});
