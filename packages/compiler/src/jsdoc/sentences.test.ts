import { describe, expect, it } from "vitest";
import { firstSentence, shorten } from "./sentences.ts";

describe("firstSentence", () => {
  it.each([
    ["The name of it. More text.", "The name of it."],
    ["What is it? An answer!", "What is it?"],
    ["Without an end", "Without an end"],
    ["", ""],
    ["Wrapped\nlines. Another sentence.", "Wrapped lines."],
    ["He said “stop.” Then he left.", "He said “stop.”"],
    ["中文句子。第二句。", "中文句子。"],
  ])("ends with the punctuation of a sentence: %j", (text, expected) => {
    expect(firstSentence(text)).toBe(expected);
  });

  it.each([
    ["A name, e.g. Foo, i.e. a word. More.", "A name, e.g. Foo, i.e. a word."],
    ["Keys vs. Values, etc. are kept. More.", "Keys vs. Values, etc. are kept."],
    ["The U.S. Government's id. More.", "The U.S. Government's id."],
    ["Written by J. Smith. More.", "Written by J. Smith."],
    ["See sec. 4.2 and no. 5 of it. More.", "See sec. 4.2 and no. 5 of it."],
    ["Since v1.2.3 of Node.js. More.", "Since v1.2.3 of Node.js."],
    ["See https://a.example/b.html?c=1. More.", "See https://a.example/b.html?c=1."],
    ["Waits... then goes on. More.", "Waits... then goes on."],
    ["A pair (first. Second) of words. More.", "A pair (first. Second) of words."],
    ["Use `a. B` or ``c. D`` here. More.", "Use `a. B` or ``c. D`` here."],
    ["1) a smile :) goes on. More.", "a smile :) goes on."],
  ])("does not end within one: %j", (text, expected) => {
    expect(firstSentence(text)).toBe(expected);
  });

  it.each([
    ["One of:\n- a\n- b", "One of:"],
    ["One of:\n1. a\n2. b", "One of:"],
    ["The first paragraph\n\nThe second.", "The first paragraph"],
    ["The usage\n```ts\nrun();\n```", "The usage"],
    ["A table\n| a | b |\n|---|---|", "A table"],
  ])("ends with its paragraph: %j", (text, expected) => {
    expect(firstSentence(text)).toBe(expected);
  });

  it.each([
    ["```ts\nrun. Now();\n```\nThe text. More.", "The text."],
    ["# Title\n\nThe text. More.", "The text."],
    ["# Title", "Title"],
    ["- the item. More.\n- another", "the item."],
    ["> [!NOTE]\n> The text. More.", "The text."],
  ])("begins with prose: %j", (text, expected) => {
    expect(firstSentence(text)).toBe(expected);
  });

  it.each([
    ["Required. The id of it. More.", "Required. The id of it."],
    ["Output only. Immutable. The time. More.", "Output only. Immutable. The time."],
    ["Optional.", "Optional."],
  ])("adds a sentence to labels: %j", (text, expected) => {
    expect(firstSentence(text)).toBe(expected);
  });

  it("takes no more than linear time on long texts", () => {
    const texts = ["a. b ".repeat(20_000), "`".repeat(20_000), "(".repeat(20_000), "e.g. ".repeat(20_000)];
    for (const text of texts) expect(firstSentence(text).length).toBeLessThanOrEqual(text.length);
  });
});

describe("shorten", () => {
  const TEXT = "The quick brown fox. It jumps over `the lazy dog` and more.";

  it("keeps a text that fits", () => {
    expect(shorten(TEXT, TEXT.length)).toBe(TEXT);
  });

  it("cuts after a sentence that ends in the second half", () => {
    expect(shorten(TEXT, 30)).toBe("The quick brown fox. …");
  });

  it("cuts after a word, outside code", () => {
    expect(shorten(TEXT, 12)).toBe("The quick…");
    expect(shorten(TEXT, 45)).toBe("The quick brown fox. It jumps over…");
    expect(shorten("Usage:\n```ts\nconst a = run(1, 2, 3);\n```", 24)).toBe("Usage…");
  });

  it("cuts a text without spaces between characters", () => {
    expect(shorten("https://a.example/path/to/it", 12)).toBe("https://a.e…");
    expect(shorten("😀😀😀😀", 4)).toBe("😀…");
    expect(shorten("中文句子很长没有空格", 5)).toBe("中文句子…");
  });

  it("never exceeds the number of characters", () => {
    for (let max = 1; max < TEXT.length; max++) {
      const text = shorten(TEXT, max);
      expect(text.length).toBeLessThanOrEqual(max);
      expect(text.endsWith("…")).toBe(true);
    }
  });
});
