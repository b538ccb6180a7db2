import { describe, expect, it } from "vitest";
import { stripHtml } from "./strip-html.ts";

describe("stripHtml", () => {
  it.each([
    ["<p>The <b>name</b> of it.</p>", "The name of it."],
    ["<p>One.</p><p>Two.</p>", "One.\n\nTwo."],
    ["One.<br/>Two.<br>Three.", "One.\nTwo.\nThree."],
    ["Of:\n<ul>\n<li>\n<p>first</p>\n</li>\n<li><p>second</p></li></ul>\nAfter.", "Of:\n- first\n- second\n\nAfter."],
    ['See <a href="https://a.example/?b=1&c=2" target="_blank">the guide</a>.', "See the guide."],
    ["Use <code>x-amz-*</code> here.", "Use `x-amz-*` here."],
    ["<note><p>Mind <i>this</i>.</p></note>", "Mind this."],
    ["A<!-- a comment -->B", "AB"],
  ])("removes tags and keeps their text: %j", (html, text) => {
    expect(stripHtml(html)).toBe(text);
  });

  it("decodes entities once", () => {
    expect(stripHtml("a &lt; b &amp;&amp; c &gt; d &#39;e&#x27; &nbsp;&mdash;")).toBe("a < b && c > d 'e' \u00A0—");
    expect(stripHtml("&amp;lt;")).toBe("&lt;");
    expect(stripHtml("&lt;p&gt;")).toBe("<p>");
  });

  it.each([
    "An Array<string> or Map<string, number>.",
    "The path /users/<id>, where a < b and c > d.",
    "https://a.example/?a=1&copy=2&lt=3",
    "Plain `<p>code</p>` and ``<b>`</b>``.",
    "```html\n<p>&lt;</p>\n```",
    "<unknown-element>, <T>, <T extends a>",
    "  Text without HTML keeps its spaces.  ",
  ])("keeps other text: %j", (text) => {
    expect(stripHtml(text)).toBe(text);
  });

  it("reads hostile text without backtracking", () => {
    for (const text of ['<a "'.repeat(5000), "<p ".repeat(5000), "<!--".repeat(5000), "`<".repeat(5000)])
      expect(stripHtml(text).length).toBeLessThanOrEqual(text.length);
  });
});
