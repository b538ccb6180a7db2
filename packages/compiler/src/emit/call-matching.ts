import ts from "typescript";
import type { SiteCall } from "../manifest.ts";

/** A call in a file, with what compilers keep of its place. */
interface CallShape {
  readonly node: ts.CallExpression;
  /** Equal for calls that only their order distinguishes. */
  readonly key: string;
}

/** Returns the compiled call of each call, or a call that the module lacks. */
export function findEmittedCalls(
  calls: readonly SiteCall[],
  emitted: ts.SourceFile,
): ReadonlyMap<SiteCall, ts.CallExpression> | SiteCall {
  const found = new Map<SiteCall, ts.CallExpression>();
  const [first] = calls;
  if (!first) return found;
  const names = namesOf(calls);
  const written = groupByKey(readCalls(first.sourceFile, names));
  const compiled = groupByKey(readCalls(emitted, names));
  for (const [key, nodes] of written) {
    const own = calls.filter(({ node }) => nodes.includes(node));
    const others = compiled.get(key) ?? [];
    const [wanted] = own;
    if (wanted && (others.length !== nodes.length || !isOrderKept(own))) return wanted;
    for (const call of own) found.set(call, others[nodes.indexOf(call.node)] as ts.CallExpression);
  }
  return found;
}

/** Checks whether a module has the data of calls already. */
export function hasSiteData(text: string): boolean {
  return /^function __methodic\d*_data_0\(\)/m.test(text);
}

/** Returns the names of the called functions as a file has them, with those that `methodic` has. */
function namesOf(calls: readonly SiteCall[]): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  // In CommonJS, an import's own name becomes that of the package: `methodic_1.config()`.
  for (const { callee, node } of calls) names.set(callee, callee).set(calleeName(node) ?? callee, callee);
  return names;
}

function readCalls(file: ts.SourceFile, names: ReadonlyMap<string, string>): CallShape[] {
  const shapes: CallShape[] = [];
  const visit = (node: ts.Node): void => {
    const name = ts.isCallExpression(node) ? names.get(calleeName(node) ?? "") : undefined;
    if (name !== undefined) {
      const call = node as ts.CallExpression;
      shapes.push({ node: call, key: JSON.stringify([name, enclosingName(call), textOf(call.arguments[0])]) });
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return shapes;
}

function groupByKey(shapes: readonly CallShape[]): ReadonlyMap<string, readonly ts.CallExpression[]> {
  const groups = new Map<string, ts.CallExpression[]>();
  for (const { key, node } of shapes) groups.set(key, [...(groups.get(key) ?? []), node]);
  return groups;
}

/**
 * Checks whether compilers keep the order of calls: they move the values of fields and the
 * arguments of decorators. The order does not matter for calls with equal data.
 */
function isOrderKept(calls: readonly SiteCall[]): boolean {
  const texts = new Set(calls.map(({ data }) => JSON.stringify(data)));
  return texts.size < 2 || !calls.some(({ node }) => isMoved(node));
}

function isMoved(node: ts.Node): boolean {
  const place = ts.findAncestor(
    node,
    (parent) => ts.isPropertyDeclaration(parent) || ts.isDecorator(parent) || ts.isFunctionLike(parent),
  );
  return place !== undefined && !ts.isFunctionLike(place);
}

/** Returns the last name of a callee: `config` in `(0, methodic_1.config)()`. */
function calleeName({ expression }: ts.CallExpression): string | undefined {
  let callee: ts.Expression = expression;
  while (!ts.isIdentifier(callee)) {
    if (ts.isPropertyAccessExpression(callee)) return callee.name.text;
    if (ts.isBinaryExpression(callee) && callee.operatorToken.kind === ts.SyntaxKind.CommaToken) callee = callee.right;
    else if (ts.isParenthesizedExpression(callee) || ts.isNonNullExpression(callee)) callee = callee.expression;
    else if (ts.isAsExpression(callee) || ts.isSatisfiesExpression(callee)) callee = callee.expression;
    else return undefined;
  }
  return callee.text;
}

/**
 * Returns the name of the function or method around a call. Constructors do not count, because
 * compilers move fields into them, nor does a leading underscore, which compilers add to the inner
 * function of an async one.
 */
function enclosingName(node: ts.Node): string {
  const place = ts.findAncestor(
    node,
    (parent): parent is ts.FunctionDeclaration | ts.MethodDeclaration =>
      (ts.isFunctionDeclaration(parent) || ts.isMethodDeclaration(parent)) && parent.name !== undefined,
  );
  return place?.name && "text" in place.name ? place.name.text.replace(/^_+/, "") : "";
}

/** Returns the text of an argument that is a string. */
function textOf(argument: ts.Expression | undefined): string | null {
  return argument && ts.isStringLiteralLike(argument) ? argument.text : null;
}
