// Splits a file into the pieces that hold prose: comments, strings, or the whole text.
import ts from "typescript";

const CODE = /\.[cm]?[jt]s$/;
const HASH_COMMENTS = /(?:\.ya?ml|Dockerfile|\.dockerignore|\.npmrc|\.gitignore|\.sh|\.ci\/run)$/;
const COMMENT = /\/\*[^]*?\*\/|\/\/.*/g;

/**
 * Returns the pieces of a file as `{ kind, start, text }`; `kind` is "doc", "comment", "string" or
 * "text". Offsets are those of the file. Comments on consecutive lines are one piece,
 * because a phrase may cross a line break.
 */
export function findProse(name, source) {
  if (CODE.test(name)) return findInCode(name, source);
  if (HASH_COMMENTS.test(name)) return joinLines(match(source, /(?<=^|\s)#.*/gm, 0), source);
  return [{ kind: "text", start: 0, text: source }];
}

function findInCode(name, source) {
  const literals = findLiterals(name, source);
  const comments = [];
  let from = 0;
  for (const { start, end } of [...literals, { start: source.length, end: source.length }]) {
    if (from < start) comments.push(...match(source.slice(from, start), COMMENT, from));
    from = Math.max(from, end);
  }
  const strings = literals
    .filter(({ isPath }) => !isPath)
    .map(({ start, end }) => ({ kind: "string", start: start + 1, text: source.slice(start + 1, end - 1) }));
  return [...strings, ...joinLines(comments, source)];
}

/** Finds strings, templates and regular expressions, in which `//` does not start a comment. */
function findLiterals(name, source) {
  const kind = name.endsWith("ts") ? ts.ScriptKind.TS : ts.ScriptKind.JS;
  const tree = ts.createSourceFile(name, source, ts.ScriptTarget.Latest, true, kind);
  const literals = [];
  const visit = (node) => {
    if (ts.isStringLiteralLike(node) || ts.isTemplateLiteralToken(node) || ts.isRegularExpressionLiteral(node)) {
      literals.push({ start: node.getStart(tree), end: node.end, isPath: isModuleSpecifier(node) });
    }
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return literals.sort((a, b) => a.start - b.start);
}

function isModuleSpecifier({ parent }) {
  return (
    ts.isImportDeclaration(parent) || ts.isExportDeclaration(parent) || ts.isImportTypeNode(parent?.parent ?? parent)
  );
}

function match(source, pattern, offset) {
  return Array.from(source.matchAll(pattern), ({ index, 0: text }) => ({
    kind: text.startsWith("/**") ? "doc" : "comment",
    start: offset + index,
    text,
  }));
}

/** Joins line comments that follow one another without code in between. */
function joinLines(comments, source) {
  const joined = [];
  for (const comment of comments) {
    const last = joined.at(-1);
    const end = last && last.start + last.text.length;
    const isBlock = last?.text.startsWith("/*") || comment.text.startsWith("/*");
    const follows = last && !isBlock && /^\n[ \t]*$/.test(source.slice(end, comment.start));
    if (follows) last.text = source.slice(last.start, comment.start + comment.text.length);
    else joined.push({ ...comment });
  }
  return joined;
}
