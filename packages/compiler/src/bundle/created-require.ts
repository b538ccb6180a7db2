import type { Plugin } from "rolldown";
import ts from "typescript";

/**
 * Creates the plugin that turns `createRequire(import.meta.url)("./data.json")` into a `require`
 * that the bundler follows. Calls with a computed argument are left alone.
 */
export function inlineCreatedRequire(): Plugin {
  return {
    name: "methodic-created-require",
    transform: {
      order: "pre",
      filter: { id: /\.[cm]?[jt]sx?$/, code: /\bcreateRequire\b/ },
      handler(code, id) {
        const edited = rewriteCreatedRequire(id, code);
        // Edits keep lines in place, so earlier source maps remain valid.
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

/** Rewrites the calls in a module. Returns undefined if it has no such calls. */
export function rewriteCreatedRequire(fileName: string, text: string): string | undefined {
  const file = ts.createSourceFile(fileName, text, ts.ScriptTarget.Latest, true);
  const creators = new Set(file.statements.flatMap(listCreatorNames));
  if (creators.size === 0) return undefined;
  const isCreated = (node: ts.Expression): boolean => isCreatedRequire(node, creators);
  const names = new Set(file.statements.flatMap((statement) => listCreatedNames(statement, isCreated)));
  for (const name of names) if (countDeclarations(file, name) > 1) names.delete(name);
  const edits: Edit[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && isLiteralCall(node)) {
      const { expression } = node;
      const isKnown = isCreated(expression) || (ts.isIdentifier(expression) && names.has(expression.text));
      if (isKnown) edits.push({ start: expression.getStart(), end: expression.getEnd(), text: "require" });
    } else if (ts.isIdentifier(node) && node.text === "require" && names.has("require")) {
      const text = renameRequire(node);
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

/** Returns the names under which a module imports `createRequire`. */
function listCreatorNames(statement: ts.Statement): string[] {
  if (!ts.isImportDeclaration(statement) || !ts.isStringLiteral(statement.moduleSpecifier)) return [];
  if (!/^(?:node:)?module$/.test(statement.moduleSpecifier.text)) return [];
  const bindings = statement.importClause?.namedBindings;
  if (!bindings || !ts.isNamedImports(bindings)) return [];
  return bindings.elements
    .filter(({ name, propertyName }) => (propertyName ?? name).text === "createRequire")
    .map(({ name }) => name.text);
}

/** Checks whether an expression is `createRequire(import.meta.url)`. */
function isCreatedRequire(node: ts.Expression, creators: ReadonlySet<string>): boolean {
  if (!ts.isCallExpression(node) || !ts.isIdentifier(node.expression) || !creators.has(node.expression.text))
    return false;
  return /^import\.meta\.(?:url|filename)$/.test(node.arguments[0]?.getText() ?? "");
}

/** Returns the constants that a statement initializes with such a `require`. */
function listCreatedNames(statement: ts.Statement, isCreated: (node: ts.Expression) => boolean): string[] {
  if (!ts.isVariableStatement(statement) || !(statement.declarationList.flags & ts.NodeFlags.Const)) return [];
  return statement.declarationList.declarations.flatMap(({ name, initializer }) =>
    ts.isIdentifier(name) && initializer && isCreated(initializer) ? [name.text] : [],
  );
}

function isLiteralCall({ arguments: [first, ...others] }: ts.CallExpression): boolean {
  return first !== undefined && others.length === 0 && ts.isStringLiteralLike(first);
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

/**
 * Returns the replacement for a use of the module's own `require`, which would otherwise shadow the
 * one that the bundler follows.
 */
function renameRequire(node: ts.Identifier): string | undefined {
  const { parent } = node;
  if (ts.isCallExpression(parent) && parent.expression === node && isLiteralCall(parent)) return undefined;
  if (ts.isShorthandPropertyAssignment(parent)) return "require: require$created";
  if (ts.isExportSpecifier(parent)) return "require$created as require";
  const isOnlyKey = (ts.isPropertyAccessExpression(parent) || ts.isPropertyAssignment(parent)) && parent.name === node;
  return isOnlyKey ? undefined : "require$created";
}
