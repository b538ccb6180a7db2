import path from "node:path";
import ts from "typescript";
import type { CompiledService, SiteCall } from "../manifest.ts";
import {
  addManifestGetter,
  appendTail,
  changeNodes,
  generatedNames,
  type GeneratedNames,
  type ModuleFormat,
  type NodeChange,
  SOURCE_MAP_COMMENT,
} from "./manifest-code.ts";
import { type ModuleData, moduleTail } from "./module-code.ts";
import { addDataArgument } from "./site-code.ts";
import { addStartupImport, findServingFiles, resolveStartup } from "./startup-import.ts";

/** The source map (ECMA-426) of one emitted file. */
export interface SourceMap {
  readonly version: 3;
  readonly file?: string;
  readonly sources: readonly string[];
  readonly sourcesContent?: readonly (string | null)[];
  readonly names: readonly string[];
  readonly mappings: string;
}

/** A module of a project as JavaScript, with the manifests of its classes. */
export interface EmittedModule {
  /** Without a `sourceMappingURL` comment. */
  readonly code: string;
  /** The only source is the absolute path of the TypeScript file. */
  readonly map: SourceMap;
  readonly format: ModuleFormat;
}

/** A file that a build writes. */
export interface OutputFile {
  /** Absolute. */
  readonly fileName: string;
  readonly text: string;
}

/**
 * Purpose of an emit: `build` writes what the tsconfig asks for. The others yield single modules
 * without declarations: `loader` for Node, `bundler` ES modules for a bundler, and `commonjs`
 * CommonJS modules for a test runner.
 */
export type EmitPurpose = "build" | "loader" | "bundler" | "commonjs";

/**
 * Derives the compiler options for an emit. Outputs that the author's own use of tsc suppresses are
 * enabled, and standard decorators, which no engine runs yet, are always compiled away.
 */
export function emitOptions(options: ts.CompilerOptions, root: string, purpose: EmitPurpose): ts.CompilerOptions {
  const shared: ts.CompilerOptions = {
    ...options,
    target: Math.min(options.target ?? ts.ScriptTarget.ES2022, ts.ScriptTarget.ES2024),
    noEmit: false,
    emitDeclarationOnly: false,
    noEmitOnError: false,
    incremental: false,
    outDir: options.outDir ?? path.join(root, "dist"),
  };
  delete shared.tsBuildInfoFile;
  delete shared.outFile;
  if (purpose === "build") return buildOptions(shared);
  if (purpose === "loader") return loaderOptions(shared);
  return purpose === "bundler" ? bundlerOptions(shared) : commonJsOptions(shared);
}

function buildOptions(options: ts.CompilerOptions): ts.CompilerOptions {
  return {
    ...options,
    ...(options.composite && withoutComposite(options)),
    declaration: options.declaration ?? true,
    sourceMap: options.sourceMap ?? options.inlineSourceMap !== true,
    // A project that emits may import "./x.ts" only if the emitted import says "./x.js".
    ...(options.allowImportingTsExtensions && { rewriteRelativeImportExtensions: true }),
  };
}

/** Removes `composite`, which requires an incremental build. Its other effects are kept. */
function withoutComposite({ rootDir, configFilePath }: ts.CompilerOptions): ts.CompilerOptions {
  const folder = typeof configFilePath === "string" ? path.dirname(configFilePath) : undefined;
  const implied = rootDir ?? folder;
  return { composite: false, ...(implied !== undefined && { rootDir: implied }) };
}

function singleModuleOptions(options: ts.CompilerOptions): ts.CompilerOptions {
  const single: ts.CompilerOptions = {
    ...options,
    composite: false,
    declaration: false,
    declarationMap: false,
    isolatedDeclarations: false,
    sourceMap: true,
    inlineSourceMap: false,
    inlineSources: true,
    // Modules are requested by the name of the TypeScript file, so specifiers stay as they are.
    rewriteRelativeImportExtensions: false,
  };
  delete single.sourceRoot;
  delete single.mapRoot;
  delete single.declarationDir;
  return single;
}

function loaderOptions(options: ts.CompilerOptions): ts.CompilerOptions {
  const single = singleModuleOptions(options);
  const keepsJsx = options.jsx === ts.JsxEmit.Preserve || options.jsx === ts.JsxEmit.ReactNative;
  return keepsJsx ? { ...single, jsx: ts.JsxEmit.ReactJSX } : single;
}

function bundlerOptions(options: ts.CompilerOptions): ts.CompilerOptions {
  const single = singleModuleOptions(options);
  const kind = options.module ?? ts.ModuleKind.CommonJS;
  if (kind >= ts.ModuleKind.ES2015 && kind <= ts.ModuleKind.ESNext) return single;
  const resolution = options.moduleResolution ?? resolutionOf(kind);
  const esm = { ...single, module: ts.ModuleKind.ESNext };
  if (resolution < ts.ModuleResolutionKind.Node16 || resolution > ts.ModuleResolutionKind.NodeNext)
    return { ...esm, moduleResolution: resolution };
  // With this module kind, Node's resolution would require extensions in CommonJS packages, too.
  const customConditions = [...(options.customConditions ?? []), "node"];
  return { ...esm, moduleResolution: ts.ModuleResolutionKind.Bundler, customConditions };
}

function commonJsOptions(options: ts.CompilerOptions): ts.CompilerOptions {
  const kind = options.module ?? ts.ModuleKind.CommonJS;
  return {
    ...loaderOptions(options),
    module: ts.ModuleKind.CommonJS,
    moduleResolution: options.moduleResolution ?? resolutionOf(kind),
    esModuleInterop: options.esModuleInterop ?? true,
  };
}

/**
 * Returns the resolution that follows from `module` if the tsconfig has none: files are resolved as
 * there, whatever format is emitted.
 */
function resolutionOf(kind: ts.ModuleKind): ts.ModuleResolutionKind {
  if (kind === ts.ModuleKind.NodeNext) return ts.ModuleResolutionKind.NodeNext;
  if (kind >= ts.ModuleKind.Node16 && kind < ts.ModuleKind.NodeNext) return ts.ModuleResolutionKind.Node16;
  return kind === ts.ModuleKind.CommonJS ? ts.ModuleResolutionKind.Node10 : ts.ModuleResolutionKind.Bundler;
}

/** The input of {@link emitModule}: a file with its services and calls. */
export interface ModuleToEmit extends ModuleData {
  readonly program: ts.Program;
  readonly sourceFile: ts.SourceFile;
  readonly purpose: EmitPurpose;
}

/**
 * Emits one file of a program as tsc would, with the manifests of its services. Undefined if tsc
 * emits nothing for it.
 */
export function emitModule({ program, sourceFile, purpose, ...data }: ModuleToEmit): EmittedModule | undefined {
  const restoreFormat = overrideFormat(sourceFile, purpose);
  let code: string | undefined;
  let map: SourceMap | undefined;
  const manifests = new ManifestEmitter(program, data);
  const write: ts.WriteFileCallback = (fileName, text) => {
    if (fileName.endsWith(".map")) map = JSON.parse(text) as SourceMap;
    else if (isJavaScript(fileName))
      code = appendTail(text, manifests.tailOf(sourceFile)).replace(SOURCE_MAP_COMMENT, "");
  };
  const transformers = manifests.transformers();
  // A bundler's output may run where Node's modules are missing; `methodic build --bundle` knows.
  if (purpose === "loader") transformers.before.push(importStartup(program));
  program.emit(sourceFile, write, undefined, false, transformers);
  const format = moduleFormat(program, sourceFile);
  restoreFormat();
  if (code === undefined || map === undefined) return undefined;
  return {
    code,
    map: {
      version: 3,
      sources: [sourceFile.fileName],
      sourcesContent: [sourceFile.text],
      names: map.names,
      mappings: map.mappings,
    },
    format,
  };
}

/**
 * Sets the module format that a purpose needs: by default, it follows from the package.json.
 * Returns the function that restores it.
 */
function overrideFormat(sourceFile: ts.SourceFile, purpose: EmitPurpose): () => void {
  const implied = sourceFile.impliedNodeFormat;
  if (purpose === "bundler") sourceFile.impliedNodeFormat = ts.ModuleKind.ESNext;
  if (purpose === "commonjs") sourceFile.impliedNodeFormat = ts.ModuleKind.CommonJS;
  return () => {
    sourceFile.impliedNodeFormat = implied;
  };
}

/**
 * Emits a whole program as tsc would, with the manifests of its services and the data of its calls.
 * Writes nothing.
 */
export function emitProgram(
  program: ts.Program,
  data: ModuleData,
): { readonly files: readonly OutputFile[]; readonly diagnostics: readonly ts.Diagnostic[] } {
  const files: OutputFile[] = [];
  const manifests = new ManifestEmitter(program, data);
  const write: ts.WriteFileCallback = (fileName, text, ...[byteOrderMark, , sourceFiles]) => {
    if (fileName.endsWith(".tsbuildinfo")) return;
    // TypeScript passes the transformed file.
    const source = sourceFiles?.[0] && (ts.getOriginalNode(sourceFiles[0]) as ts.SourceFile);
    const tail = source && isJavaScript(fileName) ? manifests.tailOf(source) : "";
    files.push({ fileName, text: (byteOrderMark ? "\uFEFF" : "") + appendTail(text, tail) });
  };
  const { before } = manifests.transformers();
  const transformers = { before: [...before, importStartup(program)] };
  const { diagnostics } = program.emit(undefined, write, undefined, false, transformers);
  return { files, diagnostics };
}

type Transformer = ts.TransformerFactory<ts.SourceFile>;

/** Creates a transformer that guards the start of every module that may be run as a server. */
function importStartup(program: ts.Program): Transformer {
  const serving = findServingFiles(program);
  return (context) => (sourceFile) => {
    const original = ts.getOriginalNode(sourceFile) as ts.SourceFile;
    const needsGuard = serving.has(original) && resolveStartup(original.fileName) !== undefined;
    return needsGuard ? addStartupImport(context, sourceFile) : sourceFile;
  };
}

/** The services and calls of one file, and the names of their code. */
interface FileData {
  readonly services: CompiledService[];
  readonly calls: SiteCall[];
  readonly names: GeneratedNames;
}

/** Writes the manifests of a program's services and the data of its calls, file by file. */
class ManifestEmitter {
  readonly #program: ts.Program;
  readonly #byFile = new Map<ts.SourceFile, FileData>();

  constructor(program: ts.Program, { services, calls }: ModuleData) {
    this.#program = program;
    for (const service of services) this.#dataOf(service.sourceFile).services.push(service);
    for (const call of calls) this.#dataOf(call.sourceFile).calls.push(call);
  }

  transformers(): { readonly before: Transformer[] } {
    const changes = new Map<ts.Node, NodeChange>();
    for (const { services, calls, names } of this.#byFile.values()) {
      for (const [index, { node }] of services.entries()) changes.set(node, addManifestGetter(names.manifest(index)));
      for (const [index, { node }] of calls.entries()) changes.set(node, addDataArgument(names.data(index)));
    }
    const change = changeNodes(changes);
    return {
      before: [(context) => (sourceFile) => (this.#byFile.has(sourceFile) ? change(context)(sourceFile) : sourceFile)],
    };
  }

  tailOf(sourceFile: ts.SourceFile): string {
    const file = this.#byFile.get(sourceFile);
    return file ? moduleTail(file, file.names, moduleFormat(this.#program, sourceFile)) : "";
  }

  #dataOf(sourceFile: ts.SourceFile): FileData {
    let file = this.#byFile.get(sourceFile);
    if (!file) {
      file = { services: [], calls: [], names: generatedNames(sourceFile.text) };
      this.#byFile.set(sourceFile, file);
    }
    return file;
  }
}

function isJavaScript(fileName: string): boolean {
  return /\.[cm]?jsx?$/.test(fileName);
}

/**
 * The part of TypeScript 5's Program that determines the module format of a file. No public API
 * considers `"type"` in package.json.
 */
interface FormatAwareProgram {
  getEmitModuleFormatOfFile(sourceFile: ts.SourceFile): ts.ModuleKind;
}

function moduleFormat(program: ts.Program, sourceFile: ts.SourceFile): ModuleFormat {
  const kind = (program as unknown as FormatAwareProgram).getEmitModuleFormatOfFile(sourceFile);
  return kind < ts.ModuleKind.ES2015 ? "commonjs" : "esm";
}
