import { isRecord } from "../util/record.ts";

/** The form that a part of a message must have. */
export interface Expected {
  readonly accepts: (value: unknown) => boolean;
  /** The fix, in errors: `Send a string.` */
  readonly fix: string;
  readonly isOptional?: true;
  /** The forms of an object's members. Other members are allowed. */
  readonly members?: { readonly [name: string]: Expected };
  /** The form of every member or item. */
  readonly each?: Expected;
}

/** A part of a message that does not have the form it must have. */
export interface Mismatch {
  readonly path: readonly string[];
  readonly value: unknown;
  readonly fix: string;
}

/** Finds the first part of a value that does not have its form. */
export function findMismatch(value: unknown, expected: Expected): Mismatch | undefined {
  const { accepts, isOptional, members, each, fix } = expected;
  if (value === undefined && isOptional) return undefined;
  if (!accepts(value)) return { path: [], value, fix };
  const parts = value as { readonly [name: string]: unknown };
  for (const name in members) {
    const mismatch = findMismatch(parts[name], members[name] as Expected);
    if (mismatch) return { ...mismatch, path: [name, ...mismatch.path] };
  }
  for (const name of each ? Object.keys(parts) : []) {
    const mismatch = findMismatch(parts[name], each as Expected);
    if (mismatch) return { ...mismatch, path: [name, ...mismatch.path] };
  }
  return undefined;
}

export const isText = (value: unknown): value is string => typeof value === "string";

export const text: Expected = { accepts: isText, fix: "Send a string." };
export const flag: Expected = { accepts: (value) => typeof value === "boolean", fix: "Send true or false." };
export const number: Expected = { accepts: Number.isFinite, fix: "Send a number." };
/** The id of a request, and a progress token. */
export const token: Expected = {
  accepts: (value) => isText(value) || Number.isSafeInteger(value),
  fix: "Send a string or an integer.",
};

export function object(members: NonNullable<Expected["members"]> = {}, fix = "Send an object."): Expected {
  return { accepts: isRecord, fix, members };
}

export function recordOf(each: Expected): Expected {
  return { ...object(), each };
}

export function listOf(each: Expected): Expected {
  return { accepts: Array.isArray, fix: "Send an array.", each };
}

export function oneOf(values: readonly string[]): Expected {
  return { accepts: (value) => isText(value) && values.includes(value), fix: `Send one of ${values.join(", ")}.` };
}

export function optional(expected: Expected): Expected {
  return { ...expected, isOptional: true };
}
