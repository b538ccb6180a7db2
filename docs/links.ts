import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";

/** A link inside the repository. */
export interface Link {
  /** The target as the document writes it. */
  readonly text: string;
  /** The target's absolute path. */
  readonly file: string;
  readonly anchor: string | undefined;
}

/** Reads a Markdown file's links to files and headings of the repository. */
export function readLinks(document: string): Link[] {
  // Regular expressions in code look like links.
  const text = readProse(document).replaceAll(/`[^`\n]*`/g, "");
  return [...text.matchAll(/\]\((?!https?:|mailto:)([^)\s]*)\)/g)].map(([, target = ""]) => {
    const [path = "", anchor] = target.split("#", 2);
    return { text: target, file: path === "" ? document : resolve(dirname(document), path), anchor };
  });
}

/** Reads the anchors that GitHub generates for a Markdown file's headings. */
export function readAnchors(document: string): ReadonlySet<string> {
  const anchors = new Set<string>();
  for (const [, title = ""] of readProse(document).matchAll(/^#{1,6} (.+)$/gm)) {
    const slug = title
      .toLowerCase()
      .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, "$1")
      .replaceAll(/[^\p{L}\p{N}_ -]/gu, "")
      .replaceAll(" ", "-");
    // GitHub numbers repeated headings.
    let unique = slug;
    for (let count = 1; anchors.has(unique); count++) unique = `${slug}-${count}`;
    anchors.add(unique);
  }
  return anchors;
}

/** The file without its fenced code blocks, where `#` starts a comment. */
function readProse(document: string): string {
  return readFileSync(document, "utf8").replaceAll(/^```[^]*?^```$/gm, "");
}
