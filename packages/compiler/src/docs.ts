import ts from "typescript";

/** What JSDoc says about a declaration, as plain text and Markdown. */
export interface Docs {
  readonly description?: string;
  readonly title?: string;
  readonly deprecated?: true | string;
  readonly returns?: string;
  readonly examples: readonly string[];
  /** `@param` texts by name; dotted names (`options.limit`) as they are written. */
  readonly params: readonly ParamDoc[];
}

/** One `@param` tag. */
export interface ParamDoc {
  readonly name: string;
  readonly text: string;
  readonly node: ts.Node;
}

const NOTHING: Docs = { examples: [], params: [] };

/** Reads the JSDoc comment of a declaration: the last one before it, which is the one TypeScript shows. */
export function readDocs(node: ts.Node): Docs {
  const comment = ownComment(node);
  if (!comment) return NOTHING;
  const tags = comment.tags ?? [];
  const description = renderComment(comment.comment) || tagText(tags, "description") || tagText(tags, "summary");
  const deprecated = tags.find((tag) => tag.tagName.text === "deprecated");
  const returns = tags.find((tag) => ts.isJSDocReturnTag(tag));
  const title = tagText(tags, "title");
  const returnsText = returns && withoutDash(renderComment(returns.comment));
  return {
    ...(description && { description }),
    ...(title && { title }),
    ...(deprecated && { deprecated: renderComment(deprecated.comment) || true }),
    ...(returnsText && { returns: returnsText }),
    examples: tags
      .filter((tag) => tag.tagName.text === "example")
      .map((tag) => renderComment(tag.comment))
      .filter(Boolean),
    params: tags.flatMap((tag) => (ts.isJSDocParameterTag(tag) ? [readParam(tag)] : [])),
  };
}

/**
 * Reads a method's JSDoc; a method without any takes over that of the method it overrides or implements,
 * as editors do.
 */
export function readMethodDocs(node: ts.MethodDeclaration, checker: ts.TypeChecker): Docs {
  for (const declaration of [node, ...overridden(node, checker)]) {
    if (ownComment(declaration)) return readDocs(declaration);
  }
  return NOTHING;
}

/** The description of a tool in full: its text, then its examples, which help models as much as people. */
export function fullDescription(docs: Docs): string | undefined {
  const examples = docs.examples.map((example) => `Example:\n${example}`);
  const parts = [docs.description, ...examples].filter((part) => part !== undefined);
  return parts.length > 0 ? parts.join("\n\n") : undefined;
}

/** A JSDoc comment that looks as if it documented a node inside `container` but is attached to none. */
export interface DetachedComment {
  readonly start: number;
  readonly reason: "brace" | "decorator";
}

/**
 * Finds the two kinds of JSDoc that TypeScript silently ignores: one on the line of the opening `{`, and one between
 * a decorator and the name it decorates.
 */
export function findDetachedComments(
  container: ts.TypeLiteralNode | ts.InterfaceDeclaration | ts.ClassLikeDeclaration | ts.MethodDeclaration,
): DetachedComment[] {
  const sourceFile = container.getSourceFile();
  const text = sourceFile.text;
  if (ts.isMethodDeclaration(container)) {
    return (ts.getDecorators(container) ?? []).flatMap((decorator) => jsDocAt(text, decorator.end, "decorator"));
  }
  const first = container.members[0];
  if (!first) return [];
  // Only what begins on the brace's line is a trailing comment of the brace; the next line's belongs to the member.
  const attached = ts.getJSDocCommentsAndTags(first).map((doc) => doc.pos);
  return jsDocAt(text, container.members.pos, "brace").filter((comment) => !attached.includes(comment.start));
}

function jsDocAt(text: string, position: number, reason: DetachedComment["reason"]): DetachedComment[] {
  const ranges = [
    ...(ts.getTrailingCommentRanges(text, position) ?? []),
    ...(reason === "decorator" ? (ts.getLeadingCommentRanges(text, position) ?? []) : []),
  ];
  const starts = ranges.filter((range) => text.startsWith("/**", range.pos)).map((range) => range.pos);
  return [...new Set(starts)].map((start) => ({ start, reason }));
}

function ownComment(node: ts.Node): ts.JSDoc | undefined {
  return ts
    .getJSDocCommentsAndTags(node)
    .filter((doc) => ts.isJSDoc(doc))
    .at(-1);
}

function overridden(node: ts.MethodDeclaration, checker: ts.TypeChecker): ts.Declaration[] {
  const owner = node.parent;
  if (!ts.isClassLike(owner)) return [];
  const name = ts.isComputedPropertyName(node.name) ? undefined : node.name.text;
  if (name === undefined) return [];
  return (owner.heritageClauses ?? []).flatMap((clause) =>
    clause.types.flatMap((type) => checker.getTypeAtLocation(type).getProperty(name)?.declarations ?? []),
  );
}

function readParam(tag: ts.JSDocParameterTag): ParamDoc {
  return { name: entityName(tag.name), text: withoutDash(renderComment(tag.comment)), node: tag };
}

function entityName(name: ts.EntityName): string {
  return ts.isIdentifier(name) ? name.text : `${entityName(name.left)}.${name.right.text}`;
}

function tagText(tags: readonly ts.JSDocTag[], name: string): string {
  const tag = tags.find((candidate) => candidate.tagName.text === name);
  return tag ? renderComment(tag.comment) : "";
}

function withoutDash(text: string): string {
  return text.replace(/^[-–—]\s+/, "");
}

/** Writes a comment as text: Markdown and line breaks as they are, links as what they show. */
export function renderComment(comment: string | ts.NodeArray<ts.JSDocComment> | undefined): string {
  if (comment === undefined) return "";
  const text = typeof comment === "string" ? comment : comment.map((part) => renderPart(part)).join("");
  return text.replaceAll("\r", "").trim();
}

function renderPart(part: ts.JSDocComment): string {
  if (part.kind === ts.SyntaxKind.JSDocText) return part.text;
  const name = part.name ? linkName(part.name) : "";
  // TypeScript reads the scheme of a URL as the link's name: `https` and `://…` belong together.
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
