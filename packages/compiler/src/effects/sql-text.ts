import ts from "typescript";
import { readConstant, unwrap } from "../scan/constants.ts";
import type { Scope } from "../scan/scope.ts";

/** Reads SQL, whose computed parts become `?`. */
export function readSql(expression: ts.Expression, scope: Scope): string | undefined {
  const node = unwrap(expression);
  const constant = readConstant(node, scope)?.value;
  if (typeof constant === "string") return constant;
  if (ts.isTemplateExpression(node)) {
    const parts = node.templateSpans.map(
      ({ expression: inner, literal }) => `${readSql(inner, scope) ?? "?"}${literal.text}`,
    );
    return [node.head.text, ...parts].join("");
  }
  if (ts.isTaggedTemplateExpression(node)) return templateText(node.template);
  if (ts.isBinaryExpression(node)) return readSql(node.left, scope);
  if (ts.isObjectLiteralExpression(node)) {
    const property = node.properties.find((each) => /^(?:text|sql)$/.test(each.name?.getText() ?? ""));
    return property && ts.isPropertyAssignment(property) ? readSql(property.initializer, scope) : undefined;
  }
  return undefined;
}

/** Returns the text of a template, whose values become `?`. */
export function templateText(template: ts.TemplateLiteral): string {
  if (!ts.isTemplateExpression(template)) return template.text;
  return [template.head.text, ...template.templateSpans.map(({ literal }) => literal.text)].join("?");
}

/** Finds `prepare("…")`, through variables and fields that hold the statement. */
export function findPrepared(
  expression: ts.Expression,
  checker: ts.TypeChecker,
  depth = 0,
): ts.CallExpression | undefined {
  const node = unwrap(ts.isAwaitExpression(expression) ? expression.expression : expression);
  if (depth > 8) return undefined;
  if (ts.isCallExpression(node)) {
    const callee = unwrap(node.expression);
    if (!ts.isPropertyAccessExpression(callee)) return undefined;
    const { text } = callee.name;
    return text === "prepare" ? node : findPrepared(callee.expression, checker, depth + 1);
  }
  const name = ts.isPropertyAccessExpression(node) ? node.name : node;
  const declaration = checker.getSymbolAtLocation(name)?.valueDeclaration;
  const isHolder = declaration && (ts.isVariableDeclaration(declaration) || ts.isPropertyDeclaration(declaration));
  const value = isHolder ? (declaration.initializer ?? assignedInConstructor(declaration)) : undefined;
  return value && findPrepared(value, checker, depth + 1);
}

/** Returns the value that the constructor of a class gives a field. */
function assignedInConstructor(field: ts.VariableDeclaration | ts.PropertyDeclaration): ts.Expression | undefined {
  if (!ts.isPropertyDeclaration(field) || !ts.isClassLike(field.parent)) return undefined;
  const own = field.parent.members.find((member) => ts.isConstructorDeclaration(member));
  const target = `this.${field.name.getText()}`;
  for (const statement of own?.body?.statements ?? []) {
    const assignment = ts.isExpressionStatement(statement) ? statement.expression : undefined;
    if (assignment && ts.isBinaryExpression(assignment) && assignment.left.getText() === target)
      return assignment.right;
  }
  return undefined;
}
