import ts from "typescript";

/** Renders a comment as text: Markdown and line breaks unchanged, links as their labels. */
export function renderComment(comment: string | ts.NodeArray<ts.JSDocComment> | undefined): string {
  if (comment === undefined) return "";
  const text = typeof comment === "string" ? comment : comment.map((part) => renderPart(part)).join("");
  return text.replaceAll("\r", "").trim();
}

function renderPart(part: ts.JSDocComment): string {
  if (part.kind === ts.SyntaxKind.JSDocText) return part.text;
  // TypeScript does not know the escape `\{@link …\}`.
  if (part.getSourceFile().text[part.getStart() - 1] === "\\") return part.getText();
  const name = part.name ? linkName(part.name) : "";
  // TypeScript parses the scheme of a URL as the link's name: `https` and `://…` belong together.
  const target = part.text.startsWith("://") ? `${name}${part.text.split(/[\s|]/, 1)[0] ?? ""}` : name;
  const label = `${name}${part.text}`
    .slice(target.length)
    .replace(/^\s*\|?\s*/, "")
    .trim();
  const shown = label ? (target.includes("://") ? `${label} (${target})` : label) : target;
  return part.kind === ts.SyntaxKind.JSDocLinkCode ? `\`${shown}\`` : shown;
}

function linkName(name: ts.EntityName | ts.JSDocMemberName): string {
  if (ts.isIdentifier(name)) return name.text;
  const separator = name.kind === ts.SyntaxKind.JSDocMemberName ? "#" : ".";
  return `${linkName(name.left)}${separator}${name.right.text}`;
}

/** Blocks and spans of code, where only what would end the comment is escaped. */
const CODE = /(```[\s\S]*?(?:```|$)|~~~[\s\S]*?(?:~~~|$)|(`+)[^`](?:[\s\S]*?[^`])?\2(?!`))/;

/** Removes the escapes that comments need: `*\/`, and outside code TSDoc's `\@`, `\{` and `\<`. */
export function unescapeComment(text: string): string {
  if (!text.includes("\\")) return text;
  return text
    .split(CODE)
    .filter((_, index) => index % 3 !== 2)
    .map((part, index) => (index % 2 === 1 ? part : part.replaceAll(/\\([@{}<>])/g, "$1")))
    .join("")
    .replaceAll(String.raw`*\/`, "*/");
}
