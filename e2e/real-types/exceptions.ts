/** A type that does not work: the code of its error, and the reason. */
export interface RefusedType {
  readonly code: string;
  readonly reason: string;
}

/**
 * Types that the compiler refuses, by file and tool. The suite holds the list exact: delete an
 * entry once its type works.
 */
export const REFUSED: Readonly<Record<string, RefusedType>> = {
  "estree.getLiteral": { code: "MTD102", reason: "a `RegExp` has no JSON form" },
  "estree.parse": { code: "MTD102", reason: "a `RegExp` has no JSON form" },
  "openapi.checkDocument31": { code: "MTD109", reason: "recursive intersections" },
};

/**
 * Schemas over the suite's bound, by file and tool, each with the reason. The suite holds the list
 * exact: delete an entry once its schema is small enough.
 */
export const TOO_LARGE: Readonly<Record<string, string>> = {};
