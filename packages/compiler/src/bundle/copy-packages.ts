import { cpSync, existsSync, mkdirSync, readFileSync, realpathSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { BundleFailure } from "./bundle-options.ts";

/** Marks a `node_modules` folder as a copy that may be replaced, not a package manager's. */
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
    for (const [name, folder] of folders) copyPackage({ name, folder: realpathSync(folder), searched: [temporary] });
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
  /** The folder that it is installed in. */
  readonly folder: string;
  /** The `node_modules` folders that Node searches for it, outermost first. */
  readonly searched: readonly [string, ...string[]];
}

/** Copies a package to the outermost folder, or below its dependent if versions conflict. */
function copyPackage({ name, folder, searched }: PackageToCopy): void {
  const holder = [...searched].reverse().find((parent) => existsSync(path.join(parent, name)));
  if (holder !== undefined && readVersion(path.join(holder, name)) === readVersion(folder)) return;
  const copied = path.join(holder === undefined ? searched[0] : (searched.at(-1) ?? searched[0]), name);
  const nested = path.join(folder, "node_modules");
  cpSync(folder, copied, { recursive: true, dereference: true, filter: (source) => source !== nested });
  const { dependencies, optionalDependencies, peerDependencies } = readManifest(folder);
  for (const dependency of Object.keys({ ...dependencies, ...optionalDependencies, ...peerDependencies })) {
    const found = findInstalled(dependency, folder);
    // Packages of other platforms and optional peers may be missing.
    if (found !== undefined)
      copyPackage({ name: dependency, folder: found, searched: [...searched, path.join(copied, "node_modules")] });
  }
}

interface Manifest {
  readonly version?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

function readVersion(folder: string): string | undefined {
  return readManifest(folder).version;
}

function readManifest(folder: string): Manifest {
  return JSON.parse(readFileSync(path.join(folder, "package.json"), "utf8")) as Manifest;
}

/** Finds a package from another package's folder, as Node does. */
function findInstalled(name: string, from: string): string | undefined {
  for (let folder = from; folder !== path.dirname(folder); folder = path.dirname(folder)) {
    const candidate = path.join(folder, "node_modules", name);
    if (existsSync(path.join(candidate, "package.json"))) return realpathSync(candidate);
  }
  return undefined;
}
