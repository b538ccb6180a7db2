import { existsSync } from "node:fs";
import { pathToFileURL } from "node:url";
import ts from "typescript";
import type { SessionFile } from "./project-session.ts";

/** Whether a specifier names a place in the file system. */
export function isRelative(specifier: string): boolean {
  return /^\.{0,2}\//.test(specifier);
}

/** Whether a specifier names a package, or an alias for something. */
export function isBare(specifier: string): boolean {
  return !isRelative(specifier) && !/^[a-z][a-z+.-]*:/i.test(specifier);
}

const SOURCES_OF: Readonly<Record<string, readonly string[]>> = {
  ".js": [".ts", ".tsx"],
  ".jsx": [".tsx"],
  ".mjs": [".mts"],
  ".cjs": [".cts"],
};

/** TypeScript imports name the output: `./notes.js` means `./notes.ts` where that exists. */
export function sourceOf(url: URL): string | undefined {
  const extension = /\.[cm]?jsx?$/.exec(url.pathname)?.[0];
  if (url.protocol !== "file:" || extension === undefined) return undefined;
  const stem = url.pathname.slice(0, -extension.length);
  for (const candidate of SOURCES_OF[extension] ?? []) {
    const source = new URL(`${stem}${candidate}${url.search}${url.hash}`, url);
    if (existsSync(source)) return source.href;
  }
  return undefined;
}

/** Whether the `paths` of a tsconfig speak of a specifier. */
export function matchesAlias(specifier: string, { paths }: ts.CompilerOptions): boolean {
  return Object.keys(paths ?? {}).some((pattern) => {
    const [prefix = "", suffix] = pattern.split("*");
    return suffix === undefined ? specifier === pattern : specifier.startsWith(prefix) && specifier.endsWith(suffix);
  });
}

/** The URL of the module that TypeScript finds for a specifier, unless it is a declaration only. */
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
  // A declaration file says that there is something to run, but not where.
  if (!resolvedModule || /\.d\.[cm]?ts$/.test(resolvedModule.resolvedFileName)) return undefined;
  return pathToFileURL(resolvedModule.resolvedFileName).href;
}
