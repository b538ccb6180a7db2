import ts from "typescript";
import { attachComments } from "./attach-comments.ts";

/** A declaration whose parts have comments. */
export type DocumentedContainer =
  | ts.TypeLiteralNode
  | ts.InterfaceDeclaration
  | ts.EnumDeclaration
  | ts.ClassLikeDeclaration
  | ts.MethodDeclaration;

/** A JSDoc comment that seems to document a node, but is not attached to any. */
export interface DetachedComment {
  readonly start: number;
  readonly reason: "brace" | "comment" | "decorator" | "member" | "parameter";
  /** The node that the comment seems to document. Absent after the last member. */
  readonly before?: ts.Node;
}

/**
 * Finds JSDoc comments that TypeScript silently ignores: on the line of the opening `{`, on the
 * line of the previous member, or between a decorator and the name it decorates.
 */
export function findDetachedComments(container: DocumentedContainer): DetachedComment[] {
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
  attachComments(first);
  const attached = ts.getJSDocCommentsAndTags(first).map((doc) => doc.pos);
  return [
    ...jsDocAt(text, container.members.pos, { reason: "brace", before: first }).filter(
      (comment) => !attached.includes(comment.start),
    ),
    ...members.flatMap((member, index) => {
      const before = members[index + 1];
      return endsOf(member).flatMap((end) => jsDocAt(text, end, { reason: "member", ...(before && { before }) }));
    }),
  ];
}

/** Returns the positions after a member at which comments are attached to nothing. */
function endsOf(member: ts.Node): number[] {
  const { end } = member;
  if (ts.isEnumMember(member)) return [end, afterComma(member)];
  const type = ts.isPropertySignature(member) ? member.type : undefined;
  return type && type.end < end ? [type.end, end] : [end];
}

function afterComma(node: ts.Node): number {
  const comma = /^(?:\s|\/\*[\s\S]*?\*\/)*,/.exec(node.getSourceFile().text.slice(node.end));
  return node.end + (comma?.[0].length ?? 0);
}

/** Finds comments after a declaration, on its line. */
export function findCommentsAfter(declaration: ts.Node): DetachedComment[] {
  return jsDocAt(declaration.getSourceFile().text, declaration.end, { reason: "member" });
}

/**
 * Finds comments after a parameter and its comma, on its line. TypeScript attaches them to the next
 * parameter, or to nothing.
 */
export function findCommentsAfterParameters(parameters: ts.NodeArray<ts.ParameterDeclaration>): DetachedComment[] {
  return parameters.flatMap((parameter, index) => {
    const { text } = parameter.getSourceFile();
    const end = afterComma(parameter);
    if (end === parameter.end) return [];
    const before = parameters[index + 1];
    return jsDocAt(text, end, { reason: "parameter", ...(before && { before }) }).filter(({ start }) =>
      /\n/.test(text.slice(start, before?.getStart()).replace(/^\/\*[\s\S]*?\*\//, "")),
    );
  });
}

/**
 * Finds comments before another one, which TypeScript attaches instead: of a method and of members.
 */
export function findShadowedComments(container: DocumentedContainer): DetachedComment[] {
  const documented: readonly ts.Node[] = ts.isMethodDeclaration(container) ? [container] : container.members;
  return documented.flatMap((node) => {
    attachComments(node);
    const { jsDoc = [] } = node as { readonly jsDoc?: readonly ts.Node[] };
    return jsDoc.slice(0, -1).map((doc) => ({ start: doc.getStart(), reason: "comment" as const, before: node }));
  });
}

/**
 * Finds the types with members that are written out inside a node, and the node itself if it is
 * one.
 */
export function containersIn(node: ts.Node): DocumentedContainer[] {
  const found: DocumentedContainer[] = [];
  const visit = (part: ts.Node): void => {
    if (
      ts.isTypeLiteralNode(part) ||
      ts.isInterfaceDeclaration(part) ||
      ts.isEnumDeclaration(part) ||
      ts.isClassLike(part)
    )
      found.push(part);
    // The bodies of methods declare other types.
    if (!ts.isBlock(part)) ts.forEachChild(part, visit);
  };
  visit(node);
  return found;
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
