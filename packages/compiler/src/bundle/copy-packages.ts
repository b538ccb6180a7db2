import { cpSync, existsSync, mkdirSync, readFileSync, realpathSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { BundleFailure } from "./bundle-options.ts";

/** Tells a folder that was made here, and may be made anew, from one that a package manager made. */
const MARK = ".methodic-bundle";

/**
 * Copies installed packages, with all they need, into a `node_modules` folder, which is replaced as a whole.
 * @param folders The packages' folders, by name
 * @returns The folder
 * @throws BundleFailure if somebody else made the folder that is there
 */
export function copyPackages(folders: ReadonlyMap<string, string>, into: string): string {
  const target = path.join(into, "node_modules");
  if (existsSync(target) && !existsSync(path.join(target, MARK))) {
    throw new BundleFailure(
      `'${target}' is not the bundler's own, so --copy-external leaves it alone; name another place for the bundle with --out-dir.`,
    );
  }
  const temporary = `${target}.${process.pid}.tmp`;
  try {
    mkdirSync(temporary, { recursive: true });
    writeFileSync(
      path.join(temporary, MARK),
      "Made by methodic build --bundle --copy-external, and replaced by the next one.\n",
    );
    for (const [name, folder] of folders) copyPackage({ name, folder: realpathSync(folder), places: [temporary] });
    rmSync(target, { recursive: true, force: true });
    renameSync(temporary, target);
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
  return target;
}

/** What a package was copied for. */
interface Wanted {
  readonly name: string;
  /** Where it is installed. */
  readonly folder: string;
  /** The `node_modules` folders in which Node looks for it, the outermost first. */
  readonly places: readonly [string, ...string[]];
}

/** Lays packages flat where that is possible; what is there in another version goes below the package that needs it. */
function copyPackage({ name, folder, places }: Wanted): void {
  const there = [...places].reverse().find((place) => existsSync(path.join(place, name)));
  if (there !== undefined && versionOf(path.join(there, name)) === versionOf(folder)) return;
  const copied = path.join(there === undefined ? places[0] : (places.at(-1) ?? places[0]), name);
  const nested = path.join(folder, "node_modules");
  cpSync(folder, copied, { recursive: true, dereference: true, filter: (source) => source !== nested });
  const { dependencies, optionalDependencies, peerDependencies } = readManifest(folder);
  for (const dependency of Object.keys({ ...dependencies, ...optionalDependencies, ...peerDependencies })) {
    const found = findInstalled(dependency, folder);
    // Of packages for other platforms, and of optional peers, only what is installed is needed.
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

/** Where Node would find a package from another one's folder. */
function findInstalled(name: string, from: string): string | undefined {
  for (let folder = from; folder !== path.dirname(folder); folder = path.dirname(folder)) {
    const candidate = path.join(folder, "node_modules", name);
    if (existsSync(path.join(candidate, "package.json"))) return realpathSync(candidate);
  }
  return undefined;
}
