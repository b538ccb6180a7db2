/**
 * Site data: what the compiler knows about a call of this package and passes as its last argument.
 * It is plain JSON, so that the call needs no import.
 */

import type { JsonSchema } from "./format.ts";
import type { RevivalPlan } from "./revival.ts";

/**
 * The source of one parameter of a constructor or factory: an entry of `providers` or `services`,
 * by its position, or the Context of the call. Null: the parameter is optional, and no entry
 * provides it; it gets undefined.
 */
export type InjectedParameter = readonly ["provider" | "service", number] | "context" | null;

/**
 * The last argument of `createServer` if a constructor or factory in its options has parameters.
 * Positions count the entries of the lists as the running program has them, after spreads.
 */
export interface Wiring {
  /** The parameters of the constructor of each entry of `services`. An instance has none. */
  readonly services: readonly (readonly InjectedParameter[])[];
  /** The parameters of the constructor or factory of each entry of `providers`. */
  readonly providers: readonly (readonly InjectedParameter[])[];
}

/** The last argument of `config`: how environment variables become a value of its type. */
export interface ConfigData {
  /** The version of the manifest format that the code was generated for. */
  readonly version: number;
  /** The type as the author wrote it, for messages. */
  readonly type: string;
  /** The variables that carry the properties, in source order. */
  readonly variables: readonly ConfigVariable[];
  /** The schema of the value, written out: it has no references. */
  readonly schema: JsonSchema;
  /** Absent if the properties are JSON. */
  readonly revival?: RevivalPlan;
}

/** The environment variable of one property. */
export interface ConfigVariable {
  /** The name without the prefix that the call may set. */
  readonly name: string;
  /** The names that lead to the property. */
  readonly path: readonly string[];
  /** Set if the property has the tag `@secret`. */
  readonly secret?: true;
}
