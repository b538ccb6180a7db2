import ts from "typescript";

const COMMENT = /\/\*\*(?!\/)[\s\S]*?\*\/|\/\*[\s\S]*?\*\/|\/\/[^\n]*/g;

/** A part of a source text between two nodes, which holds only comments and operators. */
interface Gap {
  readonly start: number;
  readonly end: number;
}

/**
 * Parses the JSDoc comment before a type, such as a member of a union: `| /** text *\/ "a"`.
 * TypeScript attaches it to nothing. Returns a statement that has the comment, in its place.
 */
export function parseTypeComment(node: ts.TypeNode): ts.Node | undefined {
  const gap = gapBefore(node);
  const found = gap && (findTrailing(node) ?? findLast(node, gap));
  if (!found) return undefined;
  const { text, fileName } = node.getSourceFile();
  // With the text before it as blanks, the comment has its own positions.
  const source = `${text.slice(0, found.start).replaceAll(/[^\n]/g, " ")}${text.slice(found.start, found.end)};`;
  const [statement] = ts.createSourceFile(fileName, source, ts.ScriptTarget.Latest, true).statements;
  return statement && Object.assign(ts.setTextRange(statement, { pos: found.start, end: found.end }), { parent: node });
}

/**
 * Returns the gap before a type; undefined if its comments belong to a type around or inside it.
 */
function gapBefore(node: ts.TypeNode): Gap | undefined {
  // The comments of a labeled element are attached to it.
  if (ts.isUnionTypeNode(node) || ts.isNamedTupleMember(node)) return undefined;
  const { parent } = node;
  const end = node.getStart();
  if (ts.isUnionTypeNode(parent))
    return { start: parent.types[parent.types.indexOf(node) - 1]?.end ?? parent.pos, end };
  const isInner = ts.isTypeNode(parent) && parent.pos === node.pos && !ts.isOptionalTypeNode(parent);
  return isInner ? undefined : { start: node.pos, end };
}

function findLast(node: ts.TypeNode, gap: Gap): Gap | undefined {
  const { parent } = node;
  const isLater = ts.isUnionTypeNode(parent) && parent.types[0] !== node;
  return commentsIn(node, gap)
    .filter((comment) => !isLater || !comment.isTrailing)
    .at(-1);
}

/** Finds the comment after a member of a union, on its line: `"a" /** text *\/ |`. */
function findTrailing(node: ts.TypeNode): Gap | undefined {
  const { parent } = node;
  const next = ts.isUnionTypeNode(parent) ? parent.types[parent.types.indexOf(node) + 1] : undefined;
  return next && commentsIn(node, { start: node.end, end: next.getStart() }).find(({ isTrailing }) => isTrailing);
}

function commentsIn(node: ts.Node, { start, end }: Gap): (Gap & { readonly isTrailing: boolean })[] {
  const text = node.getSourceFile().text.slice(start, end);
  if (!text.includes("/**")) return [];
  return [...text.matchAll(COMMENT)]
    .filter(([comment]) => comment.startsWith("/**") && comment.length > "/***/".length)
    .map(({ 0: comment, index }) => ({
      start: start + index,
      end: start + index + comment.length,
      isTrailing: !/[\n|]/.test(text.slice(0, index).replaceAll(COMMENT, "")),
    }));
}
