import ts from "typescript";
import { cutOffText, isMistaken, realTags } from "./mistaken-tags.ts";

/** The JSDoc of a declaration, as plain text and Markdown. */
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

/** Reads the JSDoc of a declaration: the last comment before it, as TypeScript does. */
export function readDocs(node: ts.Node): Docs {
  const comment = ownComment(node);
  if (!comment) return readParameterProperty(node);
  const tags = realTags(comment);
  const textOf = (name: string): string => renderTag(tags.find((tag) => tag.tagName.text === name));
  const description = renderPartOf(comment, comment) || textOf("description") || textOf("summary");
  const deprecated = tags.find((tag) => tag.tagName.text === "deprecated");
  const title = textOf("title");
  const returns = withoutDash(renderTag(tags.find((tag) => ts.isJSDocReturnTag(tag))));
  return {
    ...(description && { description }),
    ...(title && { title }),
    ...(deprecated && { deprecated: renderTag(deprecated) || true }),
    ...(returns && { returns }),
    examples: tags
      .filter((tag) => tag.tagName.text === "example")
      .map((tag) => renderTag(tag))
      .filter(Boolean),
    params: tags.flatMap((tag) => (ts.isJSDocParameterTag(tag) ? [readParam(tag)] : [])),
  };
}

/** Returns the tags of a declaration, without mistaken ones. */
export function readTags(node: ts.Node): readonly ts.JSDocTag[] {
  return ts.getJSDocTags(node).filter((tag) => !isMistaken(tag));
}

/** Reads the description of a parameter property (`constructor(readonly x: string)`). */
function readParameterProperty(node: ts.Node): Docs {
  if (!ts.isParameter(node) || !ts.isParameterPropertyDeclaration(node, node.parent)) return NOTHING;
  const [tag] = ts.getJSDocParameterTags(node);
  const description = tag && readParam(tag).text;
  return description ? { ...NOTHING, description } : NOTHING;
}

/**
 * Reads a method's JSDoc. A method without any has that of the method it overrides or implements,
 * as in editors.
 */
export function readMethodDocs(node: ts.MethodDeclaration, checker: ts.TypeChecker): Docs {
  return readDocs(findDocumented(node, checker));
}

/**
 * Finds the declaration whose comment documents a member: the member itself, or the nearest that it
 * overrides or implements.
 */
export function findDocumented(member: ts.Declaration, checker: ts.TypeChecker): ts.Declaration {
  const seen = new Set<ts.Declaration>([member]);
  for (const declaration of seen) {
    if (ts.getJSDocCommentsAndTags(declaration).length > 0) return declaration;
    for (const base of overridden(declaration, checker)) seen.add(base);
  }
  return member;
}

/** Joins the description and the examples, which help models as much as people. */
export function fullDescription(docs: Docs): string | undefined {
  const examples = docs.examples.map((example) => `Example:\n${example}`);
  const parts = [docs.description, ...examples].filter((part) => part !== undefined);
  return parts.length > 0 ? parts.join("\n\n") : undefined;
}

/** A JSDoc comment that seems to document a node, but is not attached to any. */
export interface DetachedComment {
  readonly start: number;
  readonly reason: "brace" | "decorator" | "member";
  /** The node that the comment seems to document. Absent after the last member. */
  readonly before?: ts.Node;
}

/**
 * Finds JSDoc comments that TypeScript silently ignores: on the line of the opening `{`, on the
 * line of the previous member, or between a decorator and the name it decorates.
 */
export function findDetachedComments(
  container: ts.TypeLiteralNode | ts.InterfaceDeclaration | ts.ClassLikeDeclaration | ts.MethodDeclaration,
): DetachedComment[] {
  const sourceFile = container.getSourceFile();
  const text = sourceFile.text;
  if (ts.isMethodDeclaration(container)) {
    return (ts.getDecorators(container) ?? []).flatMap((decorator) =>
      jsDocAt(text, decorator.end, { reason: "decorator" }),
    );
  }
  const members: readonly ts.Node[] = container.members;
  const first = members[0];
  if (!first) return [];
  // Only a comment on the brace's line is a trailing comment; one on the next line belongs to the
  // member.
  const attached = ts.getJSDocCommentsAndTags(first).map((doc) => doc.pos);
  return [
    ...jsDocAt(text, container.members.pos, { reason: "brace", before: first }).filter(
      (comment) => !attached.includes(comment.start),
    ),
    ...members.flatMap((member, index) => {
      const before = members[index + 1];
      return jsDocAt(text, member.end, { reason: "member", ...(before && { before }) });
    }),
  ];
}

function jsDocAt(
  text: string,
  position: number,
  { reason, before }: Omit<DetachedComment, "start">,
): DetachedComment[] {
  const ranges = [
    ...(ts.getTrailingCommentRanges(text, position) ?? []),
    ...(reason === "decorator" ? (ts.getLeadingCommentRanges(text, position) ?? []) : []),
  ];
  const starts = ranges.filter((range) => text.startsWith("/**", range.pos)).map((range) => range.pos);
  return [...new Set(starts)].map((start) => ({ start, reason, ...(before && { before }) }));
}

function ownComment(node: ts.Node): ts.JSDoc | undefined {
  return ts
    .getJSDocCommentsAndTags(node)
    .filter((doc) => ts.isJSDoc(doc))
    .at(-1);
}

function overridden(node: ts.Declaration, checker: ts.TypeChecker): ts.Declaration[] {
  const owner = ts.isParameter(node) ? node.parent.parent : node.parent;
  if (!ts.isClassLike(owner) && !ts.isInterfaceDeclaration(owner)) return [];
  const named = ts.getNameOfDeclaration(node);
  const name = named && ts.isPropertyName(named) && !ts.isComputedPropertyName(named) ? named.text : undefined;
  if (name === undefined) return [];
  return (owner.heritageClauses ?? []).flatMap((clause) =>
    clause.types.flatMap((type) => checker.getTypeAtLocation(type).getProperty(name)?.declarations ?? []),
  );
}

function readParam(tag: ts.JSDocParameterTag): ParamDoc {
  return { name: entityName(tag.name), text: withoutDash(renderTag(tag)), node: tag };
}

function entityName(name: ts.EntityName): string {
  return ts.isIdentifier(name) ? name.text : `${entityName(name.left)}.${name.right.text}`;
}

function renderTag(tag: ts.JSDocTag | undefined): string {
  return tag && ts.isJSDoc(tag.parent) ? renderPartOf(tag.parent, tag) : renderComment(tag?.comment);
}

/** Renders a comment or one of its tags, including sample code with at signs. */
function renderPartOf(comment: ts.JSDoc, part: ts.JSDoc | ts.JSDocTag): string {
  return renderComment(part.comment) + cutOffText(comment, part).replaceAll("\r", "");
}

function withoutDash(text: string): string {
  return text.replace(/^[-–—]\s+/, "");
}

/** Renders a comment as text: Markdown and line breaks unchanged, links as their labels. */
export function renderComment(comment: string | ts.NodeArray<ts.JSDocComment> | undefined): string {
  if (comment === undefined) return "";
  const text = typeof comment === "string" ? comment : comment.map((part) => renderPart(part)).join("");
  return text.replaceAll("\r", "").trim();
}

function renderPart(part: ts.JSDocComment): string {
  if (part.kind === ts.SyntaxKind.JSDocText) return part.text;
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
