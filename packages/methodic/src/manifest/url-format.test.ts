import { describe, expect, it } from "vitest";
import { isUrl } from "./validation-runtime.ts";

describe("isUrl", () => {
  it.each(["https://example.com", "ftp://a:b@example.com:21/x", "https://a@b:c@example.com/?q=é", "http://8.8.8.8"])(
    "takes %s",
    (text) => {
      expect(isUrl(text)).toBe(true);
    },
  );

  it.each(["", "example.com", "https://@example.com", "https://10.1.1.1", "https://a b@example.com", "mailto:a@b.c"])(
    "refuses %j",
    (text) => {
      expect(isUrl(text)).toBe(false);
    },
  );

  it.each([":", "@", "a-", ".a", "a@"])("comes to an end with a long text of %j", (part) => {
    // In time that grows with the square of this length, the test would be stopped.
    expect(isUrl(`ftp://${part.repeat(1_000_000)}!`)).toBe(false);
  });
});
