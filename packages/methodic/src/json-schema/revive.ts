import type { Input } from "../manifest/format.ts";
import type {
  ArrayRevival,
  ObjectChoice,
  ObjectRevival,
  RevivalPlan,
  RevivalReference,
  TextRevival,
  TextValue,
} from "../manifest/revival.ts";
import { decodeBase64 } from "../util/base64.ts";
import { shorten } from "../util/text.ts";
import { formatValuePath } from "./wording.ts";

/** Revived arguments, or the problems found. */
export type Revived = { readonly input: Input } | { readonly problems: readonly string[] };

/**
 * Converts validated arguments to the values of the method's types: dates, URLs, big integers,
 * bytes, sets and maps. The client's input is never changed: containers of revived values are
 * copied.
 */
export function reviveInput(input: Input, plan: RevivalPlan | undefined): Revived {
  const { value, failures } = reviveParts(input, plan);
  if (failures.length === 0) return { input: value };
  return {
    problems: failures.map(({ path, text, expected }) => {
      const shown = JSON.stringify(shorten(text, 78));
      return `${formatValuePath(path, input)}: expected ${expected}, received string ${shown}.`;
    }),
  };
}

/** A text that cannot be converted. */
export interface RevivalFailure {
  readonly path: Path;
  readonly text: string;
  /** The expected value, in words. */
  readonly expected: string;
}

/** Converts validated JSON as {@link reviveInput} does. Texts that cannot be converted stay. */
export function reviveParts(
  input: Input,
  plan: RevivalPlan | undefined,
): { readonly value: Input; readonly failures: readonly RevivalFailure[] } {
  if (!plan) return { value: input, failures: [] };
  const run = new Revival(plan);
  return { value: run.value(input, 0, []) as Input, failures: run.failures };
}

type Path = readonly string[];

class Revival {
  readonly failures: RevivalFailure[] = [];
  readonly #plan: RevivalPlan;

  constructor(plan: RevivalPlan) {
    this.#plan = plan;
  }

  value(value: unknown, reference: RevivalReference, path: Path): unknown {
    const step = reference === null ? undefined : this.#plan.steps[reference];
    if (!step) return value;
    if (typeof value === "string") return step.string ? this.#text(value, step.string, path) : value;
    if (Array.isArray(value)) return step.array ? this.#array(value, step.array, path) : value;
    if (typeof value === "object" && value !== null && step.object)
      return this.#object(value as Input, step.object, path);
    return value;
  }

  #text(text: string, { as, except }: TextRevival, path: Path): unknown {
    if (except?.includes(text)) return text;
    const read = reviveText(text, as);
    if ("value" in read) return read.value;
    this.failures.push({ path, text, expected: read.expected });
    return text;
  }

  #array(items: readonly unknown[], { set, prefix, items: others = null }: ArrayRevival, path: Path): unknown {
    const revived = items.map((item, i) => {
      const reference = prefix && i < prefix.length ? (prefix[i] ?? null) : others;
      return reference === null ? item : this.value(item, reference, [...path, String(i)]);
    });
    return set ? new Set(revived) : revived;
  }

  #object(object: Input, how: ObjectRevival | ObjectChoice, path: Path): unknown {
    if ("by" in how) return this.value(object, chooseStep(object, how), path);
    const { map, properties, patterns = [], others = null } = how;
    const expressions = patterns.map(([source, reference]) => [new RegExp(source, "u"), reference] as const);
    const referenceOf = (name: string): RevivalReference => {
      if (properties && Object.hasOwn(properties, name)) return properties[name] ?? null;
      const pattern = expressions.find(([expression]) => expression.test(name));
      return pattern ? pattern[1] : others;
    };
    const entries = Object.entries(object).map(([name, value]): [string, unknown] => {
      const reference = referenceOf(name);
      return [name, reference === null ? value : this.value(value, reference, [...path, name])];
    });
    // Neither Map nor Object.fromEntries sets the prototype for a key called `__proto__`, as
    // assignment would.
    return map ? new Map(entries) : Object.fromEntries(entries);
  }
}

function chooseStep(object: Input, { by, cases, presence }: ObjectChoice): RevivalReference {
  if (presence) return presence[Object.hasOwn(object, by) ? 0 : 1];
  const value = JSON.stringify(object[by]);
  return cases && Object.hasOwn(cases, value) ? (cases[value] ?? null) : null;
}

/** The value of a text, or the expected form. */
export type ParsedText = { readonly value: unknown } | { readonly expected: string };

// More digits take long to parse, and no caller computes with such numbers.
const MAX_DIGITS = 4096;

/**
 * Parses text as a value. The text is valid by its schema; this checks what the schema cannot
 * express.
 */
function reviveText(text: string, as: TextValue): ParsedText {
  const value = parseText(text, as);
  return value === undefined ? { expected: EXPECTED[as] } : { value };
}

const EXPECTED: Readonly<Record<TextValue, string>> = {
  date: "a date and time such as 2026-01-31T09:30:00Z",
  url: "a URL such as https://example.com/path",
  bigint: `an integer of at most ${MAX_DIGITS} digits, as text`,
  bytes: "base64 text",
  buffer: "base64 text",
};

function parseText(text: string, as: TextValue): unknown {
  switch (as) {
    case "date":
      return toDate(text);
    case "url":
      return toUrl(text);
    case "bigint":
      return text.length <= MAX_DIGITS && /^-?\d+$/.test(text) ? BigInt(text) : undefined;
    case "bytes":
      return decodeBase64(text);
    case "buffer":
      return toBuffer(decodeBase64(text));
  }
}

// The format `date-time` accepts more than `new Date` does: leap seconds, offsets without a colon,
// and a space for the T.
const DATE_TIME = /^(\d{4})-(\d\d)-(\d\d)(?:[Tt\s](\d\d):(\d\d):(\d\d)(\.\d+)?(?:[Zz]|([+-])(\d\d)(?::?(\d\d))?))?$/;

/**
 * Parses a date and time (RFC 3339), or a date, which begins at midnight UTC. A leap second becomes
 * the following second, because a `Date` has no leap seconds.
 */
function toDate(text: string): Date | undefined {
  const match = DATE_TIME.exec(text);
  if (!match) return undefined;
  const [year = 0, month = 0, day = 0, hours = 0, minutes = 0, seconds = 0] = match
    .slice(1, 7)
    .map((part) => Number(part ?? 0));
  const milliseconds = Math.floor(Number(`0${match[7] ?? ""}`) * 1000);
  const offset = (Number(match[9] ?? 0) * 60 + Number(match[10] ?? 0)) * (match[8] === "-" ? -1 : 1);
  const date = new Date(0);
  // Date.UTC would read the year 50 as 1950.
  date.setUTCFullYear(year, month - 1, day);
  date.setUTCHours(hours, minutes - offset, seconds, milliseconds);
  return date;
}

function toUrl(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}

/**
 * Converts bytes to a Buffer. Without Buffer, bytes stay bytes: a type that names it cannot be
 * meant for that runtime.
 */
function toBuffer(bytes: Uint8Array): Uint8Array {
  const { Buffer } = globalThis as { readonly Buffer?: { from(source: ArrayBufferLike): Uint8Array } };
  return Buffer ? Buffer.from(bytes.buffer) : bytes;
}
