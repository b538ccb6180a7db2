import { MethodicError, type MethodicErrorCode } from "../errors.ts";
import { didYouMean } from "./did-you-mean.ts";
import { isRecord } from "./record.ts";
import { quote } from "./text.ts";

/** A problem with one option; {@link describeProblem} formats it as a message. */
export interface OptionProblem {
  readonly kind: "invalid" | "missing" | "unknown";
  /** The option's path, such as `http.limits.bodySize`; empty for the options object itself. */
  readonly path: string;
  /** The value, formatted for the message; undefined if it is secret or irrelevant. */
  readonly shown?: string;
  /** A sentence that says what to do. */
  readonly fix: string;
}

/** Returns the problems of a value given for the option at `path`. */
export type OptionCheck = (value: unknown, path: string) => readonly OptionProblem[];

/** The check of an option that is required or secret. */
interface OptionEntry {
  readonly check: OptionCheck;
  readonly required?: boolean;
  /** Keep the value out of messages. */
  readonly secret?: boolean;
}

/** The checks of an options object, one for each option of the type. */
export type OptionsSpec<Options extends object> = {
  readonly [option in keyof Options]-?: OptionCheck | OptionEntry;
};

/** The checks of any options object. */
export type AnyOptionsSpec = { readonly [option: string]: OptionCheck | OptionEntry };

interface FindOptions {
  /** The path of the options object. Default: empty, for the outermost one. */
  readonly path?: string;
  /** Accept an option that is `undefined`, as if it were left out. Default true. */
  readonly allowUndefined?: boolean;
  /** Keep a value that was passed in place of the options object out of messages. */
  readonly secret?: boolean;
}

interface CheckOptions extends Omit<FindOptions, "path"> {
  /** The function or decorator that takes the options; it opens each message. */
  readonly where: string;
  readonly code: MethodicErrorCode;
}

/**
 * Refuses unknown, missing and invalid options.
 * @throws MethodicError with one line for each problem
 */
export function checkOptions(given: unknown, spec: AnyOptionsSpec, { where, code, ...others }: CheckOptions): void {
  const problems = findOptionProblems(given, spec, others);
  if (problems.length === 0) return;
  throw new MethodicError(code, problems.map((problem) => describeProblem(problem, where)).join("\n"));
}

/** Finds the unknown, missing and invalid options of an object. */
export function findOptionProblems(
  given: unknown,
  spec: AnyOptionsSpec,
  { path = "", allowUndefined = true, secret = false }: FindOptions = {},
): readonly OptionProblem[] {
  const known = Object.keys(spec);
  if (!isRecord(given)) {
    const fix = `Pass an object with ${known.join(", ")}.`;
    return hideSecret([{ kind: "invalid", path, shown: showValue(given), fix }], secret);
  }
  const pathOf = (option: string): string => (path === "" ? option : `${path}.${option}`);
  const values = readOptions(given, known);
  const missing = Object.entries(spec).flatMap(([option, entry]): readonly OptionProblem[] => {
    const { check, required } = toEntry(entry);
    if (required !== true || values.get(option) !== undefined) return [];
    return [{ kind: "missing", path: pathOf(option), fix: check(undefined, option)[0]?.fix ?? "It is required." }];
  });
  const others = [...values].flatMap(([option, value]): readonly OptionProblem[] => {
    if (!Object.hasOwn(spec, option)) {
      const fix = `${didYouMean(option, known)} The options are ${known.join(", ")}.`.trimStart();
      return [{ kind: "unknown", path: pathOf(option), fix }];
    }
    const { check, required, secret } = toEntry(spec[option] as AnyOptionsSpec[string]);
    if (value !== undefined) return hideSecret(check(value, pathOf(option)), secret);
    if (allowUndefined || required === true) return [];
    return [{ kind: "invalid", path: pathOf(option), shown: "undefined", fix: "Give it a value, or leave it out." }];
  });
  return [...missing, ...others];
}

/**
 * Reads the options that an object gives, its inherited ones included: a class may define options
 * as accessors, and a promise in place of the options has methods only. Non-enumerable own
 * properties count if they are known; others are markers of tools, such as `__esModule`.
 */
export function readOptions(given: object, known: readonly string[] = []): ReadonlyMap<string, unknown> {
  const names = new Set([...Object.keys(given), ...known.filter((name) => Object.hasOwn(given, name))]);
  // The prototype that all objects share has this method, in every realm.
  const isRoot = (layer: object): boolean => Object.hasOwn(layer, "isPrototypeOf");
  let layer: unknown = Object.getPrototypeOf(given);
  for (; isRecord(layer) && !isRoot(layer); layer = Object.getPrototypeOf(layer)) {
    for (const name of Object.getOwnPropertyNames(layer)) if (name !== "constructor") names.add(name);
  }
  return new Map(Array.from(names, (name) => [name, (given as { readonly [name: string]: unknown })[name]]));
}

function toEntry(entry: OptionCheck | OptionEntry): OptionEntry {
  return typeof entry === "function" ? { check: entry } : entry;
}

function hideSecret(problems: readonly OptionProblem[], secret = false): readonly OptionProblem[] {
  return secret ? problems.map(({ kind, path, fix }) => ({ kind, path, fix })) : problems;
}

/** Formats a problem as a message: what is wrong, the value, the fix. */
export function describeProblem({ kind, path, shown, fix }: OptionProblem, where: string): string {
  const what = path === "" ? `${kind} options` : `${kind} option '${path}'`;
  return `${where}: ${what}${shown === undefined ? "" : `: ${shown}`}. ${fix}`;
}

/**
 * Formats a value for a message. Objects, arrays and functions are named by kind, not shown; a URL
 * is shown without its password.
 */
export function showValue(value: unknown): string {
  if (typeof value === "string") return quote(hidePassword(value));
  if (value instanceof URL) return hidePassword(value.href);
  if (Array.isArray(value)) return value.length === 0 ? "an empty array" : "an array";
  if (typeof value === "object" && value !== null) return "an object";
  return typeof value === "function" || typeof value === "symbol" ? `a ${typeof value}` : String(value);
}

/** Replaces the password of a URL, such as that of an introspection endpoint. */
function hidePassword(text: string): string {
  return text.replace(/(\/\/[^/@:\s]*:)[^/@\s]+@/, "$1…@");
}
