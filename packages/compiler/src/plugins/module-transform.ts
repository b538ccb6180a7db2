import { fileURLToPath, pathToFileURL } from "node:url";
import ts from "typescript";
import { hasErrors, type Diagnostic } from "../diagnostics/diagnostic.ts";
import type { SourceMap } from "../emit/emit.ts";
import { mayHaveSiteCalls } from "../scan/site-calls.ts";
import { collectTypeDependencies } from "../session/import-closure.ts";
import { isBare, isRelative, matchesAlias, resolveAsTypeScript, findSource } from "../session/module-resolution.ts";
import type { SchemaOptions } from "../project/schema-options.ts";
import { SERVICE_HINT } from "./module-compiler.ts";
import { ProjectSession } from "../session/project-session.ts";

/** A module compiled for a bundler. */
export interface TransformedModule {
  /** undefined if the diagnostics include an error. */
  readonly output: ModuleOutput | undefined;
  readonly diagnostics: readonly Diagnostic[];
  /** The project's folder; paths in diagnostics are relative to it. */
  readonly root: string;
  /**
   * Other files that the output depends on: those that declare the module's types, and the
   * tsconfig.
   */
  readonly dependencies: readonly string[];
}

/** The JavaScript of a module. */
export interface ModuleOutput {
  readonly code: string;
  readonly map: SourceMap;
  /** The syntax of the code: `jsx` if the tsconfig preserves JSX. */
  readonly syntax: "js" | "jsx";
}

/** Options of {@link ModuleTransform.transform}. */
export interface TransformOptions {
  /** Compile modules without decorators as well. Default: false. */
  readonly always?: boolean;
}

/** Options of a {@link ModuleTransform}. */
export interface ModuleTransformOptions {
  /** Absolute path of the tsconfig for all modules. Default: the nearest above each module. */
  readonly tsconfig?: string;
  /** Options about schemas that override those of the tsconfig. */
  readonly schemaOptions?: SchemaOptions;
  /** Module format of the output. Default: `"esm"`. */
  readonly format?: "esm" | "commonjs";
}

/** Compiles modules one by one for a bundler or a test runner. */
export class ModuleTransform {
  readonly #session: ProjectSession;

  constructor({ format = "esm", ...deps }: ModuleTransformOptions) {
    this.#session = new ProjectSession({ purpose: format === "esm" ? "bundler" : "commonjs", ...deps });
  }

  /** Compiles a module. Returns undefined if the bundler can compile it. */
  transform(fileName: string, text: string, options: TransformOptions = {}): TransformedModule | undefined {
    const { always = false } = options;
    const { hasDecorators, hasDerivedClasses, hasSiteCalls } = scanModuleSyntax(fileName, text);
    if (!hasDecorators && !hasDerivedClasses && !hasSiteCalls && !always) return undefined;
    const opened = this.#session.open(fileName, text);
    if (!opened) return undefined;
    const { project, sourceFile } = opened;
    const compilation = this.#session.compile(project, [sourceFile]);
    const configErrors = project.diagnostics.filter((diagnostic) => diagnostic.severity === "error");
    const diagnostics = [...configErrors, ...compilation.diagnostics];
    const result = {
      diagnostics,
      root: project.root,
      dependencies: collectTypeDependencies(opened),
      output: undefined,
    };
    if (hasErrors(diagnostics)) return result;
    // Bundlers lower legacy decorators themselves, but leave standard ones in place.
    const needsLowering = hasDecorators && project.options.experimentalDecorators !== true;
    const isEmpty = compilation.services.length === 0 && compilation.calls.length === 0;
    if (isEmpty && !needsLowering && !always) return undefined;
    const output = this.#session.emit(opened, compilation);
    const keepsJsx = project.options.jsx === ts.JsxEmit.Preserve || project.options.jsx === ts.JsxEmit.ReactNative;
    const syntax = keepsJsx && fileName.endsWith(".tsx") ? "jsx" : "js";
    return output && { ...result, output: { code: output.code, map: output.map, syntax } };
  }

  /**
   * Resolves a specifier as TypeScript does: the source of `./x.js`, a path alias, a missing
   * extension.
   */
  resolve(specifier: string, importer: string): string | undefined {
    const source = isRelative(specifier) ? findSource(new URL(specifier, pathToFileURL(importer))) : undefined;
    if (source !== undefined) return fileURLToPath(source);
    const opened = isRelative(specifier) || isBare(specifier) ? this.#session.open(importer) : undefined;
    if (!opened || (isBare(specifier) && !matchesAlias(specifier, opened.project.options))) return undefined;
    const found = resolveAsTypeScript(specifier, opened);
    return found === undefined ? undefined : fileURLToPath(found);
  }

  /** Marks compiled files as outdated, after changes on disk. */
  invalidate(): void {
    this.#session.invalidate();
  }
}

/** Constructs in a module that may require compilation. */
interface ModuleSyntax {
  readonly hasDecorators: boolean;
  /** True if a class extends another and thus may inherit decorated methods. */
  readonly hasDerivedClasses: boolean;
  /** True if a call may need data. */
  readonly hasSiteCalls: boolean;
}

/** Scans a module's syntax, which is much cheaper than creating a program. */
function scanModuleSyntax(fileName: string, text: string): ModuleSyntax {
  const found = { hasDecorators: false, hasDerivedClasses: false, hasSiteCalls: false };
  if (!SERVICE_HINT.test(text)) return found;
  const visit = (node: ts.Node): void => {
    if (ts.isDecorator(node)) found.hasDecorators = true;
    else if (ts.isClassLike(node)) found.hasDerivedClasses ||= node.heritageClauses?.some(isExtends) ?? false;
    ts.forEachChild(node, visit);
  };
  const scriptKind = fileName.endsWith(".tsx") ? ts.ScriptKind.TSX : ts.ScriptKind.TS;
  const options = { languageVersion: ts.ScriptTarget.Latest, jsDocParsingMode: ts.JSDocParsingMode.ParseNone };
  const file = ts.createSourceFile(fileName, text, options, false, scriptKind);
  visit(file);
  return { ...found, hasSiteCalls: mayHaveSiteCalls(file) };
}

function isExtends(clause: ts.HeritageClause): boolean {
  return clause.token === ts.SyntaxKind.ExtendsKeyword;
}
