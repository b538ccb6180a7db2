import { afterEach, describe, expect, it, vi } from "vitest";
import { writeLog } from "./log.ts";

afterEach(() => void vi.restoreAllMocks());

describe("writeLog", () => {
  it("escapes control characters but keeps tabs and line feeds", () => {
    const write = vi.spyOn(console, "error").mockImplementation(() => {});
    writeLog("a\tb\nc\u001b[31m\r\u0085\u2028");
    expect(write).toHaveBeenCalledExactlyOnceWith("a\tb\nc\\u001b[31m\\u000d\\u0085\\u2028");
  });
});
