import { type Descriptions, DESCRIPTIONS_RULE, isDescriptions } from "methodic/manifest";

export type { Descriptions } from "methodic/manifest";

/** A project's options about schemas: the key `methodic` of its tsconfig. */
export interface SchemaOptions {
  /** The JSDoc of types that schemas quote. Default: `"own"`. */
  readonly descriptions?: Descriptions;
  /**
   * Refuse the optional parts of inputs that JSON cannot carry. Default false: leave them out and
   * warn.
   */
  readonly strictTypes?: boolean;
  /**
   * Refuse tools that do not set the hints `readOnlyHint`, `destructiveHint` and `openWorldHint`.
   * Default false.
   */
  readonly requireHints?: boolean;
}

/** Describes the valid values of an option; undefined if it accepts this one. */
export function expectedOption(name: keyof SchemaOptions, value: unknown): string | undefined {
  if (name !== "descriptions") return typeof value === "boolean" ? undefined : "true or false";
  return isDescriptions(value) ? undefined : DESCRIPTIONS_RULE.replace("max", '"max"');
}

/** Names of all options. */
export const SCHEMA_OPTIONS: readonly (keyof SchemaOptions)[] = ["descriptions", "strictTypes", "requireHints"];

/** The global property that passes the flags of `methodic run` to the module hooks. */
export const SCHEMA_FLAGS: unique symbol = Symbol.for("methodic.schemaOptions");
