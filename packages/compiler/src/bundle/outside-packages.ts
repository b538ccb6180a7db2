import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import type { Plugin } from "rolldown";
import type { BundleTarget } from "./bundle-options.ts";

/** A package that a bundle needs beside it. */
export interface OutsidePackage {
  readonly name: string;
  /** The version that was installed; empty if it was not. */
  readonly version: string;
  readonly reason: "native code" | "asked for";
}

/** Finds what stays outside of a bundle while it is made. */
export interface OutsidePackages {
  readonly plugin: Plugin;
  /** Sorted by name. */
  found(): OutsidePackage[];
  /** Where they are installed, by name; absolute. */
  folders(): ReadonlyMap<string, string>;
}

/** The parts of a package.json that say what a package is made of. */
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

/** Packages that only packages with native code need. */
const NATIVE_LOADERS: readonly string[] = [
  "@mapbox/node-pre-gyp",
  "@neon-rs/load",
  "bindings",
  "node-gyp-build",
  "node-gyp-build-optional-packages",
  "prebuild-install",
];
/** `@libsql/linux-x64-gnu`, `@img/sharp-darwin-arm64` … */
const PLATFORM = /(?:^|[-/])(?:android|darwin|freebsd|linux|linuxmusl|win32)-(?:arm|arm64|ia32|universal|x64)(?:-|$)/;
/** A specifier of a package, without what comes after its name. */
const PACKAGE_NAME = /^(?:@[^/]+\/)?[^/]+/;

/**
 * The plugin that keeps packages outside of a bundle: those with native code, which cannot be part of a JavaScript file, and those that
 * the author names.
 */
export function keepOutside({
  names,
  target,
}: {
  readonly names: readonly string[];
  readonly target: BundleTarget;
}): OutsidePackages {
  const found = new Map<string, OutsidePackage>();
  const folders = new Map<string, string>();
  const native = new Map<string, boolean>();
  return {
    folders: () => folders,
    found: () => [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1)),
    plugin: {
      name: "methodic-outside",
      resolveId: {
        order: "pre",
        // Packages alone: no paths, no subpath imports, no URLs, nothing virtual.
        filter: { id: /^(?:@[^/:]+\/)?[^./#\0:][^:]*$/ },
        async handler(source, importer, { isEntry, kind }) {
          if (isEntry || path.isAbsolute(source)) return null;
          const name = PACKAGE_NAME.exec(source)?.[0] ?? source;
          const asked = names.includes(name) || names.includes(source);
          const resolved = await this.resolve(source, importer, { skipSelf: true });
          if (!resolved && !asked && kind === "import-statement") {
            this.error(
              `'${source}', which ${importer ?? "the entry"} imports, is not installed. Install it, or leave it out: --external ${name}`,
            );
          }
          const folder = resolved && !resolved.external ? packageFolder(resolved.id, name) : undefined;
          const manifest = folder === undefined ? {} : readManifest(folder);
          if (!asked && (folder === undefined || !remember(native, folder, () => isNative(folder, manifest))))
            return resolved;
          if (target === "worker" && !asked)
            this.error(`'${name}' holds native code, which does not run on '${target}'.`);
          found.set(name, { name, version: manifest.version ?? "", reason: asked ? "asked for" : "native code" });
          if (folder !== undefined) folders.set(name, folder);
          return { id: source, external: true };
        },
      },
    },
  };
}

function remember<K, V>(known: Map<K, V>, key: K, find: () => V): V {
  const value = known.get(key) ?? find();
  known.set(key, value);
  return value;
}

/** The folder of the package that a file belongs to; it may lie anywhere, since package managers link. */
function packageFolder(fileName: string, name: string): string | undefined {
  let folder = path.dirname(fileName);
  for (; folder !== path.dirname(folder); folder = path.dirname(folder)) {
    if (!existsSync(path.join(folder, "package.json"))) continue;
    // Some have a package.json in a folder of theirs that only says its `type`.
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
