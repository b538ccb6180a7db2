import { createRequire } from "node:module";
import ts from "typescript";

const STARTUP_MODULE = "methodic/startup";
/** Matches the modules of the package `methodic`, installed or in this workspace. */
export const RUNTIME_MODULE: RegExp = /\/(?:node_modules|packages)\/methodic\/(?:dist|src)\//;

/**
 * Returns the path of the runtime's module that guards the start of a program; undefined if a file
 * cannot import it.
 */
export function resolveStartup(importer: string): string | undefined {
  try {
    return createRequire(importer).resolve(STARTUP_MODULE);
  } catch {
    // The file's package does not depend on methodic, or on an older version.
    return undefined;
  }
}

// The loader emits the modules of a program one by one.
const servingFiles = new WeakMap<ts.Program, ReadonlySet<ts.SourceFile>>();

/**
 * Returns the files of a program that call `serve()`, or import such a file: any of them may be the
 * module that Node runs.
 */
export function findServingFiles(program: ts.Program): ReadonlySet<ts.SourceFile> {
  const found = servingFiles.get(program) ?? searchServingFiles(program);
  servingFiles.set(program, found);
  return found;
}

function searchServingFiles(program: ts.Program): ReadonlySet<ts.SourceFile> {
  const checker = program.getTypeChecker();
  const own = program.getSourceFiles().filter((file) => !file.isDeclarationFile && ts.isExternalModule(file));
  const serving = new Set(own.filter((file) => /\bserve\w*\s*\(/.test(file.text) && callsServe(file, checker)));
  if (serving.size === 0) return serving;
  const importers = new Map<ts.SourceFile, ts.SourceFile[]>();
  for (const file of own) {
    for (const specifier of listSpecifiers(file)) {
      const target = checker.getSymbolAtLocation(specifier)?.declarations?.find(ts.isSourceFile);
      if (target) importers.set(target, [...(importers.get(target) ?? []), file]);
    }
  }
  // A set visits what is added while it is iterated.
  for (const file of serving) for (const importer of importers.get(file) ?? []) serving.add(importer);
  return serving;
}

/** Adds the import of the startup module before all other imports. */
export function addStartupImport({ factory }: ts.TransformationContext, sourceFile: ts.SourceFile): ts.SourceFile {
  const added = factory.createImportDeclaration(undefined, undefined, factory.createStringLiteral(STARTUP_MODULE));
  const { statements } = sourceFile;
  const start = Math.max(
    statements.findIndex((statement) => !isDirective(statement)),
    0,
  );
  return factory.updateSourceFile(sourceFile, [...statements.slice(0, start), added, ...statements.slice(start)]);
}

function isDirective(statement: ts.Statement): boolean {
  return ts.isExpressionStatement(statement) && ts.isStringLiteral(statement.expression);
}

function callsServe(node: ts.Node, checker: ts.TypeChecker): boolean {
  if (ts.isCallExpression(node) && isServe(node.expression, checker)) return true;
  return ts.forEachChild(node, (child) => callsServe(child, checker)) ?? false;
}

function isServe(callee: ts.Expression, checker: ts.TypeChecker): boolean {
  const name = ts.isPropertyAccessExpression(callee) ? callee.name : callee;
  if (!ts.isIdentifier(name) || !/^serve(?:Stdio)?$/.test(name.text)) return false;
  const symbol = checker.getSymbolAtLocation(name);
  const target = symbol && symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
  return target?.declarations?.some((node) => RUNTIME_MODULE.test(node.getSourceFile().fileName)) ?? false;
}

/** Lists the specifiers of static and dynamic imports that exist at run time. */
function listSpecifiers(file: ts.SourceFile): ts.Expression[] {
  const specifiers: ts.Expression[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword && node.arguments[0])
      specifiers.push(node.arguments[0]);
    ts.forEachChild(node, visit);
  };
  for (const statement of file.statements) {
    if (ts.isImportDeclaration(statement)) {
      if (statement.importClause?.isTypeOnly !== true) specifiers.push(statement.moduleSpecifier);
    } else if (ts.isExportDeclaration(statement)) {
      if (statement.moduleSpecifier && !statement.isTypeOnly) specifiers.push(statement.moduleSpecifier);
    } else if (/\bimport\s*\(/.test(statement.getText(file))) visit(statement);
  }
  return specifiers;
}
