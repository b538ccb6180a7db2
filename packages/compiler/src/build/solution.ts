import path from "node:path";
import type ts from "typescript";
import { Disk } from "../project/disk.ts";
import type { Project } from "../project/project.ts";
import { readSolution } from "../project/tsconfig.ts";

/** Which project, and where its JavaScript is. Relative paths are relative to `root`. */
export interface ProjectLocation {
  readonly root: string;
  readonly tsconfig?: string;
  readonly outDir?: string;
}

/** A project with one tsconfig that has files. */
export interface ProjectUnit extends ProjectLocation {
  /** Absolute; `dist` is in it, unless something else is said. */
  readonly folder: string;
}

/** A solution's projects have options of their own each, so each is a unit; any other project is the only one. */
export function splitSolution(location: ProjectLocation, disk: Disk = new Disk()): ProjectUnit[] {
  const root = path.resolve(location.root);
  const tsconfigPath = path.resolve(root, location.tsconfig ?? "tsconfig.json").replaceAll("\\", "/");
  const projects = readSolution(tsconfigPath, disk);
  if (!projects?.length) return [{ ...location, folder: root }];
  return projects.map((tsconfig) => {
    const folder = path.dirname(tsconfig);
    const outDir =
      location.outDir === undefined ? {} : { outDir: path.join(location.outDir, path.relative(root, folder)) };
    return { root, tsconfig, folder, ...outDir };
  });
}

/** A project's sources but for those of the projects it refers to, which are compiled by themselves. */
export function unreferencedFiles({ program, files }: Project): ts.SourceFile[] {
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
