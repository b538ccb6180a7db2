import type { Revision } from "./connect.ts";

/** A place at which two transcripts differ. */
export interface Deviation {
  /** The keys that lead to the place, joined by `/`. */
  readonly place: string;
  readonly original: unknown;
  readonly port: unknown;
}

/** A documented difference between an original and its port. */
export interface Difference {
  /** The places, as {@link Deviation.place}. */
  readonly at: RegExp;
  readonly original: string;
  readonly port: string;
  /** The only protocol revision that has it. */
  readonly only?: Revision;
}

/** Finds the places at which two JSON values differ. */
export function compare(original: unknown, port: unknown, place: readonly string[] = []): Deviation[] {
  if (isObject(original) && isObject(port)) {
    const keys = new Set([...Object.keys(original), ...Object.keys(port)]);
    return [...keys].flatMap((key) => compare(valueAt(original, key), valueAt(port, key), [...place, key]));
  }
  return original === port ? [] : [{ place: place.join("/"), original, port }];
}

type JsonObject = Readonly<Record<string, unknown>>;

/** Arrays compare by their indexes. */
function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null;
}

function valueAt(object: JsonObject, key: string): unknown {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}
