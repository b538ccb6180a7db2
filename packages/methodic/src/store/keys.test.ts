import { assert, asyncProperty, string } from "fast-check";
import { describe, expect, it } from "vitest";
import { createKeyPrefix, encodePart } from "./keys.ts";

async function createKey(server: string, owner: string, key: string): Promise<string> {
  return (await createKeyPrefix(server, "user", owner)) + (await encodePart(key));
}

describe("the keys of a store", () => {
  it("show the server's name, the scope and the author's key, and hide the owner", async () => {
    const key = await createKey("notes-server", "ada", "cart");
    expect(key).toMatch(/^notes-server\/user\/[\da-f]{64}\/cart$/);
  });

  it("have only characters that every store accepts, at most 255", async () => {
    const text = string({ unit: "binary", maxLength: 256, minLength: 1 });
    await assert(
      asyncProperty(text, text, text, async (server, owner, key) => {
        expect(await createKey(server, owner, key)).toMatch(/^(?=.{1,255}$)[\w.~%-]+\/user\/[\da-f]{64}\/[\w.~%-]+$/);
      }),
      { numRuns: 30 },
    );
  });

  it.each([
    ["a/b", "a", "b"],
    ["%002f", "/", "%"],
    ["é", "e\u0301", "É"],
    ["\ud800", "\udc00", "\ufffd"],
    ["x".repeat(65), "x".repeat(66), `~${"x".repeat(64)}`],
    ["\ud800".repeat(50), "\udc00".repeat(50), "\ufffd".repeat(50)],
    ["ab", "a", "b/"],
  ])("differ for different texts: %j, %j, %j", async (...texts) => {
    const parts = texts.flatMap((first) => texts.map((second) => [first, second] as const));
    const keys = await Promise.all(
      parts.flatMap(([first, second]) => [createKey(first, second, "k"), createKey(first, "o", second)]),
    );
    expect(new Set(keys).size).toBe(keys.length);
  });
});
