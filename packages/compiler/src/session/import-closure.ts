import ts from "typescript";
import type { Project } from "../project/project.ts";
import type { SessionFile } from "./project-session.ts";

/** Returns a file and its transitive imports within the project, without declaration files. */
export function collectImportClosure({ project, sourceFile }: SessionFile): ts.SourceFile[] {
  return followImports(project, sourceFile).filter((file) => !file.isDeclarationFile);
}

/**
 * Returns the paths that a file's output depends on: the tsconfig and those it extends, the file's
 * transitive imports within the project, and files with global declarations.
 */
export function collectTypeDependencies({ project, sourceFile }: SessionFile): string[] {
  const { program, configPath } = project;
  // Global declarations are visible without an import.
  const global = program.getSourceFiles().filter((file) => isOwn(project, file) && declaresGlobals(file));
  const files = new Set([...followImports(project, sourceFile), ...global]);
  files.delete(sourceFile);
  const { extendedSourceFiles = [] } = (project.options["configFile"] ?? {}) as Partial<ts.TsConfigSourceFile>;
  const settings = configPath === undefined ? [] : [configPath, ...extendedSourceFiles];
  return [...settings, ...[...files].map((file) => file.fileName)];
}

function followImports(project: Project, start: ts.SourceFile): ts.SourceFile[] {
  const closure = new Set([start]);
  for (const file of closure) {
    for (const specifier of listSpecifiers(file)) {
      const target = project.checker.getSymbolAtLocation(specifier)?.declarations?.find(ts.isSourceFile);
      if (target && isOwn(project, target)) closure.add(target);
    }
  }
  return [...closure];
}

function isOwn({ program }: Project, file: ts.SourceFile): boolean {
  return !program.isSourceFileFromExternalLibrary(file) && !/[/\\]node_modules[/\\]/.test(file.fileName);
}

function declaresGlobals(file: ts.SourceFile): boolean {
  return !ts.isExternalModule(file) || /\bdeclare\s+(?:global|module)\b/.test(file.text);
}

function listSpecifiers(file: ts.SourceFile): ts.Expression[] {
  const specifiers = file.statements.flatMap((statement) => {
    const isModuleStatement = ts.isImportDeclaration(statement) || ts.isExportDeclaration(statement);
    return isModuleStatement && statement.moduleSpecifier ? [statement.moduleSpecifier] : [];
  });
  return /\bimport\s*\(/.test(file.text) ? [...specifiers, ...listImportTypeSpecifiers(file)] : specifiers;
}

/** Returns the specifiers of import types, such as `import("./notes.js").Note`. */
function listImportTypeSpecifiers(file: ts.SourceFile): ts.Expression[] {
  const specifiers: ts.Expression[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument) && ts.isStringLiteral(node.argument.literal))
      specifiers.push(node.argument.literal);
    ts.forEachChild(node, visit);
  };
  visit(file);
  return specifiers;
}
