/**
 * The conversion of validated JSON to the values of a method's types (`Date`, `Set`, `bigint` …).
 * The compiler derives it from the types; a method without such values has no plan. Steps refer to
 * each other by number, so that recursive types have plans too.
 */
export interface RevivalPlan {
  /** The first step is for the input object. */
  readonly steps: readonly RevivalStep[];
}

/** The number of a step, or null if a value stays as it is. */
export type RevivalReference = number | null;

/** The conversions of one value, by its JSON type. A value without one stays as it is. */
export interface RevivalStep {
  readonly string?: TextRevival;
  readonly array?: ArrayRevival;
  readonly object?: ObjectRevival | ObjectChoice;
}

/** The values whose JSON form is a string. */
export type TextValue = "date" | "url" | "bigint" | "bytes" | "buffer";

/** A string that becomes another value. */
export interface TextRevival {
  readonly as: TextValue;
  /** Literals of the same union, which stay strings. */
  readonly except?: readonly string[];
}

/** An array whose items are revived, or that becomes a set. */
export interface ArrayRevival {
  readonly set?: true;
  /** The first items, one by one. */
  readonly prefix?: readonly RevivalReference[];
  /** All further items. */
  readonly items?: RevivalReference;
}

/** An object whose properties are revived, or that becomes a map. */
export interface ObjectRevival {
  readonly map?: true;
  readonly properties?: { readonly [name: string]: RevivalReference };
  /** Steps of undeclared properties whose name matches a regular expression. */
  readonly patterns?: readonly (readonly [pattern: string, step: RevivalReference])[];
  /** The step of all further properties. */
  readonly others?: RevivalReference;
}

/** One of several objects, distinguished by the value or the presence of a property. */
export interface ObjectChoice {
  readonly by: string;
  /** Steps by the JSON text of the property's value. */
  readonly cases?: { readonly [value: string]: RevivalReference };
  /** The steps of an object with the property and of one without. */
  readonly presence?: readonly [present: RevivalReference, absent: RevivalReference];
}
