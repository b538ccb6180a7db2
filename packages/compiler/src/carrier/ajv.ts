import { createRequire } from "node:module";

// CommonJS modules whose default export TypeScript and Node see differently; require has only one view.
const require = createRequire(import.meta.url);

/** What is used of ajv. */
interface Ajv {
  readonly Ajv2020: typeof import("ajv/dist/2020.js").Ajv2020;
  readonly addFormats: typeof import("ajv-formats").default;
  readonly standaloneCode: typeof import("ajv/dist/standalone/index.js").default;
  /** Makes a piece of code of a template. */
  readonly code: typeof import("ajv")._;
}

let loaded: Ajv | undefined;

/** Loads ajv when the first validator is made: who only reads schemas does without. */
export function loadAjv(): Ajv {
  loaded ??= {
    Ajv2020: (require("ajv/dist/2020.js") as typeof import("ajv/dist/2020.js")).Ajv2020,
    addFormats: (require("ajv-formats") as typeof import("ajv-formats")).default,
    standaloneCode: (require("ajv/dist/standalone") as typeof import("ajv/dist/standalone/index.js")).default,
    code: (require("ajv") as typeof import("ajv"))._,
  };
  return loaded;
}
