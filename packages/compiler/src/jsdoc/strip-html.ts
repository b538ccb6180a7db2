import { decodeHTMLStrict } from "entities/decode";

/** Elements that begin a line of their own, with the text that introduces them. */
const BLOCKS: ReadonlyMap<string, string> = new Map([
  ..."address blockquote caution dd div dl dt fieldset figure footer h1 h2 h3 h4 h5 h6 header hr important note ol p para pre section table tip ul warning"
    .split(" ")
    .map((name): [string, string] => [name, "\n\n"]),
  ["br", "\n"],
  ["tr", "\n"],
  ["li", "\n- "],
]);
/** Elements whose content is code. */
const CODE: ReadonlySet<string> = new Set(["code", "kbd", "samp", "tt"]);
/** Elements without an effect on plain text. Other names, as in `Array<string>`, stay. */
const INLINE: ReadonlySet<string> = new Set(
  "a abbr acronym b big cite del dfn em font fullname i img ins mark q replaceable s small span strike strong sub sup tbody td tfoot th thead title u var wbr".split(
    " ",
  ),
);

const MARKDOWN_CODE = /(?<ticks>`+)[^`](?:[\s\S]*?[^`])?\k<ticks>(?!`)/g;

/** Sample code and code spans of Markdown, comments and tags of HTML. */
const PARTS =
  /(?<markdown>(?<ticks>`+)[^`](?:[\s\S]*?[^`])?\k<ticks>(?!`))|<!--[\s\S]*?-->|<(?<close>\/?)(?<name>[a-z][a-z0-9]*)(?:\s(?:[^<>"']|"[^"<>]*"|'[^'<>]*')*)?\/?>/gi;

/**
 * Converts the HTML in a description to Markdown: removes tags, decodes entities, and keeps
 * paragraphs, list items and code. Text in angle brackets that is not an HTML element stays.
 */
export function stripHtml(text: string): string {
  if (!/[<&]/.test(text)) return text;
  let result = "";
  let end = 0;
  let hasTags = false;
  for (const match of text.matchAll(PARTS)) {
    const { markdown, close = "", name = "" } = match.groups ?? {};
    const written = markdown ?? convertTag(name.toLowerCase(), close !== "");
    if (written === undefined) continue;
    hasTags ||= markdown === undefined;
    result += decodeHTMLStrict(text.slice(end, match.index)) + written;
    end = match.index + match[0].length;
  }
  result += decodeHTMLStrict(text.slice(end));
  return hasTags ? tidy(result) : result;
}

/** Decodes entities such as `&lt;` outside code. */
export function decodeEntities(text: string): string {
  if (!text.includes("&")) return text;
  let result = "";
  let end = 0;
  for (const { 0: code, index } of text.matchAll(MARKDOWN_CODE)) {
    result += decodeHTMLStrict(text.slice(end, index)) + code;
    end = index + code.length;
  }
  return result + decodeHTMLStrict(text.slice(end));
}

/** Converts a tag, or for an empty name a comment; undefined for what is not HTML. */
function convertTag(name: string, isClosing: boolean): string | undefined {
  if (name === "" || INLINE.has(name)) return "";
  if (CODE.has(name)) return "`";
  const block = BLOCKS.get(name);
  return isClosing && block !== undefined ? "\n" : block;
}

/** Removes the blank lines and spaces that tags leave behind. */
function tidy(text: string): string {
  return text
    .replaceAll(/[ \t\u00A0]+$/gm, "")
    .replaceAll(/^- *\n\s*/gm, "- ")
    .replaceAll(/\n{2,}(?=- )/g, "\n")
    .replaceAll(/\n{3,}/g, "\n\n")
    .replaceAll("``", "")
    .trim();
}
