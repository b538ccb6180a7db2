/** A project's options about schemas: the key `methodic` of its tsconfig. */
export interface SchemaOptions {
  /** The JSDoc of types that schemas quote. Default: `"own"`. */
  readonly descriptions?: Descriptions;
  /**
   * Refuse the optional parts of inputs that JSON cannot carry. Default false: leave them out and
   * warn.
   */
  readonly strictTypes?: boolean;
}

/**
 * The JSDoc of types that schemas quote:
 * - `"own"`: all text of the project's types, the first sentence of those that packages declare
 * - `"all"`: all text
 * - `{ max }`: at most so many characters of each text
 */
export type Descriptions = "own" | "all" | { readonly max: number };

/** Describes the valid values of an option; undefined if it accepts this one. */
export function expectedOption(name: keyof SchemaOptions, value: unknown): string | undefined {
  if (name === "strictTypes") return typeof value === "boolean" ? undefined : "true or false";
  if (value === "own" || value === "all") return undefined;
  const { max, ...rest } = Object(value) as { readonly max?: unknown };
  const isLimit = Number.isSafeInteger(max) && Number(max) > 0 && Object.keys(rest).length === 0;
  return isLimit ? undefined : '"own", "all" or { "max": <characters> }';
}

/** Names of all options. */
export const SCHEMA_OPTIONS: readonly (keyof SchemaOptions)[] = ["descriptions", "strictTypes"];

/** The global property that passes the flags of `methodic run` to the module hooks. */
export const SCHEMA_FLAGS: unique symbol = Symbol.for("methodic.schemaOptions");
