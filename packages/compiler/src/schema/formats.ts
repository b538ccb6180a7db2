import { createRequire } from "node:module";
import type { JsonSchema } from "methodic/manifest";

// A CommonJS module; its table of formats is all that is wanted.
const require = createRequire(import.meta.url);

/** The names of the string formats that validators check. */
export function knownFormats(): readonly string[] {
  const { fullFormats } = require("ajv-formats/dist/formats") as { readonly fullFormats: object };
  return Object.keys(fullFormats);
}

const SAMPLES: ReadonlySet<string> = new Set(["default", "examples", "const", "enum"]);

/** The formats of a schema that no validator knows: JSON Schema lets them say nothing, however strict they read. */
export function findUnknownFormats(schema: JsonSchema): readonly string[] {
  const found = new Set<string>();
  // Nearly all schemas have no format at all.
  if (!JSON.stringify(schema).includes('"format"')) return [];
  JSON.stringify(schema, (key: string, value: unknown) => {
    if (key === "format" && typeof value === "string") found.add(value);
    // Samples of values are no schemas.
    return SAMPLES.has(key) ? undefined : value;
  });
  const known = new Set(knownFormats());
  return [...found].filter((name) => !known.has(name));
}
