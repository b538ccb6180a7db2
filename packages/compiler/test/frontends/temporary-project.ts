import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const CACHE = fileURLToPath(new URL("../../.cache/", import.meta.url));

/** A project in a folder of its own inside this package, so that `methodic` resolves from it as from any author's project. */
export interface TemporaryProject extends Disposable {
  readonly root: string;
  /** The absolute path of one of its files. */
  path(name: string): string;
  write(name: string, text: string): void;
}

/** Writes a project to disk; `using` removes it again. */
export function createProject(files: Readonly<Record<string, string | object>>): TemporaryProject {
  mkdirSync(CACHE, { recursive: true });
  const root = mkdtempSync(path.join(CACHE, "project-"));
  const project: TemporaryProject = {
    root,
    path: (name) => path.join(root, name),
    write: (name, text) => {
      mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
      writeFileSync(path.join(root, name), text);
    },
    [Symbol.dispose]: () => rmSync(root, { recursive: true, force: true }),
  };
  for (const [name, content] of Object.entries(files)) {
    project.write(name, typeof content === "string" ? content : `${JSON.stringify(content, undefined, 2)}\n`);
  }
  return project;
}
