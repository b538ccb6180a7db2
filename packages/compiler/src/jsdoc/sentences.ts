/** The end of a sentence: punctuation, and the quotes and brackets that it closes. */
const END = /[.!?…]+["'”’»)\]*_]*(?=\s|$)|[。！？]+[」』”’）]*/g;

/** Abbreviations that do not end a sentence. */
const ABBREVIATIONS = new Set(
  "e.g i.e eg ie cf vs viz resp approx ca incl excl esp a.k.a w.r.t al Mr Mrs Ms Dr Prof St".split(" "),
);
/** Abbreviations that do not end a sentence before a number. */
const BEFORE_NUMBERS = new Set(
  "no nos No Nos v ver vers version max Max min Min avg Avg fig Fig eq Eq sec Sec ch Ch p pp vol Vol".split(" "),
);

/** Sentences of many API references that say nothing without the next one. */
const LABEL =
  /^(?:required|optional|(?:output|input|read|write)[ -]only|immutable|identifier|deprecated|experimental|internal|nullable|unordered list|non[ -]empty default|note|important|warning)[.!]$/i;

/**
 * Returns the first sentence of a text in one line: up to the first blank line, list, table or
 * sample code. A first sentence that is only a label (`Required.`) brings the next one.
 */
export function firstSentence(text: string): string {
  const paragraph = firstParagraph(text);
  let start = 0;
  for (const end of sentenceEnds(paragraph)) {
    if (!LABEL.test(paragraph.slice(start, end).trim())) return paragraph.slice(0, end);
    start = end;
  }
  return paragraph;
}

/**
 * Shortens a text to a number of characters, with an ellipsis where it is cut: after a sentence if
 * one ends in the second half, else after a word.
 */
export function shorten(text: string, max: number): string {
  if (text.length <= max) return text;
  const ellipsis = " …";
  const sentence = sentenceEnds(text)
    .filter((end) => end + ellipsis.length <= max)
    .at(-1);
  if (sentence !== undefined && sentence >= max / 2) return closeCode(text.slice(0, sentence)) + ellipsis;
  const room = text.slice(0, max);
  const words = room.replace(/\s+\S*$/, "").length;
  // A text without spaces, such as a URL or Chinese, is cut between characters.
  const cut = words > 0 && words < max && words >= max / 2 ? room.slice(0, words) : room.slice(0, max - 1);
  return `${closeCode(cut.replace(/[\uD800-\uDBFF]$/, "")).replace(/[\s,;:([–—-]+$/, "")}…`;
}

/** Drops sample code that is cut off, since what follows it would be read as code. */
function closeCode(text: string): string {
  const fence = text.lastIndexOf("```");
  if (text.split("```").length % 2 === 0) return text.slice(0, fence).trimEnd() || text;
  const tick = text.lastIndexOf("`");
  return text.split("`").length % 2 === 0 ? text.slice(0, tick).trimEnd() || text : text;
}

function firstParagraph(text: string): string {
  const lines: string[] = [];
  let heading = "";
  let fence: string | undefined;
  for (const line of text.split("\n")) {
    const mark = /^\s*(```|~~~)/.exec(line)?.[1];
    if (mark !== undefined || fence !== undefined) {
      if (lines.length > 0) break;
      fence = fence === undefined ? mark : mark === fence ? undefined : fence;
      continue;
    }
    const content = line.replace(/^\s*(?:#+\s|>(?:\s*\[!\w+\])?)?\s*/, "").trimEnd();
    const isBlock = /^(?:[-*+]\s|\d+[.)]\s|\||[=-]{3,}$)/.test(content);
    const isHeading = /^\s*#+\s/.test(line);
    if (lines.length > 0 && (content === "" || isBlock || isHeading)) break;
    if (isHeading) heading ||= content;
    else if (content !== "") lines.push(content.replace(/^(?:[-*+]|\d+[.)])\s+/, ""));
  }
  return (lines.join(" ") || heading).replaceAll(/\s+/g, " ").trim();
}

/** Finds the ends of a text's sentences, outside code and parentheses. */
function sentenceEnds(text: string): number[] {
  const enclosed = [...findCode(text), ...findParentheses(text)];
  return [...text.matchAll(END)].flatMap(({ 0: mark, index }) => {
    const end = index + mark.length;
    const isEnclosed = enclosed.some((range) => range.start < end && end < range.end);
    return isEnclosed || (mark === "." && isAbbreviation(text.slice(0, index), text.slice(end))) || continues(text, end)
      ? []
      : [end];
  });
}

function continues(text: string, end: number): boolean {
  return /^\s+\p{Ll}/u.test(text.slice(end, end + 100));
}

function isAbbreviation(before: string, after: string): boolean {
  const word = /[\p{L}\p{N}.]*$/u.exec(before.slice(-40))?.[0] ?? "";
  if (ABBREVIATIONS.has(word) || /^\p{Lu}$/u.test(word) || /^(?:\p{Lu}\.)+\p{Lu}$/u.test(word)) return word !== "I";
  return BEFORE_NUMBERS.has(word) && /^\s+[#\d]/.test(after);
}

interface TextRange {
  readonly start: number;
  readonly end: number;
}

function findCode(text: string): TextRange[] {
  return [...text.matchAll(/(`+)[^`](?:[\s\S]*?[^`])?\1(?!`)/g)].map(({ 0: code, index }) => ({
    start: index,
    end: index + code.length,
  }));
}

/** Finds pairs of parentheses. One without its counterpart, as in `a)`, does not count. */
function findParentheses(text: string): TextRange[] {
  const open: number[] = [];
  const pairs: TextRange[] = [];
  for (const { 0: mark, index } of text.matchAll(/[()]/g)) {
    if (mark === "(") open.push(index);
    else {
      const start = open.pop();
      if (start !== undefined) pairs.push({ start, end: index + 1 });
    }
  }
  return pairs;
}
