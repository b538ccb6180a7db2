import ts from "typescript";
import { unwrap } from "../scan/constants.ts";

/**
 * Checks for a change of shared state that may be repeated: of a cache, of a value that is only set
 * while it is missing, and a change that a `finally` takes back.
 */
export function isRepeatable(target: ts.Expression): boolean {
  const text = target.getText();
  if (/cache|memo/i.test(text)) return true;
  const guarding = ts.findAncestor(target, (node) => {
    if (ts.isFunctionLike(node)) return "quit";
    const { parent } = node;
    return parent && ts.isIfStatement(parent) && parent.thenStatement === node && isMissing(parent.expression, text);
  });
  return guarding !== undefined || isTakenBack(target, text);
}

/** Checks for a condition such as `!this.#open.has(id)` or `this.#client === undefined`. */
function isMissing(condition: ts.Expression, text: string): boolean {
  const node = unwrap(condition);
  if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.ExclamationToken)
    return unwrap(node.operand).getText().startsWith(text);
  if (!ts.isBinaryExpression(node) || !/^===?$/.test(node.operatorToken.getText())) return false;
  return node.left.getText().startsWith(text) && /^(?:undefined|null)$/.test(node.right.getText());
}

/** Checks whether a `finally` of the function mentions the target, such as a count of calls. */
export function isTakenBack(target: ts.Node, text: string): boolean {
  const body = ts.findAncestor(target, (node) => ts.isFunctionLike(node));
  if (!body?.getText().includes("finally")) return false;
  const visit = (node: ts.Node): boolean =>
    (ts.isTryStatement(node) && node.finallyBlock?.getText().includes(text) === true) ||
    (ts.forEachChild(node, visit) ?? false);
  return visit(body);
}
