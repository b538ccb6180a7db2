declare const constraint: unique symbol;

/** The JSON Schema keywords of a {@link Constraint}, each with a literal type as its value. */
export interface ConstraintKeywords {
  readonly type?: "integer" | undefined;
  readonly minimum?: number | undefined;
  readonly maximum?: number | undefined;
  readonly exclusiveMinimum?: number | undefined;
  readonly exclusiveMaximum?: number | undefined;
  readonly multipleOf?: number | undefined;
  readonly minLength?: number | undefined;
  readonly maxLength?: number | undefined;
  readonly pattern?: string | undefined;
  readonly format?: string | undefined;
  readonly contentEncoding?: string | undefined;
  readonly contentMediaType?: string | undefined;
  readonly minItems?: number | undefined;
  readonly maxItems?: number | undefined;
  readonly uniqueItems?: boolean | undefined;
  readonly minProperties?: number | undefined;
  readonly maxProperties?: number | undefined;
}

/**
 * Adds JSON Schema keywords to the type it is intersected with. TypeScript still accepts the same
 * values, literals included, and nothing remains at run time. All other constraint types are
 * aliases of it, and you can define your own.
 *
 * @example
 * ```ts
 * import { type Constraint, tool } from "methodic";
 *
 * type Slug = string & Constraint<{ pattern: "^[a-z0-9-]+$"; maxLength: 64 }>;
 *
 * class Pages {
 *   @tool() open(slug: Slug = "home"): string {
 *     return slug;
 *   }
 * }
 * ```
 */
export interface Constraint<Keywords extends ConstraintKeywords> {
  // `unknown` hides the keywords, so that a value of one constrained type can be passed where
  // another is expected.
  readonly [constraint]?: Keywords | unknown;
}

/** An integer, of at least `Min` and at most `Max` if given. */
export type Int<Min extends number | undefined = undefined, Max extends number | undefined = undefined> = number &
  Constraint<{ type: "integer"; minimum: Min; maximum: Max }>;

/** A number of at least `N`. */
export type Min<N extends number> = number & Constraint<{ minimum: N }>;

/** A number of at most `N`. */
export type Max<N extends number> = number & Constraint<{ maximum: N }>;

/** A number from `Min` to `Max`, inclusive. */
export type Range<Min extends number, Max extends number> = number & Constraint<{ minimum: Min; maximum: Max }>;

/** A number above `N`. */
export type GreaterThan<N extends number> = number & Constraint<{ exclusiveMinimum: N }>;

/** A number below `N`. */
export type LessThan<N extends number> = number & Constraint<{ exclusiveMaximum: N }>;

/** A number that is a multiple of `N`. */
export type MultipleOf<N extends number> = number & Constraint<{ multipleOf: N }>;

/** Text of at least `N` characters. */
export type MinLength<N extends number> = string & Constraint<{ minLength: N }>;

/** Text of at most `N` characters. */
export type MaxLength<N extends number> = string & Constraint<{ maxLength: N }>;

/** Text of `Min` to `Max` characters, or of exactly `Min`. */
export type Length<Min extends number, Max extends number = Min> = string &
  Constraint<{ minLength: Min; maxLength: Max }>;

/** Text that is not empty. */
export type NonEmpty = string & Constraint<{ minLength: 1 }>;

/**
 * Text that contains a match of a regular expression (ECMA-262, flag `u`). Write `^…$` to match all
 * of it.
 */
export type Pattern<Source extends string> = string & Constraint<{ pattern: Source }>;

/** The string formats that validators check. */
export type StringFormat =
  | "date"
  | "time"
  | "date-time"
  | "iso-time"
  | "iso-date-time"
  | "duration"
  | "uri"
  | "uri-reference"
  | "uri-template"
  | "url"
  | "email"
  | "hostname"
  | "ipv4"
  | "ipv6"
  | "regex"
  | "uuid"
  | "json-pointer"
  | "json-pointer-uri-fragment"
  | "relative-json-pointer";

/** Text in a JSON Schema format. */
export type Format<Name extends StringFormat> = string & Constraint<{ format: Name }>;

/** An email address. */
export type Email = Format<"email">;

/** A URL as text, such as `https://example.com/`. Use the type `URL` for a parsed one. */
export type Url = Format<"uri">;

/** A UUID. */
export type Uuid = Format<"uuid">;

/** A date as text, such as `2026-01-31`. */
export type IsoDate = Format<"date">;

/**
 * A date and time as text, such as `2026-01-31T09:30:00Z`. Use the type `Date` for a parsed one.
 */
export type IsoDateTime = Format<"date-time">;

/** A time with a zone as text, such as `09:30:00Z`. */
export type IsoTime = Format<"time">;

/** A duration, such as `P1DT12H`. */
export type Duration = Format<"duration">;

/** A host name, such as `example.com`. */
export type Hostname = Format<"hostname">;

/** An IPv4 address. */
export type Ipv4 = Format<"ipv4">;

/** An IPv6 address. */
export type Ipv6 = Format<"ipv6">;

/** Bytes as base64 text. Use the type `Uint8Array` for decoded ones. */
export type Base64 = string & Constraint<{ contentEncoding: "base64"; pattern: "^[A-Za-z0-9+/]*={0,2}$" }>;

/** At least `N` items. Intersect it with an array or a set: `string[] & MinItems<1>`. */
export type MinItems<N extends number> = Constraint<{ minItems: N }>;

/** At most `N` items. Intersect it with an array or a set. */
export type MaxItems<N extends number> = Constraint<{ maxItems: N }>;

/** Distinct items. Intersect it with an array. */
export type UniqueItems = Constraint<{ uniqueItems: true }>;

/** An array of `Min` to `Max` items, or of at least `Min`. */
export type Items<T, Min extends number, Max extends number | undefined = undefined> = T[] &
  Constraint<{ minItems: Min; maxItems: Max }>;

/** At least `N` properties. Intersect it with a record or a map. */
export type MinProperties<N extends number> = Constraint<{ minProperties: N }>;

/** At most `N` properties. Intersect it with a record or a map. */
export type MaxProperties<N extends number> = Constraint<{ maxProperties: N }>;
