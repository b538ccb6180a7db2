import { createRequire } from "node:module";
import type { JsonSchema, JsonValue } from "methodic/manifest";

// Not imported: few projects have a default that needs a validator, and these take a while to load.
const require = createRequire(import.meta.url);

/** What stands in a schema without saying anything about values. */
const REMARKS: ReadonlySet<string> = new Set(["title", "description", "deprecated", "examples", "default"]);

/**
 * Leaves out the defaults that their own schema refuses: `x: number = "a" as never`, a default below the `@minimum`, an object
 * with more properties than its type has. The method still has its default, but a client that sends the published one would be refused.
 * @param onDropped Is told of each, with the path of property names that leads to it
 */
export function dropInvalidDefaults(schema: JsonSchema, onDropped?: DroppedDefault): JsonSchema {
  return new DefaultCheck(schema["$defs"], onDropped).clean(schema, []);
}

/** Hears of a default that its schema refuses. */
export type DroppedDefault = (path: readonly string[], value: JsonValue) => void;

class DefaultCheck {
  readonly #definitions: JsonValue | undefined;
  readonly #onDropped: DroppedDefault | undefined;

  constructor(definitions: JsonValue | undefined, onDropped: DroppedDefault | undefined) {
    this.#definitions = definitions;
    this.#onDropped = onDropped;
  }

  clean(schema: JsonSchema, path: readonly string[]): JsonSchema {
    const entries = Object.entries(schema).flatMap(([keyword, value]): [string, JsonValue][] => {
      if (keyword === "default" && !this.#accepts(schema, value)) {
        this.#onDropped?.(path, value);
        return [];
      }
      return [[keyword, this.#cleanPart(keyword, value, path)]];
    });
    return Object.fromEntries(entries);
  }

  #cleanPart(keyword: string, value: JsonValue, path: readonly string[]): JsonValue {
    if (keyword === "properties" || keyword === "patternProperties" || keyword === "$defs") {
      if (!isSchema(value)) return value;
      return Object.fromEntries(
        Object.entries(value).map(([name, part]) => [name, isSchema(part) ? this.clean(part, [...path, name]) : part]),
      );
    }
    if (keyword === "anyOf" || keyword === "prefixItems")
      return (value as JsonValue[]).map((part) => (isSchema(part) ? this.clean(part, path) : part));
    return (keyword === "items" || keyword === "additionalProperties") && isSchema(value)
      ? this.clean(value, [...path, "[]"])
      : value;
  }

  #accepts(schema: JsonSchema, value: JsonValue): boolean {
    const keywords = Object.keys(schema).filter((keyword) => !REMARKS.has(keyword));
    if (keywords.length === 0) return true;
    // Nearly all defaults are a plain value of a plain type, for which no validator has to be made.
    if (keywords.length === 1 && typeof value !== "object" && schema["type"] === typeof value) return true;
    const { Ajv2020 } = require("ajv/dist/2020.js") as typeof import("ajv/dist/2020.js");
    const ajv = new Ajv2020({ strict: false });
    (require("ajv-formats") as typeof import("ajv-formats")).default(ajv, { keywords: false });
    return ajv.validate(this.#definitions === undefined ? schema : { ...schema, $defs: this.#definitions }, value);
  }
}

function isSchema(value: JsonValue): value is JsonSchema {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
