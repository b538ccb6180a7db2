import type ts from "typescript";

/**
 * The change that an expression makes to something that outlives the call:
 * - `add`: keeps everything that was there
 * - `overwrite`: replaces a value
 * - `delete`: removes something
 * - `write`: one of these
 * - `unknown`: one of these, or nothing
 */
export type Change = "add" | "overwrite" | "delete" | "write" | "unknown";

/** The systems that an expression reaches: other machines and programs, or the server's data. */
export type Reach = "outside" | "own" | "unknown";

/** The effect of a call of a known function. Without a change, it reads. */
export interface KnownEffect {
  readonly change?: Change;
  /** Doing it twice leaves the same state as doing it once. */
  readonly isIdempotent?: boolean;
  /** It reads a file, or replaces a whole file. */
  readonly isFile?: boolean;
  /** Default: `own`. */
  readonly reach?: Reach;
  /** The call certainly reaches another machine: its address is written out, or the caller's. */
  readonly isOutside?: boolean;
  /**
   * The call has this effect for sure. Changes of fields are not: a field may be a cache, whatever
   * its name is.
   */
  readonly isCertain?: boolean;
}

/** An effect of a method. */
export interface ToolAction extends KnownEffect {
  /** The expression that has the effect. */
  readonly node: ts.Node;
  /** The part of the method that has the effect, itself or through the functions that it calls. */
  readonly place: ts.Node;
}

/** A call without an effect. */
export const NO_EFFECT: KnownEffect = {};

/** A call that may have any effect. */
export const ANY_EFFECT: KnownEffect = { change: "unknown", reach: "unknown" };

/** Checks whether an effect changes nothing and reaches nothing but the server's own data. */
export function isHarmless({ change, reach = "own" }: KnownEffect): boolean {
  return change === undefined && reach === "own";
}

/** Words of names that hold what a server keeps about its own work. */
const BOOKKEEPING: ReadonlySet<string> = new Set(
  (
    "cache caches cached memo memoized log logs logger logging audit metric metrics stats usage " +
    "telemetry trace traces tracing tmp temp tmpdir mkdtemp analytics"
  ).split(" "),
);

/** `requestCount`, but not `count`, which may be what the tool is about. */
const COUNTER = /\b(?:request|call|hit|miss|access|visit|error|retry)(?:es|s)?[ _]?(?:counts?|counters?|total)\b/;

/** Checks whether a text names a cache, a log or a counter of calls, whose changes do not count. */
export function isBookkeeping(text: string): boolean {
  const words = text.replaceAll(/([a-z0-9])(?=[A-Z])/g, "$1 ").toLowerCase();
  return COUNTER.test(words) || words.split(/[^a-z]+/).some((word) => BOOKKEEPING.has(word));
}
