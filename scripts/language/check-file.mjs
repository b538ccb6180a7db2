// Checks one file's prose; the rules are in rules.mjs.
import { findProse } from "./prose.mjs";
import { BANNED, BRITISH, COMMENT_WIDTH, QUESTION, QUESTION_FIX } from "./rules.mjs";

const DIRECTIVE = /@ts-|oxlint-|eslint-|\/\/\/ <reference|[@#]__PURE__|sourceMappingURL/;

/**
 * Returns the violations of a file as `{ line, rule, text, fix }`, and its number of doc comments.
 */
export function checkFile(name, source) {
  const pieces = findProse(name, source);
  const docs = pieces.filter(({ kind }) => kind === "doc");
  const violations = [
    ...pieces.flatMap(findBanned),
    ...[...docs, ...findDocsInMarkdown(name, source)].flatMap(findQuestion),
    ...findBritish(source),
    ...pieces.filter(({ kind }) => kind === "doc" || kind === "comment").flatMap((one) => findWide(one, source)),
  ];
  const located = violations.map(({ at, ...rest }) => ({ line: lineAt(source, at), ...rest }));
  return { violations: located.sort((a, b) => a.line - b.line), docComments: docs.length };
}

/** Checks for a string without a space, which is data: a name, a path, a key. */
function isData({ kind, text }) {
  return kind === "string" && !/\s/.test(text.trim());
}

function findBanned(piece) {
  if (isData(piece)) return [];
  const text = blankQuoted(blankMarkers(piece));
  return BANNED.flatMap(({ name, pattern, fix }) =>
    Array.from(text.matchAll(pattern))
      .filter(({ index, 0: found }) => !isPartOfName(text, index, index + found.length))
      .map(({ index }) => ({
        at: piece.start + index,
        rule: name,
        isBanned: true,
        text: quoteLine(piece.text, index),
        fix,
      })),
  );
}

function findQuestion({ start, text }) {
  const body = text.replace(/^\/\*\*[\s*]*/, "");
  if (!QUESTION.test(body)) return [];
  return [{ at: start, rule: "doc opens with a question", text: body.split("\n")[0].trim(), fix: QUESTION_FIX }];
}

/** Examples in Markdown are code whose doc comments readers copy. */
function findDocsInMarkdown(name, source) {
  if (!name.endsWith(".md")) return [];
  return Array.from(source.matchAll(/\/\*\*[^]*?\*\//g), ({ index, 0: text }) => ({ start: index, text }));
}

function findBritish(source) {
  return BRITISH.flatMap(({ name, pattern, fix }) =>
    Array.from(source.matchAll(pattern), ({ index }) => ({
      at: index,
      rule: `British: ${name}`,
      text: quoteLine(source, index),
      fix,
    })),
  );
}

function findWide({ start, text }, source) {
  const lineStart = source.lastIndexOf("\n", start - 1) + 1;
  const lines = (source.slice(lineStart, start) + text).split("\n");
  let at = lineStart;
  return lines.flatMap((line) => {
    const violation = { at, rule: `comment over ${COMMENT_WIDTH} columns`, text: quoteLine(line, 0), fix: "Wrap it." };
    at += line.length + 1;
    return line.length > COMMENT_WIDTH && !DIRECTIVE.test(line) && !endsInLink(line) ? [violation] : [];
  });
}

/** Checks for a URL at the limit, which cannot be wrapped. */
function endsInLink(line) {
  return /https?:\/\//.test(line.slice(line.lastIndexOf(" ", COMMENT_WIDTH) + 1));
}

/** Blanks the markers at line starts of a comment, so that phrases are found across lines. */
function blankMarkers({ kind, text }) {
  if (kind === "string" || kind === "text") return text;
  return text.replace(/^[ \t]*(?:\/\*+|\*+(?!\/)|\/\/+|#)/gm, (marker) => " ".repeat(marker.length));
}

/** Blanks what is quoted as code or as a single word: identifiers, header names, values. */
function blankQuoted(text) {
  return text.replace(/\\?`[^`]{0,200}`|"[^"\s]*"|\{@link [^}]*\}/g, (quoted) => quoted.replace(/\S/g, "\0"));
}

/** Parts of file names, of paths and of hyphenated identifiers are not prose. */
function isPartOfName(text, start, end) {
  return /[-/_.#$@]/.test(text[start - 1] ?? "") || /^(?:[-/_$]|\.\w|\()/.test(text.slice(end, end + 2));
}

function quoteLine(text, index) {
  const start = text.lastIndexOf("\n", index - 1) + 1;
  const end = text.indexOf("\n", index);
  const line = text.slice(start, end === -1 ? undefined : end).trim();
  return line.length > 160 ? `${line.slice(0, 160)}…` : line;
}

function lineAt(source, index) {
  let line = 1;
  for (let at = source.indexOf("\n"); at !== -1 && at < index; at = source.indexOf("\n", at + 1)) line++;
  return line;
}
