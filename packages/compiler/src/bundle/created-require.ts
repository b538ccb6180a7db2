import type { Plugin } from "rolldown";
import ts from "typescript";

/**
 * The plugin that makes `createRequire(import.meta.url)("./data.json")` a `require` that the bundler sees, so that what it names goes
 * into the bundle. What is only known at run time stays as it is.
 */
export function inlineCreatedRequire(): Plugin {
  return {
    name: "methodic-created-require",
    transform: {
      order: "pre",
      filter: { id: /\.[cm]?[jt]sx?$/, code: /\bcreateRequire\b/ },
      handler(code, id) {
        const edited = rewriteCreatedRequire(id, code);
        // Nothing moves but what follows on the same line, so earlier source maps still hold.
        return edited === undefined ? null : { code: edited, map: null };
      },
    },
  };
}

interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** The module with its calls rewritten; undefined if there are none. */
export function rewriteCreatedRequire(fileName: string, text: string): string | undefined {
  const file = ts.createSourceFile(fileName, text, ts.ScriptTarget.Latest, true);
  const creators = new Set(file.statements.flatMap(creatorNames));
  if (creators.size === 0) return undefined;
  const isCreated = (node: ts.Expression): boolean => isCreatedRequire(node, creators);
  const names = new Set(file.statements.flatMap((statement) => createdNames(statement, isCreated)));
  for (const name of names) if (countDeclarations(file, name) > 1) names.delete(name);
  const edits: Edit[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && isLiteralCall(node)) {
      const { expression } = node;
      const isKnown = isCreated(expression) || (ts.isIdentifier(expression) && names.has(expression.text));
      if (isKnown) edits.push({ start: expression.getStart(), end: expression.getEnd(), text: "require" });
    } else if (ts.isIdentifier(node) && node.text === "require" && names.has("require")) {
      const text = renamed(node);
      if (text !== undefined) edits.push({ start: node.getStart(), end: node.getEnd(), text });
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  if (edits.every((edit) => edit.text !== "require")) return undefined;
  return applyEdits(text, edits);
}

function applyEdits(text: string, edits: readonly Edit[]): string {
  let result = "";
  let end = 0;
  for (const edit of [...edits].sort((a, b) => a.start - b.start)) {
    result += text.slice(end, edit.start) + edit.text;
    end = edit.end;
  }
  return result + text.slice(end);
}

/** The names under which a module imports `createRequire`. */
function creatorNames(statement: ts.Statement): string[] {
  if (!ts.isImportDeclaration(statement) || !ts.isStringLiteral(statement.moduleSpecifier)) return [];
  if (!/^(?:node:)?module$/.test(statement.moduleSpecifier.text)) return [];
  const bindings = statement.importClause?.namedBindings;
  if (!bindings || !ts.isNamedImports(bindings)) return [];
  return bindings.elements
    .filter(({ name, propertyName }) => (propertyName ?? name).text === "createRequire")
    .map(({ name }) => name.text);
}

/** Whether an expression is `createRequire(import.meta.url)`. */
function isCreatedRequire(node: ts.Expression, creators: ReadonlySet<string>): boolean {
  if (!ts.isCallExpression(node) || !ts.isIdentifier(node.expression) || !creators.has(node.expression.text))
    return false;
  return /^import\.meta\.(?:url|filename)$/.test(node.arguments[0]?.getText() ?? "");
}

/** The constants of a module that hold such a `require`. */
function createdNames(statement: ts.Statement, isCreated: (node: ts.Expression) => boolean): string[] {
  if (!ts.isVariableStatement(statement) || !(statement.declarationList.flags & ts.NodeFlags.Const)) return [];
  return statement.declarationList.declarations.flatMap(({ name, initializer }) =>
    ts.isIdentifier(name) && initializer && isCreated(initializer) ? [name.text] : [],
  );
}

function isLiteralCall({ arguments: given }: ts.CallExpression): boolean {
  return given.length === 1 && given[0] !== undefined && ts.isStringLiteralLike(given[0]);
}

function countDeclarations(file: ts.SourceFile, name: string): number {
  let count = 0;
  const visit = (node: ts.Node): void => {
    const declared =
      ts.isVariableDeclaration(node) ||
      ts.isParameter(node) ||
      ts.isBindingElement(node) ||
      ts.isFunctionDeclaration(node);
    if (declared && node.name && ts.isIdentifier(node.name) && node.name.text === name) count++;
    ts.forEachChild(node, visit);
  };
  visit(file);
  return count;
}

/** What a use of the module's own `require` becomes: under that name it would hide the one that the bundler knows. */
function renamed(node: ts.Identifier): string | undefined {
  const { parent } = node;
  if (ts.isCallExpression(parent) && parent.expression === node && isLiteralCall(parent)) return undefined;
  if (ts.isShorthandPropertyAssignment(parent)) return "require: require$created";
  if (ts.isExportSpecifier(parent)) return "require$created as require";
  const isOnlyKey = (ts.isPropertyAccessExpression(parent) || ts.isPropertyAssignment(parent)) && parent.name === node;
  return isOnlyKey ? undefined : "require$created";
}
