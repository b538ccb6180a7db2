import ts from "typescript";
import type { Disk } from "./disk.ts";

/** A parsed file and its text, kept so that an unchanged file is not parsed again. */
interface CachedSource {
  readonly text: string;
  readonly sourceFile: ts.SourceFile;
}

/** Source files by path, passed from one program to the next. */
export type SourceCache = Map<string, CachedSource>;

/** Dependencies of {@link createHost}. */
interface HostDeps {
  readonly disk: Disk;
  readonly previous: SourceCache | undefined;
  /** Texts that override the disk's. */
  readonly texts: ReadonlyMap<string, string> | undefined;
  /** Reuse the earlier program's module resolutions in unchanged files. Default false. */
  readonly keepResolutions?: boolean;
}

/**
 * Creates a compiler host that reads from a {@link Disk}, reuses unchanged files, and skips the
 * JSDoc of declaration files: see {@link hasLateComments}.
 */
export function createHost(
  options: ts.CompilerOptions,
  root: string,
  { disk, previous, texts, keepResolutions = false }: HostDeps,
): { host: ts.CompilerHost; sources: SourceCache } {
  const sources: SourceCache = new Map();
  const host: ts.CompilerHost = {
    ...ts.createCompilerHost(options, true),
    readFile: disk.readFile,
    fileExists: disk.fileExists,
    directoryExists: disk.directoryExists,
    getDirectories: disk.getDirectories,
    readDirectory: disk.readDirectory,
    realpath: disk.realpath,
    // Imports of an unchanged file may resolve to other files than in the earlier program, because
    // files are added and removed.
    hasInvalidatedResolutions: () => !keepResolutions,
    // Results must not depend on the folder in which a command was started.
    getCurrentDirectory: () => root,
    getSourceFile: (fileName, version) => {
      const text = texts?.get(fileName) ?? disk.readFile(fileName);
      if (text === undefined) return undefined;
      const parsed = sources.get(fileName) ?? previous?.get(fileName);
      if (parsed && parsed.text === text && sameFormat(parsed.sourceFile, version)) {
        sources.set(fileName, parsed);
        return parsed.sourceFile;
      }
      const sourceFile = parseFile(fileName, text, version);
      sources.set(fileName, { text, sourceFile });
      return sourceFile;
    },
  };
  // Imports of a referenced project resolve to its sources, which have the JSDoc, and not to its
  // output, which may not be built.
  (host as { useSourceOfProjectReferenceRedirect?: () => boolean }).useSourceOfProjectReferenceRedirect = () => true;
  return { host, sources };
}

/** The standard library and Node's types, whose JSDoc no schema quotes. */
const NO_DOCS =
  /(?:[/\\]typescript[/\\]lib[/\\]lib\.[^/\\]+\.d\.ts|[/\\]node_modules[/\\](?:@types[/\\]node|undici-types)[/\\].+)$/;

/** A declaration file, also of another format: `.d.mts`, `.d.css.ts`. */
const DECLARATIONS = /\.d\.(?:[^/\\]+\.)?[cm]?ts$/;

/**
 * Checks for a file that is parsed without its JSDoc, because schemas quote only a small part of
 * it: packages consist of it to a large part, and parsing it takes a third of the time to create a
 * program. `attachComments` parses what is quoted.
 */
export function hasLateComments({ fileName }: ts.SourceFile): boolean {
  return DECLARATIONS.test(fileName) && !NO_DOCS.test(fileName);
}

/**
 * Parses a file. TypeScript's parser runs out of stack on code that is nested hundreds of levels
 * deep; the result is then an empty file with that error.
 */
function parseFile(
  fileName: string,
  text: string,
  version: ts.ScriptTarget | ts.CreateSourceFileOptions,
): ts.SourceFile {
  const parse = (content: string): ts.SourceFile =>
    // The checker sets the parents of all nodes.
    ts.createSourceFile(fileName, content, parseOptions(fileName, version), false);
  try {
    return parse(text);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const file = parse("") as ts.SourceFile & { readonly parseDiagnostics: ts.DiagnosticWithLocation[] };
    file.parseDiagnostics.push({
      file,
      start: 0,
      length: 0,
      category: ts.DiagnosticCategory.Error,
      code: NESTED_TOO_DEEPLY,
      messageText:
        "This file is nested too deeply for TypeScript to read. Declare inner types or values separately, by name.",
    });
    return file;
  }
}

/** TypeScript's own code for types that are "excessively deep". */
const NESTED_TOO_DEEPLY = 2589;

function parseOptions(
  fileName: string,
  version: ts.ScriptTarget | ts.CreateSourceFileOptions,
): ts.CreateSourceFileOptions {
  const base = typeof version === "object" ? version : { languageVersion: version };
  return {
    ...base,
    jsDocParsingMode:
      NO_DOCS.test(fileName) || DECLARATIONS.test(fileName)
        ? ts.JSDocParsingMode.ParseNone
        : ts.JSDocParsingMode.ParseAll,
  };
}

function sameFormat(sourceFile: ts.SourceFile, version: ts.ScriptTarget | ts.CreateSourceFileOptions): boolean {
  const wanted = typeof version === "object" ? version : { languageVersion: version };
  return (
    sourceFile.languageVersion === wanted.languageVersion && sourceFile.impliedNodeFormat === wanted.impliedNodeFormat
  );
}
