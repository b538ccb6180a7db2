import path from "node:path";
import type ts from "typescript";
import { toPosix } from "../diagnostics/diagnostic.ts";
import { Disk } from "../project/disk.ts";
import type { Project } from "../project/project.ts";
import type { SchemaOptions } from "../project/schema-options.ts";
import { readSolution } from "../project/tsconfig.ts";

/** The location of a project and its JavaScript. Relative paths are relative to `root`. */
export interface ProjectLocation {
  readonly root: string;
  readonly tsconfig?: string;
  readonly outDir?: string;
  readonly schemaOptions?: SchemaOptions;
}

/** A project with a single tsconfig, which lists its files. */
export interface ProjectUnit extends ProjectLocation {
  /** Absolute path of the project's folder, the parent of the default `dist`. */
  readonly folder: string;
}

/**
 * Splits a solution (a tsconfig with only `references`) into its projects, each with its own
 * compiler options. Any other project is returned as the only one.
 */
export function splitSolution(location: ProjectLocation, disk: Disk = new Disk()): ProjectUnit[] {
  const root = path.resolve(location.root);
  const tsconfigPath = toPosix(path.resolve(root, location.tsconfig ?? "tsconfig.json"));
  const projects = readSolution(tsconfigPath, disk);
  if (!projects?.length) return [{ ...location, folder: root }];
  const { schemaOptions } = location;
  return projects.map((tsconfig) => {
    const folder = path.dirname(tsconfig);
    const outDir =
      location.outDir === undefined ? {} : { outDir: path.join(location.outDir, path.relative(root, folder)) };
    return { root, tsconfig, folder, ...outDir, ...(schemaOptions && { schemaOptions }) };
  });
}

/**
 * Returns a project's sources, without those of referenced projects, which are built separately.
 */
export function listUnreferencedFiles({ program, files }: Project): ts.SourceFile[] {
  const referenced = new Set<string>();
  const seen = new Set<ts.ResolvedProjectReference>();
  const collect = (references: readonly (ts.ResolvedProjectReference | undefined)[] | undefined): void => {
    for (const reference of references ?? []) {
      if (!reference || seen.has(reference)) continue;
      seen.add(reference);
      for (const fileName of reference.commandLine.fileNames) referenced.add(fileName);
      collect(reference.references);
    }
  };
  collect(program.getResolvedProjectReferences());
  return files.filter(({ fileName }) => !referenced.has(fileName));
}
