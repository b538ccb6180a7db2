/**
 * Where a bundle runs: `node` serves itself when it is started; `worker` (Cloudflare Workers and their like), `bun` and `deno` export
 * `{ fetch }`, which their runtime serves. `worker` is free of Node's modules.
 */
export type BundleTarget = "node" | "worker" | "bun" | "deno";

/** What `bundleProject` bundles. Relative paths are relative to `root`. */
export interface BundleOptions {
  /** The project's folder. */
  readonly root: string;
  /** The tsconfig file. Default: `tsconfig.json` in `root`; where there is none, sensible defaults. */
  readonly tsconfig?: string;
  /** The module that starts the server, or whose default export is the server. Default: `src/main.ts`, else what package.json says, else other usual names. */
  readonly entry?: string;
  /** The folder of the bundle. Default: the tsconfig's `outDir`, else `dist`. */
  readonly outDir?: string;
  /** The bundle's file. Default: the entry's name with `.mjs`, in `outDir`. */
  readonly outFile?: string;
  /** Default `node`. */
  readonly target?: BundleTarget;
  /** Whether names and whitespace are shortened. Default false. */
  readonly minify?: boolean;
  /** Packages that stay outside, besides those that hold native code. */
  readonly external?: readonly string[];
  /** Whether the packages that stay outside are copied into a `node_modules` beside the bundle, for this kind of machine. Default false. */
  readonly copyExternal?: boolean;
}

/** Why a project cannot be bundled: what, where and what to do. Problems in the author's classes are diagnostics instead. */
export class BundleFailure extends Error {
  override readonly name: string = "BundleFailure";
}
