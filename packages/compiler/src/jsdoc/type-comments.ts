import ts from "typescript";

const COMMENT = /\/\*\*(?!\/)[\s\S]*?\*\/|\/\*[\s\S]*?\*\/|\/\/[^\n]*/g;

/** The comments after a node up to the next token, apart from a comma. */
const AFTER = new RegExp(`^(?:\\s|,|${COMMENT.source})*`);

/** A part of a source text between two nodes, which holds only comments and operators. */
interface Gap {
  readonly start: number;
  readonly end: number;
}

/**
 * Parses the JSDoc comment before a type, such as a member of a union (`| /** text *\/ "a"`), or
 * after it on its line. TypeScript attaches it to nothing. Returns a statement that has the
 * comment, in its place.
 */
export function parseTypeComment(node: ts.TypeNode): ts.Node | undefined {
  const gap = gapBefore(node);
  const found = (gap && findLast(node, gap)) ?? findTrailing(node);
  return found && parseComment(node, found);
}

/**
 * Parses the JSDoc comment before an element of a list (`[/** text *\/ "a"]`), or after it on its
 * line.
 */
export function parseElementComment(element: ts.Expression): ts.Node | undefined {
  const gap = { start: element.pos, end: element.getStart() };
  const found = lastOf(commentsIn(element, gap), element) ?? findAfter(element);
  return found && parseComment(element, found);
}

function parseComment(node: ts.Node, found: Gap): ts.Node | undefined {
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
  if (ts.isUnionTypeNode(parent) && parent.types[0] !== node)
    return commentsIn(node, gap)
      .filter(({ isTrailing }) => !isTrailing)
      .at(-1);
  return lastOf(commentsIn(node, gap), node);
}

/** Returns the comment before an element, unless it ends the line of the element before. */
function lastOf(comments: readonly Comment[], element: ts.Node): Gap | undefined {
  if (comments.length === 0) return undefined;
  const isFirst = element.getSourceFile().text[element.pos - 1] !== ",";
  return comments.filter(({ isTrailing, endsLine }) => isFirst || !isTrailing || !endsLine).at(-1);
}

/** Finds the comment after a type, on its line: `"a" /** text *\/ |`. */
function findTrailing(node: ts.TypeNode): Gap | undefined {
  const { parent } = node;
  // Comments after a property are reported.
  if (ts.isUnionTypeNode(node) || ts.isPropertySignature(parent) || ts.isPropertyDeclaration(parent)) return undefined;
  const isInner =
    ts.isTypeNode(parent) && parent.end === node.end && !ts.isUnionTypeNode(parent) && !ts.isNamedTupleMember(parent);
  return isInner ? undefined : findAfter(node);
}

function findAfter(node: ts.Node): Gap | undefined {
  const { text } = node.getSourceFile();
  const [gap = ""] = AFTER.exec(text.slice(node.end)) ?? [];
  const isListed = !ts.isParameter(node.parent);
  return commentsIn(node, { start: node.end, end: node.end + gap.length }).find(
    ({ isTrailing, endsLine, isSeparate }) => isTrailing && (!isSeparate || (isListed && endsLine)),
  );
}

/** A comment in a gap. */
interface Comment extends Gap {
  /** True on the line where the gap starts, before a bar. */
  readonly isTrailing: boolean;
  /** True if it follows a comma. */
  readonly isSeparate: boolean;
  /** True if nothing else follows on its line. */
  readonly endsLine: boolean;
}

function commentsIn(node: ts.Node, { start, end }: Gap): Comment[] {
  const { text: source } = node.getSourceFile();
  const text = source.slice(start, end);
  if (!text.includes("/**")) return [];
  return [...text.matchAll(COMMENT)]
    .filter(([comment]) => comment.startsWith("/**") && comment.length > "/***/".length)
    .map(({ 0: comment, index }) => {
      const before = text.slice(0, index).replaceAll(COMMENT, "");
      const after = source.slice(start + index + comment.length, start + index + comment.length + 1000);
      return {
        start: start + index,
        end: start + index + comment.length,
        isTrailing: !/[\n|]/.test(before),
        isSeparate: before.includes(","),
        endsLine: /^[^\S\n]*(?:\/\/|\n|$)/.test(after),
      };
    });
}
