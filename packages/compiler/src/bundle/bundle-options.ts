import type { SchemaOptions } from "../project/schema-options.ts";

/**
 * The runtime of a bundle. A `node` bundle starts the server when it is run. Bundles for `worker`
 * (Cloudflare Workers and compatible runtimes), `bun` and `deno` export `{ fetch }`, which the
 * runtime serves. `worker` bundles do not use Node's built-in modules.
 */
export type BundleTarget = "node" | "worker" | "bun" | "deno";

/** Options of `bundleProject`. Relative paths are relative to `root`. */
export interface BundleOptions {
  /** The project's folder. */
  readonly root: string;
  /**
   * The tsconfig file. Default: `tsconfig.json` in `root`, or built-in defaults if it is missing.
   */
  readonly tsconfig?: string;
  /** Options about schemas that override those of the tsconfig. */
  readonly schemaOptions?: SchemaOptions;
  /**
   * The module that starts the server, or whose default export is the server. Default:
   * `src/main.ts`, else the program or main module of package.json, else `src/server.ts` and other
   * common names.
   */
  readonly entry?: string;
  /** The folder of the bundle. Default: the tsconfig's `outDir`, else `dist`. */
  readonly outDir?: string;
  /** The file to write. Default: the entry's name with `.mjs`, in `outDir`. */
  readonly outFile?: string;
  /** The runtime that runs the bundle. Default: `node`. */
  readonly target?: BundleTarget;
  /** Shorten names and whitespace. Default: false. */
  readonly minify?: boolean;
  /** Packages to leave out, in addition to packages with native code. */
  readonly external?: readonly string[];
  /**
   * Copy the packages that are left out into `node_modules` next to the bundle, for this platform.
   * Default: false.
   */
  readonly copyExternal?: boolean;
}

/** Thrown if a project cannot be bundled. Problems in its classes are diagnostics instead. */
export class BundleFailure extends Error {
  override readonly name: string = "BundleFailure";
}
