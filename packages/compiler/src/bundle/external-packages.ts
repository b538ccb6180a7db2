import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import type { Plugin } from "rolldown";
import type { BundleTarget } from "./bundle-options.ts";

/** A package that a bundle leaves out and needs at run time. */
export interface ExternalPackage {
  readonly name: string;
  /** The installed version; empty if it is not installed. */
  readonly version: string;
  readonly reason: "native code" | "requested";
}

/** A plugin that leaves packages out of a bundle, and the packages it found. */
export interface ExternalPackages {
  readonly plugin: Plugin;
  /** Returns the packages that were left out, sorted by name. */
  list(): ExternalPackage[];
  /** Returns the absolute paths of their folders, by name. */
  listFolders(): ReadonlyMap<string, string>;
}

/** Fields of package.json, most of which reveal native code. */
interface PackageManifest {
  readonly name?: string;
  readonly version?: string;
  readonly main?: string;
  readonly gypfile?: boolean;
  readonly binary?: unknown;
  readonly napi?: unknown;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

/** Packages that only packages with native code depend on. */
const NATIVE_LOADERS: readonly string[] = [
  "@mapbox/node-pre-gyp",
  "@neon-rs/load",
  "bindings",
  "node-gyp-build",
  "node-gyp-build-optional-packages",
  "prebuild-install",
];
/** Matches names such as `@libsql/linux-x64-gnu` and `@img/sharp-darwin-arm64`. */
const PLATFORM = /(?:^|[-/])(?:android|darwin|freebsd|linux|linuxmusl|win32)-(?:arm|arm64|ia32|universal|x64)(?:-|$)/;
/** Matches the package name in a specifier. */
const PACKAGE_NAME = /^(?:@[^/]+\/)?[^/]+/;

/**
 * Creates the plugin that leaves packages out of a bundle: those with native code, and those that
 * the author names.
 */
export function excludePackages({
  names,
  target,
}: {
  readonly names: readonly string[];
  readonly target: BundleTarget;
}): ExternalPackages {
  const found = new Map<string, ExternalPackage>();
  const folders = new Map<string, string>();
  const native = new Map<string, boolean>();
  return {
    listFolders: () => folders,
    list: () => [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1)),
    plugin: {
      name: "methodic-external",
      resolveId: {
        order: "pre",
        // Matches packages only: not paths, subpath imports, URLs or virtual modules.
        filter: { id: /^(?:@[^/:]+\/)?[^./#\0:][^:]*$/ },
        async handler(source, importer, { isEntry, kind }) {
          if (isEntry || path.isAbsolute(source)) return null;
          const name = PACKAGE_NAME.exec(source)?.[0] ?? source;
          const isRequested = names.includes(name) || names.includes(source);
          const resolved = await this.resolve(source, importer, { skipSelf: true });
          if (!resolved && !isRequested && kind === "import-statement") {
            this.error(
              `'${source}', which ${importer ?? "the entry"} imports, is not installed. Install it, or leave it out with --external ${name}`,
            );
          }
          const folder = resolved && !resolved.external ? packageFolder(resolved.id, name) : undefined;
          const manifest = folder === undefined ? {} : readManifest(folder);
          if (!isRequested && (folder === undefined || !getOrCreate(native, folder, () => isNative(folder, manifest))))
            return resolved;
          if (target === "worker" && !isRequested)
            this.error(`'${name}' contains native code, which does not run on '${target}'.`);
          found.set(name, { name, version: manifest.version ?? "", reason: isRequested ? "requested" : "native code" });
          if (folder !== undefined) folders.set(name, folder);
          return { id: source, external: true };
        },
      },
    },
  };
}

function getOrCreate<K, V>(known: Map<K, V>, key: K, find: () => V): V {
  const value = known.get(key) ?? find();
  known.set(key, value);
  return value;
}

/** Returns the folder of a file's package; links may lead outside `node_modules`. */
function packageFolder(fileName: string, name: string): string | undefined {
  let folder = path.dirname(fileName);
  for (; folder !== path.dirname(folder); folder = path.dirname(folder)) {
    if (!existsSync(path.join(folder, "package.json"))) continue;
    // Some packages have a nested package.json that only sets `type`.
    if (readManifest(folder).name === name || path.basename(path.dirname(folder)) === "node_modules") return folder;
  }
  return undefined;
}

function readManifest(folder: string): PackageManifest {
  try {
    return JSON.parse(readFileSync(path.join(folder, "package.json"), "utf8")) as PackageManifest;
  } catch {
    return {};
  }
}

function isNative(folder: string, manifest: PackageManifest): boolean {
  const { main = "", gypfile, binary, napi, dependencies = {}, optionalDependencies = {} } = manifest;
  return (
    main.endsWith(".node") ||
    gypfile === true ||
    binary !== undefined ||
    napi !== undefined ||
    NATIVE_LOADERS.some((loader) => loader in dependencies || loader in optionalDependencies) ||
    Object.keys(optionalDependencies).some((dependency) => PLATFORM.test(dependency)) ||
    ["binding.gyp", "prebuilds"].some((entry) => existsSync(path.join(folder, entry)))
  );
}
