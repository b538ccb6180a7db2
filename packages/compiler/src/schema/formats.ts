import { createRequire } from "node:module";
import { walkSchema, type JsonSchema } from "methodic/manifest";

// A CommonJS module of which only the table of formats is needed.
const require = createRequire(import.meta.url);

/** Returns the names of the string formats that validators check. */
export function knownFormats(): readonly string[] {
  const { fullFormats } = require("ajv-formats/dist/formats") as { readonly fullFormats: object };
  return Object.keys(fullFormats);
}

/** Finds the formats of a schema that no validator knows. JSON Schema ignores them, however strict they read. */
export function findUnknownFormats(schema: JsonSchema): readonly string[] {
  const found = new Set<string>();
  walkSchema(schema, ({ format }) => {
    if (typeof format === "string") found.add(format);
  });
  // Nearly all schemas have no format at all; the table is loaded for the others only.
  if (found.size === 0) return [];
  const known = new Set(knownFormats());
  return [...found].filter((name) => !known.has(name));
}
