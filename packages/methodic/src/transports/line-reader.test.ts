import { describe, expect, it } from "vitest";
import { LineReader } from "./line-reader.ts";

/** Reads chunks with a limit of 1000 bytes. */
function read(...chunks: readonly string[]): readonly unknown[] {
  const seen: unknown[] = [];
  const reader = new LineReader(
    { line: (text) => seen.push(text), tooLong: (head, tail) => seen.push({ head, tail }) },
    1000,
  );
  for (const chunk of chunks) reader.push(Buffer.from(chunk));
  reader.end();
  return seen;
}

describe("LineReader", () => {
  it.each<[string, readonly string[], readonly unknown[]]>([
    ["several lines in one chunk", ["a\nb\n"], ["a", "b"]],
    ["a line in several chunks", ["a", "b", "c\nd\n"], ["abc", "d"]],
    ["Windows line breaks", ["a\r\nb\r", "\n"], ["a", "b"]],
    ["empty lines", ["\n\n"], ["", ""]],
    ["a last line without a line break", ["a\nb"], ["a", "b"]],
    ["an empty stream", [""], []],
  ])("reads %s", (_, chunks, lines) => {
    expect(read(...chunks)).toEqual(lines);
  });

  it("decodes characters that span chunks", () => {
    const bytes = Buffer.from("ü€😀\n");
    const seen: string[] = [];
    const reader = new LineReader({ line: (text) => seen.push(text), tooLong: () => undefined }, 1000);
    for (const byte of bytes) reader.push(Uint8Array.of(byte));
    expect(seen).toEqual(["ü€😀"]);
  });

  it("skips a line that exceeds the limit, but keeps its ends, and continues", () => {
    const long = `head${"x".repeat(5000)}tail`;
    const [skipped, next] = read("a".repeat(500), ...(long.match(/.{1,700}/g) ?? []), "\nnext\n").slice(0) as [
      { head: string; tail: string },
      string,
    ];
    expect(skipped.head).toHaveLength(256);
    expect(skipped.head).toMatch(/^a+$/);
    expect(skipped.tail).toHaveLength(256);
    expect(skipped.tail).toMatch(/^x+tail$/);
    expect(next).toBe("next");
  });

  it("accepts a line of exactly the limit", () => {
    expect(read(`${"a".repeat(1000)}\n`)).toEqual(["a".repeat(1000)]);
    expect(read(`${"a".repeat(1001)}\n`)).toEqual([{ head: "a".repeat(256), tail: "a".repeat(256) }]);
  });
});
