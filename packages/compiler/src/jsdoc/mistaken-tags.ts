import ts from "typescript";
import { isInlineTag } from "./tag-names.ts";

/** A part of a source text. */
interface TextRange {
  readonly start: number;
  readonly end: number;
}

/**
 * Checks whether TypeScript mistook text for a tag: a line of sample code that begins with an at
 * sign, or a mention within a sentence. The mistaken tag cuts off the text before it.
 */
export function isMistaken(tag: ts.JSDocTag): boolean {
  return ts.isJSDoc(tag.parent) && isMistakenIn(tag, findFences(tag.parent));
}

/** Checks for a line of sample code that begins with an at sign. */
export function isSampleCode(tag: ts.JSDocTag): boolean {
  return ts.isJSDoc(tag.parent) && isInside(tag, findFences(tag.parent));
}

function isMistakenIn(tag: ts.JSDocTag, fences: readonly TextRange[]): boolean {
  if (isInside(tag, fences)) return true;
  if (isInlineTag(tag.tagName.text)) return false;
  const { text } = tag.getSourceFile();
  return !/^\s*(?:\/\*\*|\*)?\s*$/.test(text.slice(text.lastIndexOf("\n", tag.pos - 1) + 1, tag.pos));
}

function isInside({ pos }: ts.Node, ranges: readonly TextRange[]): boolean {
  return ranges.some(({ start, end }) => pos > start && pos < end);
}

/** Returns the tags of a comment, without mistaken ones. */
export function realTags(comment: ts.JSDoc): readonly ts.JSDocTag[] {
  if (!comment.tags) return [];
  const fences = findFences(comment);
  return comment.tags.filter((tag) => !isMistakenIn(tag, fences));
}

/**
 * Returns the text that a mistaken tag cuts off.
 * @param part The comment, for its description, or one of its tags
 */
export function cutOffText(comment: ts.JSDoc, part: ts.JSDoc | ts.JSDocTag): string {
  const real = realTags(comment);
  const all = comment.tags ?? [];
  if (real.length === all.length) return "";
  const start = part === comment ? -1 : part.pos;
  const first = all.find((tag) => tag.pos > start);
  const next = real.find((tag) => tag.pos > start);
  if (!first || first === next) return "";
  const from = endOfContent(comment, first.pos);
  return writeOut(comment, { start: from, end: next ? next.pos : comment.end - "*/".length });
}

/** Returns the end of the text before a position, without blank lines and margin stars. */
function endOfContent(comment: ts.JSDoc, position: number): number {
  let text = comment.getSourceFile().text.slice(comment.pos, position).trimEnd();
  while (/\n[ \t]*\*$/.test(text)) text = text.slice(0, -1).trimEnd();
  return comment.pos + text.length;
}

/** Writes the text of a comment without its margin. Outside sample code, links become labels. */
function writeOut(comment: ts.JSDoc, { start, end }: TextRange): string {
  const { text } = comment.getSourceFile();
  const fences = findFences(comment);
  const margin = comment.pos - text.lastIndexOf("\n", comment.pos - 1) - 1 + "/**".length;
  let position = start;
  const lines = text
    .slice(start, end)
    .split("\n")
    .map((line, index) => {
      const at = position;
      position += line.length + 1;
      const content = index === 0 ? line : withoutMargin(line, margin);
      return fences.some((fence) => at > fence.start && at < fence.end) ? content : showLinks(content);
    });
  return lines.join("\n").trimEnd();
}

/**
 * Finds the blocks between lines of three backticks or tildes. An unclosed block does not count.
 */
function findFences(comment: ts.JSDoc): TextRange[] {
  const text = comment.getSourceFile().text.slice(comment.pos, comment.end);
  if (!text.includes("```") && !text.includes("~~~")) return [];
  const fences: TextRange[] = [];
  let open: { readonly mark: string; readonly start: number } | undefined;
  let position = comment.pos;
  for (const line of text.split("\n")) {
    const content = line.replace(/^\s*(?:\/\*\*|\*(?!\/))?\s*/, "").trimEnd();
    if (open && content.startsWith(open.mark) && /^(?:`+|~+)$/.test(content)) {
      fences.push({ start: open.start, end: position });
      open = undefined;
    } else if (!open) {
      // A block may begin on the line of its tag.
      const mark = /^(?:@[^`]*)?(`{3,}|~{3,})[^`]*$/.exec(content)?.[1];
      if (mark !== undefined) open = { mark, start: position + line.length - 1 };
    }
    position += line.length + 1;
  }
  return fences;
}

function withoutMargin(line: string, margin: number): string {
  const starred = /^[ \t]*\* ?(.*)$/.exec(line)?.[1];
  const spaces = /^[ \t]*/.exec(line)?.[0].length ?? 0;
  return (starred ?? line.slice(Math.min(spaces, margin))).trimEnd();
}

const LINK = /\{@link(?<kind>code|plain)?\s+(?<target>[^\s|}]+)[\s|]*(?<label>[^}]*)\}/g;

function showLinks(line: string): string {
  let shown = "";
  let end = 0;
  for (const match of line.matchAll(LINK)) {
    const { kind, target = "", label = "" } = match.groups ?? {};
    const text = label && target.includes("://") ? `${label} (${target})` : label || target;
    shown += line.slice(end, match.index) + (kind === "code" ? `\`${text}\`` : text);
    end = match.index + match[0].length;
  }
  return shown + line.slice(end);
}
