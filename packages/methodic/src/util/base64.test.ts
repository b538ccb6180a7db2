import { describe, expect, it } from "vitest";
import { decodeBase64, encodeBase64 } from "./base64.ts";

describe("encodeBase64 and decodeBase64", () => {
  it.each([0, 1, 2, 3, 0x80_00, 0x80_01, 100_000])("round-trip %i bytes as Buffer encodes them", (length) => {
    const bytes = Uint8Array.from({ length }, (_, i) => (i * 7) % 256);
    const text = encodeBase64(bytes);
    expect(text).toBe(Buffer.from(bytes).toString("base64"));
    expect(Buffer.from(decodeBase64(text)).equals(bytes)).toBe(true);
  });

  it("throws for bytes whose text would be too long for a string", () => {
    // Only the length is read, so no memory is needed for the bytes.
    const bytes = Object.defineProperty(new Uint8Array(), "length", { value: 403_000_000 });
    expect(() => encodeBase64(bytes)).toThrow(new RangeError("Invalid string length"));
  });
});
