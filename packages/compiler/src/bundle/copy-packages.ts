import { cpSync, existsSync, mkdirSync, readFileSync, realpathSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { BundleFailure } from "./bundle-options.ts";

/**
 * Marks a folder as created here: it may be replaced, unlike one that a package manager created.
 */
const MARKER = ".methodic-bundle";

/**
 * Copies installed packages and their dependencies into a `node_modules` folder, replacing it.
 * @param folders The packages' folders, by name
 * @returns The path of `node_modules`
 * @throws BundleFailure if the existing folder was not created by an earlier call
 */
export function copyPackages(folders: ReadonlyMap<string, string>, into: string): string {
  const target = path.join(into, "node_modules");
  if (existsSync(target) && !existsSync(path.join(target, MARKER))) {
    throw new BundleFailure(
      `'${target}' was not created by --copy-external and is left alone. Write the bundle elsewhere with --out-dir.`,
    );
  }
  const temporary = `${target}.${process.pid}.tmp`;
  try {
    mkdirSync(temporary, { recursive: true });
    writeFileSync(
      path.join(temporary, MARKER),
      "Created by methodic build --bundle --copy-external, which replaces it.\n",
    );
    for (const [name, folder] of folders) copyPackage({ name, folder: realpathSync(folder), places: [temporary] });
    rmSync(target, { recursive: true, force: true });
    renameSync(temporary, target);
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
  return target;
}

/** A package to copy. */
interface PackageToCopy {
  readonly name: string;
  /** The folder it is installed in. */
  readonly folder: string;
  /** The `node_modules` folders that Node searches for it, outermost first. */
  readonly places: readonly [string, ...string[]];
}

/** Copies a package to the outermost folder, or below its dependent if another version is there. */
function copyPackage({ name, folder, places }: PackageToCopy): void {
  const there = [...places].reverse().find((place) => existsSync(path.join(place, name)));
  if (there !== undefined && versionOf(path.join(there, name)) === versionOf(folder)) return;
  const copied = path.join(there === undefined ? places[0] : (places.at(-1) ?? places[0]), name);
  const nested = path.join(folder, "node_modules");
  cpSync(folder, copied, { recursive: true, dereference: true, filter: (source) => source !== nested });
  const { dependencies, optionalDependencies, peerDependencies } = readManifest(folder);
  for (const dependency of Object.keys({ ...dependencies, ...optionalDependencies, ...peerDependencies })) {
    const found = findInstalled(dependency, folder);
    // Packages of other platforms and optional peers may be missing.
    if (found !== undefined)
      copyPackage({ name: dependency, folder: found, places: [...places, path.join(copied, "node_modules")] });
  }
}

interface Manifest {
  readonly version?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

function versionOf(folder: string): string | undefined {
  return readManifest(folder).version;
}

function readManifest(folder: string): Manifest {
  return JSON.parse(readFileSync(path.join(folder, "package.json"), "utf8")) as Manifest;
}

/** Finds a package as Node does from another package's folder. */
function findInstalled(name: string, from: string): string | undefined {
  for (let folder = from; folder !== path.dirname(folder); folder = path.dirname(folder)) {
    const candidate = path.join(folder, "node_modules", name);
    if (existsSync(path.join(candidate, "package.json"))) return realpathSync(candidate);
  }
  return undefined;
}
