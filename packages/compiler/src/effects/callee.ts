import ts from "typescript";
import { unwrap } from "../scan/constants.ts";
import type { Library } from "../schema/read/library-types.ts";

/** The function that a call runs. */
export interface Callee {
  /** The last name of the callee: `readFile` of `fs.promises.readFile`. */
  readonly name: string;
  /** The object of a method. */
  readonly receiver?: ts.Expression;
  /** The module or package that the function comes from, without `node:`. */
  readonly module?: string;
  /** The function is declared by the platform, outside modules. */
  readonly isPlatform: boolean;
  /** Absent if the type of the callee is `any`. */
  readonly declaration?: ts.SignatureDeclaration | ts.JSDocSignature;
  /** The body, if it is one of the author's functions. */
  readonly body?: ts.FunctionLikeDeclaration;
}

/** Finds the function that a call, a `new`, or a tagged template runs. */
export function findCallee(
  node: ts.CallExpression | ts.NewExpression | ts.TaggedTemplateExpression,
  checker: ts.TypeChecker,
  library: Library,
): Callee {
  const callee = unwrap(ts.isTaggedTemplateExpression(node) ? node.tag : node.expression);
  const receiver = ts.isPropertyAccessExpression(callee) ? callee.expression : undefined;
  const declaration = checker.getResolvedSignature(node)?.declaration;
  const body = declaration && bodyOf(declaration);
  const imported = findImport(callee, checker);
  const symbol = checker.getSymbolAtLocation(ts.isPropertyAccessExpression(callee) ? callee.name : callee);
  const declared = declaration && moduleOf(declaration);
  const isStandard = declared === undefined && symbol !== undefined && library.declares(symbol);
  const module = declared ?? (isStandard ? undefined : imported?.module);
  const isPlatform = isStandard || (module === undefined && declaration !== undefined && isAmbient(declaration));
  return {
    name: imported?.name ?? nameOf(callee),
    isPlatform,
    ...(receiver && { receiver }),
    ...(module !== undefined && { module }),
    ...(declaration && { declaration }),
    ...(body && { body }),
  };
}

/** Returns a declaration as a function with a body, if it is one of the author's. */
export function bodyOf(declaration: ts.Node): ts.FunctionLikeDeclaration | undefined {
  if (declaration.getSourceFile().isDeclarationFile || !ts.isFunctionLike(declaration)) return undefined;
  const { body } = declaration as Partial<ts.FunctionLikeDeclaration>;
  return body ? (declaration as ts.FunctionLikeDeclaration) : undefined;
}

/** Returns the module of an import that a callee begins with, and the imported name. */
function findImport(
  callee: ts.Expression,
  checker: ts.TypeChecker,
): { readonly module: string; readonly name: string } | undefined {
  const root = rootOf(callee);
  const declaration = ts.isIdentifier(root) ? checker.getSymbolAtLocation(root)?.declarations?.[0] : undefined;
  const statement = declaration && ts.findAncestor(declaration, ts.isImportDeclaration);
  if (!declaration || !statement || !ts.isStringLiteral(statement.moduleSpecifier)) return undefined;
  const specifier = statement.moduleSpecifier.text;
  // The functions of the project's own files have bodies.
  if (/^[.#/]/.test(specifier)) return undefined;
  if (root !== callee) return { module: packageOf(specifier), name: nameOf(callee) };
  const name = ts.isImportSpecifier(declaration) ? (declaration.propertyName ?? declaration.name).text : nameOf(callee);
  return { module: packageOf(specifier), name };
}

/** Returns the module that declares a function: `declare module "node:fs"`, or its package. */
function moduleOf(declaration: ts.Node): string | undefined {
  const ambient = ts.findAncestor(
    declaration,
    (node): node is ts.ModuleDeclaration => ts.isModuleDeclaration(node) && ts.isStringLiteral(node.name),
  );
  if (ambient) return packageOf(ambient.name.text);
  const { fileName } = declaration.getSourceFile();
  const folder = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(fileName)?.[1];
  if (folder === undefined || folder === "typescript" || folder === "@types/node") return undefined;
  return folder.replace(/^@types\/(?:(.+)__)?/, (_, scope: string | undefined) => (scope ? `@${scope}/` : ""));
}

/** Returns the package of a specifier: `drizzle-orm` of `drizzle-orm/libsql`. */
function packageOf(specifier: string): string {
  if (specifier.startsWith("node:")) return specifier.slice("node:".length);
  const [first = "", second = ""] = specifier.split("/");
  if (first.startsWith("@")) return `${first}/${second}`;
  // Node's modules have folders of their own: `fs/promises`.
  return NODE_FOLDERS.has(first) ? specifier : first;
}

const NODE_FOLDERS: ReadonlySet<string> = new Set(
  "fs path dns timers stream readline util assert inspector".split(" "),
);

/** Checks for `declare function fetch(…)` in a declaration file of the author. */
function isAmbient(declaration: ts.Node): boolean {
  return declaration.getSourceFile().isDeclarationFile && ts.isFunctionDeclaration(declaration);
}

/** Returns the last name of a callee. */
function nameOf(callee: ts.Expression): string {
  if (ts.isIdentifier(callee)) return callee.text;
  return ts.isPropertyAccessExpression(callee) ? callee.name.text.replace(/^#/, "") : "";
}

function rootOf(node: ts.Expression): ts.Expression {
  return ts.isPropertyAccessExpression(node) ? rootOf(unwrap(node.expression)) : node;
}
