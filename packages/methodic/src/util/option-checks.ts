import { findOptionProblems, type OptionCheck, type OptionsSpec, showValue } from "./check-options.ts";
import { isRecord } from "./record.ts";
import { toMilliseconds } from "./duration.ts";

/** Requires a value to pass a test. The requirement completes the sentence "It must be …". */
export function mustBe(requirement: string, test: (value: unknown) => boolean): OptionCheck {
  return (value, path) =>
    test(value) ? [] : [{ kind: "invalid", path, shown: showValue(value), fix: `It must be ${requirement}.` }];
}

/** Accepts any value, for options that are checked elsewhere. */
export const acceptAny: OptionCheck = () => [];

export const checkFlag: OptionCheck = mustBe("true or false", (value) => typeof value === "boolean");

export const checkFunction: OptionCheck = mustBe("a function", (value) => typeof value === "function");

export const checkString: OptionCheck = mustBe("a string", (value) => typeof value === "string");

export const checkObject: OptionCheck = mustBe("an object", isRecord);

export const checkNonEmptyString: OptionCheck = mustBe(
  "a non-empty string",
  (value) => typeof value === "string" && value.trim() !== "",
);

/** Requires an integer, from `min` to `max`. */
export function checkInteger({ min, max }: { readonly min: number; readonly max?: number }): OptionCheck {
  const isInRange = (value: number): boolean => value >= min && value <= (max ?? Number.MAX_SAFE_INTEGER);
  return mustBe(
    max === undefined ? `an integer, ${min} or more` : `an integer from ${min} to ${max}`,
    (value) => Number.isSafeInteger(value) && isInRange(value as number),
  );
}

export const checkPositiveInteger: OptionCheck = checkInteger({ min: 1 });

/** Requires one of a few strings. */
export function checkOneOf(...words: readonly string[]): OptionCheck {
  const isWord = (value: unknown): boolean => words.some((word) => word === value);
  return mustBe(words.map((word) => JSON.stringify(word)).join(" or "), isWord);
}

const DURATION = 'milliseconds, or a string such as "500ms", "30s", "5m" or "2h", at most 24 days';

export const checkDuration: OptionCheck = mustBe(DURATION, (value) => toMilliseconds(value) !== undefined);

export const checkPositiveDuration: OptionCheck = mustBe(
  `longer than 0: ${DURATION}`,
  (value) => (toMilliseconds(value) ?? 0) > 0,
);

export const checkHeartbeat: OptionCheck = mustBe(`0, or at least 1 second: ${DURATION}`, (value) => {
  const ms = toMilliseconds(value);
  // A shorter one is a number of seconds by mistake, and would flood the client.
  return ms === 0 || (ms !== undefined && ms >= 1000);
});

export const checkTimeout: OptionCheck = mustBe(`0, or at least 100 ms: ${DURATION}`, (value) => {
  const ms = toMilliseconds(value);
  // A shorter one is a number of seconds by mistake, and would end every call.
  return ms === 0 || (ms !== undefined && ms >= 100);
});

/** Parses a URL with the scheme http or https; returns undefined for anything else. */
export function parseHttpUrl(value: unknown): URL | undefined {
  if (typeof value !== "string" && !(value instanceof URL)) return undefined;
  const url = URL.canParse(String(value)) ? new URL(value) : undefined;
  return url?.protocol === "https:" || url?.protocol === "http:" ? url : undefined;
}

export const checkHttpUrl: OptionCheck = mustBe("an https or http URL", (value) => parseHttpUrl(value) !== undefined);

interface ListOptions {
  /** Accept an empty array. Default false. */
  readonly allowEmpty?: boolean;
  /** The entries, as messages name them: `variable names`. */
  readonly of?: string;
}

/** Requires an array with entries that each pass a check. */
export function checkList(check: OptionCheck, { allowEmpty = false, of }: ListOptions = {}): OptionCheck {
  const checkArray = mustBe(
    `${allowEmpty ? "an array" : "a non-empty array"}${of === undefined ? "" : ` of ${of}`}`,
    (value) => Array.isArray(value) && (allowEmpty || value.length > 0),
  );
  return (value, path) => {
    const problems = checkArray(value, path);
    if (problems.length > 0) return problems;
    return (value as readonly unknown[]).flatMap((entry, i) => check(entry, `${path}[${i}]`));
  };
}

/** Requires an object whose properties are options themselves. */
export function checkNested<Options extends object>(spec: OptionsSpec<Options>): OptionCheck {
  return (value, path) => findOptionProblems(value, spec, { path });
}
