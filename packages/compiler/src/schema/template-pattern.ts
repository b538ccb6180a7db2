import ts from "typescript";

/**
 * Writes a template literal type as a regular expression (ECMA-262, u flag) that matches the strings it contains.
 * Returns nothing for parts that no regular expression describes, like `Uppercase<string>`.
 */
export function templatePattern(type: ts.TemplateLiteralType): string | undefined {
  const body = templateBody(type);
  return body === undefined ? undefined : `^${body}$`;
}

function templateBody(type: ts.TemplateLiteralType): string | undefined {
  let pattern = escapePattern(type.texts[0] ?? "");
  for (const [index, part] of type.types.entries()) {
    const piece = partPattern(part);
    if (piece === undefined) return undefined;
    pattern += piece + escapePattern(type.texts[index + 1] ?? "");
  }
  return pattern;
}

function partPattern(type: ts.Type): string | undefined {
  if (type.isStringLiteral() || type.isNumberLiteral()) return escapePattern(String(type.value));
  if (type.flags & ts.TypeFlags.String) return String.raw`[\s\S]*`;
  if (type.flags & ts.TypeFlags.Number) return String.raw`-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?`;
  if (type.flags & ts.TypeFlags.BigInt) return String.raw`-?\d+`;
  if (type.flags & ts.TypeFlags.TemplateLiteral) return templateBody(type as ts.TemplateLiteralType);
  if (!type.isUnion()) return undefined;
  const pieces = type.types.map((member) => partPattern(member));
  // Sorted, because the checker's order of union members depends on what it has seen before.
  return pieces.includes(undefined) ? undefined : `(?:${pieces.sort().join("|")})`;
}

/** In u mode only syntax characters may be escaped. */
export function escapePattern(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`);
}
