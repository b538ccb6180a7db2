import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** The repository's root folder, with a trailing slash. */
export const root: string = fileURLToPath(new URL("../", import.meta.url));

/** A fenced code block of a document. */
export interface Snippet {
  /** The document's path relative to the root folder. */
  readonly document: string;
  /** The line of the opening fence, from 1. */
  readonly line: number;
  readonly language: string;
  readonly code: string;
  /** The path in a `<!-- file: path -->` comment before the fence: the block equals that file. */
  readonly file: string | undefined;
}

/** Reads the fenced code blocks of a Markdown file. */
export function readSnippets(document: string): Snippet[] {
  return findSnippets(document, readFileSync(root + document, "utf8").split("\n"));
}

/** Reads the fenced code blocks in the JSDoc comments of a source file. */
export function readExamples(source: string): Snippet[] {
  const lines = readFileSync(root + source, "utf8").split("\n");
  // Only comments contain fences. Inside an example, the end of a comment is written `*\/`.
  return findSnippets(
    source,
    lines.map((line) => (/^\s*\*(?: |$)/.test(line) ? line.replace(/^\s*\* ?/, "").replaceAll("*\\/", "*/") : "")),
  );
}

function findSnippets(document: string, lines: readonly string[]): Snippet[] {
  const snippets: Snippet[] = [];
  let file: string | undefined;
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i] ?? "";
    const marked = /^<!-- file: (\S+) -->$/.exec(line);
    if (marked) file = marked[1];
    const fence = /^```(\w+)$/.exec(line);
    if (!fence?.[1]) {
      if (line.trim() !== "" && !marked) file = undefined;
      continue;
    }
    const end = lines.indexOf("```", i + 1);
    if (end < 0) throw new Error(`${document}:${i + 1}: the fence is not closed.`);
    snippets.push({ document, line: i + 1, language: fence[1], code: `${lines.slice(i + 1, end).join("\n")}\n`, file });
    file = undefined;
    i = end;
  }
  return snippets;
}
