import { existsSync } from "node:fs";
import { pathToFileURL } from "node:url";
import ts from "typescript";
import type { SessionFile } from "./project-session.ts";

/** Checks whether a specifier is a relative or absolute path. */
export function isRelative(specifier: string): boolean {
  return /^\.{0,2}\//.test(specifier);
}

/** Checks whether a specifier is bare: a package name, or an alias. */
export function isBare(specifier: string): boolean {
  return !isRelative(specifier) && !/^[a-z][a-z+.-]*:/i.test(specifier);
}

const SOURCE_EXTENSIONS: Readonly<Record<string, readonly string[]>> = {
  ".js": [".ts", ".tsx"],
  ".jsx": [".tsx"],
  ".mjs": [".mts"],
  ".cjs": [".cts"],
};

/**
 * Finds the source of an imported output file: `./notes.ts` for `./notes.js`. Returns undefined if
 * it does not exist.
 */
export function findSource(url: URL): string | undefined {
  const extension = /\.[cm]?jsx?$/.exec(url.pathname)?.[0];
  if (url.protocol !== "file:" || extension === undefined) return undefined;
  const stem = url.pathname.slice(0, -extension.length);
  for (const candidate of SOURCE_EXTENSIONS[extension] ?? []) {
    const source = new URL(`${stem}${candidate}${url.search}${url.hash}`, url);
    if (existsSync(source)) return source.href;
  }
  return undefined;
}

/** Checks whether a pattern in the tsconfig's `paths` matches a specifier. */
export function matchesAlias(specifier: string, { paths }: ts.CompilerOptions): boolean {
  return Object.keys(paths ?? {}).some((pattern) => {
    const [prefix = "", suffix] = pattern.split("*");
    return suffix === undefined ? specifier === pattern : specifier.startsWith(prefix) && specifier.endsWith(suffix);
  });
}

/**
 * Resolves a specifier as TypeScript does. Returns undefined if only a declaration file is found.
 */
export function resolveAsTypeScript(specifier: string, { project, sourceFile }: SessionFile): string | undefined {
  const { impliedNodeFormat, fileName } = sourceFile;
  const mode = impliedNodeFormat === ts.ModuleKind.CommonJS ? ts.ModuleKind.CommonJS : ts.ModuleKind.ESNext;
  const { resolvedModule } = ts.resolveModuleName(
    specifier,
    fileName,
    project.options,
    ts.sys,
    undefined,
    undefined,
    mode,
  );
  // A declaration file does not tell where the JavaScript is.
  if (!resolvedModule || /\.d\.[cm]?ts$/.test(resolvedModule.resolvedFileName)) return undefined;
  return pathToFileURL(resolvedModule.resolvedFileName).href;
}
