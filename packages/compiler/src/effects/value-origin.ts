import ts from "typescript";
import { unwrap } from "../scan/constants.ts";

/**
 * The lifetime of a value: created in this run of the method, shared with other calls, a parameter,
 * or the result of a call.
 */
export type Origin = "own" | "shared" | "parameter" | "result";

/** Methods of containers that return an element, not a copy. */
const GETTERS: ReadonlySet<string> = new Set(["get", "at", "find", "findLast", "values", "entries", "keys"]);

/** Maximum length of a chain of names, so that `let a = b; let b = a` ends. */
const MAX_DEPTH = 16;

/** Returns the origin of an expression's value. */
export function originOf(expression: ts.Expression, checker: ts.TypeChecker, depth = 0): Origin {
  const node = unwrap(ts.isAwaitExpression(expression) ? expression.expression : expression);
  if (depth > MAX_DEPTH) return "result";
  const follow = (next: ts.Expression): Origin => originOf(next, checker, depth + 1);
  if (node.kind === ts.SyntaxKind.ThisKeyword || node.kind === ts.SyntaxKind.SuperKeyword) return "shared";
  if (ts.isIdentifier(node)) return originOfName(node, checker, depth);
  if (ts.isPropertyAccessExpression(node) || ts.isElementAccessExpression(node)) return follow(node.expression);
  if (ts.isCallExpression(node)) return originOfCall(node, follow);
  if (ts.isConditionalExpression(node)) return join(follow(node.whenTrue), follow(node.whenFalse));
  if (ts.isAwaitExpression(node)) return follow(node.expression);
  if (ts.isBinaryExpression(node) && isChoice(node.operatorToken.kind))
    return join(follow(node.left), follow(node.right));
  return "own";
}

function originOfCall({ expression }: ts.CallExpression, follow: (next: ts.Expression) => Origin): Origin {
  const callee = unwrap(expression);
  if (!ts.isPropertyAccessExpression(callee)) return "result";
  // A provider of the server lives as long as the server, unless its scope is the request.
  if (callee.name.text === "use") return "parameter";
  return GETTERS.has(callee.name.text) ? follow(callee.expression) : "result";
}

function originOfName(name: ts.Identifier, checker: ts.TypeChecker, depth: number): Origin {
  const declaration = checker.getSymbolAtLocation(name)?.valueDeclaration;
  if (!declaration) return "shared";
  const variable = rootOf(declaration);
  if (!variable) return "shared";
  if (!isInCall(variable, name)) return "shared";
  if (ts.isParameter(variable)) return "parameter";
  const source = variable.initializer ?? iteratedBy(variable);
  return source ? originOf(source, checker, depth + 1) : "result";
}

/** Returns the variable or parameter that a name or destructured name belongs to. */
function rootOf(declaration: ts.Declaration): ts.VariableDeclaration | ts.ParameterDeclaration | undefined {
  if (ts.isBindingElement(declaration)) return rootOf(declaration.parent.parent);
  return ts.isVariableDeclaration(declaration) || ts.isParameter(declaration) ? declaration : undefined;
}

/** Checks whether a variable belongs to a call of the function that uses it. */
function isInCall(variable: ts.Node, use: ts.Node): boolean {
  const owner = ts.findAncestor(variable, (node) => ts.isFunctionLike(node));
  const service = ts.findAncestor(use, ts.isClassLike);
  // A function that creates classes runs once, its classes' methods many times.
  return owner !== undefined && (!service || !ts.findAncestor(service, (node) => node === owner));
}

/** Returns the list of `for (const item of list)`. */
function iteratedBy({ parent }: ts.Node): ts.Expression | undefined {
  return ts.isVariableDeclarationList(parent) && ts.isForOfStatement(parent.parent)
    ? parent.parent.expression
    : undefined;
}

function isChoice(operator: ts.SyntaxKind): boolean {
  const { AmpersandAmpersandToken, BarBarToken, QuestionQuestionToken } = ts.SyntaxKind;
  return [AmpersandAmpersandToken, BarBarToken, QuestionQuestionToken].includes(operator as never);
}

/** Returns the longer lifetime. */
function join(one: Origin, other: Origin): Origin {
  const origins: readonly Origin[] = ["shared", "parameter", "result", "own"];
  return origins.find((origin) => origin === one || origin === other) ?? "own";
}
