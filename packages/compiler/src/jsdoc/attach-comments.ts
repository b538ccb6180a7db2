import ts from "typescript";
import { hasLateComments } from "../project/compiler-host.ts";

/** A node with its JSDoc comments, as the parser attaches them. */
interface Commented {
  jsDoc?: readonly ts.JSDoc[];
}

/** Internals of TypeScript: the parser's steps for the comments of a node. */
interface CommentParser {
  canHaveJSDoc(node: ts.Node): boolean;
  getJSDocCommentRanges(node: ts.Node, text: string): readonly ts.CommentRange[] | undefined;
  parseIsolatedJSDocComment(text: string, start: number, length: number): { readonly jsDoc: ts.JSDoc } | undefined;
  setParentRecursive(node: ts.Node, incremental: boolean): void;
}

const parser = ts as unknown as CommentParser;

/**
 * Attaches the JSDoc of a node, and of the nodes around it, in files that are parsed without it.
 * Every reader of JSDoc calls this first.
 */
export function attachComments(node: ts.Node): void {
  if ((node as Commented).jsDoc) return;
  const file = node.getSourceFile() as ts.SourceFile | undefined;
  if (!file || !hasLateComments(file)) return;
  for (let current = node; current && current !== file; current = current.parent) {
    if (!parser.canHaveJSDoc(current)) continue;
    const commented = current as Commented;
    if (commented.jsDoc) return;
    commented.jsDoc = parseComments(current, file.text);
  }
}

function parseComments(node: ts.Node, text: string): readonly ts.JSDoc[] {
  return (parser.getJSDocCommentRanges(node, text) ?? []).flatMap(({ pos, end }) => {
    const { jsDoc } = parser.parseIsolatedJSDocComment(text, pos, end - pos) ?? {};
    if (!jsDoc) return [];
    parser.setParentRecursive(jsDoc, false);
    return [Object.assign(jsDoc, { parent: node })];
  });
}
