import { fileURLToPath, pathToFileURL } from "node:url";
import ts from "typescript";
import { hasErrors, type Diagnostic } from "../diagnostics/diagnostic.ts";
import type { SourceMap } from "../emit/emit.ts";
import { typeDependencies } from "../session/import-closure.ts";
import { isBare, isRelative, matchesAlias, resolveAsTypeScript, sourceOf } from "../session/module-resolution.ts";
import { ProjectSession } from "../session/project-session.ts";

/** A module as a bundler gets it. */
export interface TransformedModule {
  /** Nothing if there are errors among the diagnostics. */
  readonly output: ModuleOutput | undefined;
  readonly diagnostics: readonly Diagnostic[];
  /** The project folder that the diagnostics' paths are relative to. */
  readonly root: string;
  /** Other files of the project that decide what the module is compiled to: where its types may come from, and the tsconfig. */
  readonly dependencies: readonly string[];
}

/** A module as JavaScript. */
export interface ModuleOutput {
  readonly code: string;
  readonly map: SourceMap;
  /** What is left for the bundler: the tsconfig may say that JSX stays as it is. */
  readonly syntax: "js" | "jsx";
}

/** How {@link ModuleTransform.transform} compiles. */
export interface TransformOptions {
  /** The bundler knows no TypeScript: compile the module whatever is in it. Default false. */
  readonly always?: boolean;
}

/** Compiles modules one by one for a bundler. */
export class ModuleTransform {
  readonly #session: ProjectSession;

  constructor(options: { readonly tsconfig?: string }) {
    this.#session = new ProjectSession({ purpose: "bundler", ...options });
  }

  /** Compiles a module; undefined if the bundler can do it as well, because there is nothing of ours in it. */
  transform(fileName: string, text: string, options: TransformOptions = {}): TransformedModule | undefined {
    const { always = false } = options;
    const { hasDecorators, hasDerivedClasses } = readModuleSyntax(fileName, text);
    if (!hasDecorators && !hasDerivedClasses && !always) return undefined;
    const opened = this.#session.open(fileName, text);
    if (!opened) return undefined;
    const { project, sourceFile } = opened;
    const compilation = this.#session.compile(project, [sourceFile]);
    const configErrors = project.diagnostics.filter((diagnostic) => diagnostic.severity === "error");
    const diagnostics = [...configErrors, ...compilation.diagnostics];
    const result = { diagnostics, root: project.root, dependencies: typeDependencies(opened), output: undefined };
    if (hasErrors(diagnostics)) return result;
    // Bundlers lower legacy decorators themselves, as the author has set them up; standard ones they leave in place.
    const needsLowering = hasDecorators && project.options.experimentalDecorators !== true;
    if (compilation.services.length === 0 && !needsLowering && !always) return undefined;
    const output = this.#session.emit(opened, compilation);
    const keepsJsx = project.options.jsx === ts.JsxEmit.Preserve || project.options.jsx === ts.JsxEmit.ReactNative;
    const syntax = keepsJsx && fileName.endsWith(".tsx") ? "jsx" : "js";
    return output && { ...result, output: { code: output.code, map: output.map, syntax } };
  }

  /** Where a module finds another as TypeScript sees it: the source of `./x.js`, a path alias, a name without extension. */
  resolve(specifier: string, importer: string): string | undefined {
    const source = isRelative(specifier) ? sourceOf(new URL(specifier, pathToFileURL(importer))) : undefined;
    if (source !== undefined) return fileURLToPath(source);
    const opened = isRelative(specifier) || isBare(specifier) ? this.#session.open(importer) : undefined;
    if (!opened || (isBare(specifier) && !matchesAlias(specifier, opened.project.options))) return undefined;
    const found = resolveAsTypeScript(specifier, opened);
    return found === undefined ? undefined : fileURLToPath(found);
  }

  /** Says that a file has changed on disk. */
  invalidate(): void {
    this.#session.invalidate();
  }
}

/** What can be seen of a module without a program and without types. */
export interface ModuleSyntax {
  readonly hasDecorators: boolean;
  /** It has a class that extends another, which may inherit decorated methods from elsewhere. */
  readonly hasDerivedClasses: boolean;
}

/** Looks at a module's text, to spare modules that have nothing of ours the cost of a program. */
function readModuleSyntax(fileName: string, text: string): ModuleSyntax {
  const found = { hasDecorators: false, hasDerivedClasses: false };
  if (!text.includes("@") && !/\bextends\b/.test(text)) return found;
  const visit = (node: ts.Node): void => {
    if (ts.isDecorator(node)) found.hasDecorators = true;
    else if (ts.isClassLike(node)) found.hasDerivedClasses ||= node.heritageClauses?.some(isExtends) ?? false;
    ts.forEachChild(node, visit);
  };
  const scriptKind = fileName.endsWith(".tsx") ? ts.ScriptKind.TSX : ts.ScriptKind.TS;
  const options = { languageVersion: ts.ScriptTarget.Latest, jsDocParsingMode: ts.JSDocParsingMode.ParseNone };
  visit(ts.createSourceFile(fileName, text, options, false, scriptKind));
  return found;
}

function isExtends(clause: ts.HeritageClause): boolean {
  return clause.token === ts.SyntaxKind.ExtendsKeyword;
}
