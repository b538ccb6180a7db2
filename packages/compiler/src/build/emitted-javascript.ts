import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import type { OutputFile } from "../emit/emit.ts";
import { mapComment } from "../emit/manifest-code.ts";
import type { PatchOutcome } from "../emit/patch-module.ts";
import { moveMappings } from "../emit/source-map-edits.ts";
import type { Project } from "../project/project.ts";
import type { ProjectUnit } from "./solution.ts";

/** A JavaScript file that another compiler wrote, with its source map if it has one. */
export interface EmittedJavaScript {
  readonly fileName: string;
  readonly text: string;
  readonly map: EmittedMap | undefined;
  /** The text of its source, if the source map embeds it. */
  readonly embeddedSource: string | undefined;
}

interface EmittedMap {
  /** undefined if the map is inline. */
  readonly fileName: string | undefined;
  readonly content: MapContent;
}

interface MapContent {
  readonly sourceRoot?: string;
  readonly sources: readonly string[];
  readonly sourcesContent?: readonly (string | null)[];
  readonly mappings: string;
}

/**
 * Finds the JavaScript of a source file.
 * @returns Its path, or the paths that were searched if the file is missing or ambiguous
 */
export function findEmittedFile(
  project: Project,
  source: ts.SourceFile,
  unit: ProjectUnit,
): string | { readonly searched: readonly string[] } {
  const searched = [...new Set(listCandidates(project, source.fileName, unit))];
  const existing = searched.filter((fileName) => existsSync(fileName));
  const [only, ...others] = existing;
  if (only !== undefined && others.length === 0) return only;
  // Several builds wrote here: the source maps tell which file belongs to this source.
  const mapped = existing.filter((fileName) =>
    resolveMapSources(readEmitted(fileName)).includes(path.resolve(source.fileName)),
  );
  const [exact] = mapped;
  return exact !== undefined && mapped.length === 1 ? exact : { searched };
}

/**
 * Returns the paths where compilers put the output of a source: mirrored from `rootDir`, from the
 * common folder of all sources, or from the project's folder.
 */
function listCandidates(project: Project, source: string, { outDir, folder: ownFolder }: ProjectUnit): string[] {
  const { options, root } = project;
  const output = source.replace(/tsx?$/, options.jsx === ts.JsxEmit.Preserve && source.endsWith("x") ? "jsx" : "js");
  const folder = outDir === undefined ? (options.outDir ?? path.join(ownFolder, "dist")) : path.resolve(root, outDir);
  const below = [options.rootDir, findCommonFolder(project.files), root].flatMap((base) => {
    const inside = base === undefined ? ".." : path.relative(base, output);
    return inside.startsWith("..") ? [] : [path.resolve(folder, inside)];
  });
  return outDir === undefined && options.outDir === undefined ? [...below, path.resolve(output)] : below;
}

function findCommonFolder(files: readonly ts.SourceFile[]): string | undefined {
  const [first, ...others] = files.map(({ fileName }) => path.dirname(fileName).split("/"));
  if (!first) return undefined;
  const length = first.findIndex((part, index) => others.some((other) => other[index] !== part));
  return first.slice(0, length < 0 ? first.length : length).join("/");
}

/** Reads a JavaScript file and its source map. */
export function readEmitted(fileName: string): EmittedJavaScript {
  const text = readFileSync(fileName, "utf8");
  const map = readMap(fileName, mapComment(text));
  const [embedded] = map?.content.sourcesContent ?? [];
  return { fileName, text, map, embeddedSource: embedded ?? undefined };
}

const DATA_URL = /^(data:application\/json;(?:charset=[\w-]+;)?base64,)(.*)$/;

function readMap(fileName: string, comment: string): EmittedMap | undefined {
  const url = comment.replace("//# sourceMappingURL=", "").trim();
  const [, , inline] = DATA_URL.exec(url) ?? [];
  if (inline !== undefined) return { fileName: undefined, content: parseMap(Buffer.from(inline, "base64").toString()) };
  const mapName = path.resolve(path.dirname(fileName), decodeURIComponent(url));
  return url !== "" && existsSync(mapName)
    ? { fileName: mapName, content: parseMap(readFileSync(mapName, "utf8")) }
    : undefined;
}

function parseMap(text: string): MapContent {
  return JSON.parse(text) as MapContent;
}

/** Returns the absolute paths of the sources in a file's source map. */
function resolveMapSources({ fileName, map }: EmittedJavaScript): string[] {
  const folder = path.resolve(path.dirname(map?.fileName ?? fileName), map?.content.sourceRoot ?? "");
  return (map?.content.sources ?? []).map((source) =>
    source.startsWith("file:") ? fileURLToPath(source) : path.resolve(folder, source),
  );
}

/**
 * Returns the files to write after a patch: the JavaScript and its source map, or nothing if both
 * are up to date.
 */
export function listChangedFiles(
  { fileName, text, map }: EmittedJavaScript,
  patched: Extract<PatchOutcome, { readonly kind: "patched" }>,
): OutputFile[] {
  const mappings = patched.steps.reduce(moveMappings, map?.content.mappings ?? "");
  const content = JSON.stringify({ ...map?.content, mappings });
  if (map && map.fileName === undefined) {
    const comment = mapComment(patched.text);
    const encoded = Buffer.from(content).toString("base64");
    const withMap = patched.text.slice(0, -comment.length) + comment.replace(/base64,[^\s]*/, `base64,${encoded}`);
    return withMap === text ? [] : [{ fileName, text: withMap }];
  }
  if (patched.text === text) return [];
  return [
    { fileName, text: patched.text },
    ...(map?.fileName === undefined ? [] : [{ fileName: map.fileName, text: content }]),
  ];
}
