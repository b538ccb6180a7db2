import { afterEach, describe, expect, it, vi } from "vitest";
import { convertResult } from "./convert-result.ts";
import { ResultTooLargeError } from "./failures.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

const returning = (length: number) => ({ content: [{ type: "text", text: "a".repeat(length) }] });

describe("convertResult", () => {
  it("does not write the JSON of a result that is surely short enough", async () => {
    const stringify = vi.spyOn(JSON, "stringify");
    const result = returning(80_000_000);
    await expect(convertResult(undefined, () => result)).resolves.toBe(result);
    expect(stringify).not.toHaveBeenCalled();
  });

  it("rejects a result whose JSON is longer than a string can be", async () => {
    // Writing half a gigabyte takes a second.
    const stringify = vi.spyOn(JSON, "stringify").mockImplementation(() => {
      throw new RangeError("Invalid string length");
    });
    const result = returning(90_000_000);
    await expect(convertResult(undefined, () => result)).rejects.toThrow(ResultTooLargeError);
    stringify.mockReturnValue({ length: 2 ** 29 - 100 } as never);
    await expect(convertResult(undefined, () => result)).rejects.toThrow(ResultTooLargeError);
    stringify.mockReturnValue("short");
    await expect(convertResult(undefined, () => result)).resolves.toBe(result);
  });

  it("rejects a value whose conversion needs a longer string", async () => {
    const convert = (): never => {
      throw new RangeError("Invalid string length");
    };
    await expect(convertResult({}, convert)).rejects.toThrow(ResultTooLargeError);
  });
});
