/**
 * Site data: what the compiler knows about a call of this package and passes as its last argument.
 * It is plain JSON, so that the call needs no import.
 */

/**
 * The source of one parameter of a constructor or factory: an entry of `providers` or `services`,
 * by its position. Null: the parameter is optional, and no entry provides it; it gets undefined.
 */
export type InjectedParameter = readonly ["provider" | "service", number] | null;

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
