import { describe, expect, it } from "vitest";
import { convertResult } from "./convert-result.ts";
import { ResultTooLargeError } from "./failures.ts";

const textOf = (text: string) => ({ content: [{ type: "text", text }] });
const convert = (result: unknown): Promise<unknown> => convertResult(undefined, () => result);

describe("convertResult", () => {
  it("returns a result whose JSON a string can hold", async () => {
    // With escapes, this text could be too long, so it is measured.
    const plain = textOf("a".repeat(90_000_000));
    await expect(convert(plain)).resolves.toBe(plain);
  });

  it("rejects a result whose JSON is longer than a string can be", async () => {
    const half = "\0".repeat(45_000_000);
    await expect(convert({ structuredContent: [half, { half }] })).rejects.toThrow(ResultTooLargeError);
  });

  it("rejects a value whose conversion needs a longer string", async () => {
    const overflow = (): never => {
      throw new RangeError("Invalid string length");
    };
    await expect(convertResult({}, overflow)).rejects.toThrow(ResultTooLargeError);
  });
});
