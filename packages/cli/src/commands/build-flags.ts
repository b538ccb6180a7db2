import type { BundleTarget } from "@methodic/compiler/bundle";
import type { ReportFlags } from "../report.ts";

/** The options of `methodic build`. */
export interface BuildFlags extends ReportFlags {
  readonly tsconfig?: string;
  readonly outDir?: string;
  readonly watch?: boolean;
  readonly bundle?: boolean;
  readonly entry?: string;
  readonly outFile?: string;
  readonly target?: BundleTarget;
  readonly minify?: boolean;
  readonly external?: readonly string[];
  readonly copyExternal?: boolean;
}
