import ts from "typescript";
import type { Disk } from "./disk.ts";

/** A parsed file with the text it was parsed from, kept so that an unchanged file is never parsed twice. */
interface CachedSource {
  readonly text: string;
  readonly sourceFile: ts.SourceFile;
}

/** Source files by path, handed from one program to the next. */
export type SourceCache = Map<string, CachedSource>;

/** Where a host finds files. */
interface FileSources {
  readonly disk: Disk;
  readonly previous: SourceCache | undefined;
  /** Texts that win over the disk's. */
  readonly texts: ReadonlyMap<string, string> | undefined;
  /** Whether imports lead where they led before, as far as the files that import are the same. Default false. */
  readonly keepResolutions?: boolean;
}

/** A compiler host that reads from disk, reuses unchanged files and skips JSDoc where no author looks. */
export function createHost(
  options: ts.CompilerOptions,
  root: string,
  { disk, previous, texts, keepResolutions = false }: FileSources,
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
    // TypeScript asks this of an earlier program's files. One that is the same may well import another now: a file has come or gone.
    hasInvalidatedResolutions: () => !keepResolutions,
    // Everything relative means relative to the project: results must not depend on where a command was started.
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
  // Imports of a referenced project lead to its sources, where the JSDoc is, and not to output that may not be built.
  (host as { useSourceOfProjectReferenceRedirect?: () => boolean }).useSourceOfProjectReferenceRedirect = () => true;
  return { host, sources };
}

const NO_DOCS =
  /(?:[/\\]typescript[/\\]lib[/\\]lib\.[^/\\]+\.d\.ts|[/\\]node_modules[/\\](?:@types[/\\]node|undici-types)[/\\].+)$/;

/** Parses a file. TypeScript's parser runs out of stack on what is nested hundreds of levels deep: such a file is read as one with that error. */
function parseFile(
  fileName: string,
  text: string,
  version: ts.ScriptTarget | ts.CreateSourceFileOptions,
): ts.SourceFile {
  const parse = (content: string): ts.SourceFile =>
    ts.createSourceFile(fileName, content, parseOptions(fileName, version), !NO_DOCS.test(fileName));
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
        "This file is nested too deeply for TypeScript to read it. Give inner types or values names of their own.",
    });
    return file;
  }
}

/** TypeScript's own code for types that are "excessively deep". */
const NESTED_TOO_DEEPLY = 2589;

/** A third of the time to make a program goes into JSDoc of the standard library and of Node, which no schema quotes. */
function parseOptions(
  fileName: string,
  version: ts.ScriptTarget | ts.CreateSourceFileOptions,
): ts.CreateSourceFileOptions {
  const base = typeof version === "object" ? version : { languageVersion: version };
  return {
    ...base,
    jsDocParsingMode: NO_DOCS.test(fileName) ? ts.JSDocParsingMode.ParseNone : ts.JSDocParsingMode.ParseAll,
  };
}

function sameFormat(sourceFile: ts.SourceFile, version: ts.ScriptTarget | ts.CreateSourceFileOptions): boolean {
  const wanted = typeof version === "object" ? version : { languageVersion: version };
  return (
    sourceFile.languageVersion === wanted.languageVersion && sourceFile.impliedNodeFormat === wanted.impliedNodeFormat
  );
}
