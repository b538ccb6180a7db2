import type { OptionCheck } from "../util/check-options.ts";
import { showValue } from "../util/check-options.ts";
import type { LogFields } from "../util/log.ts";

export type { LogFields } from "../util/log.ts";

/** A logger such as pino, whose methods take the fields of an entry before its message. */
export interface StructuredLogger {
  debug(fields: LogFields, message: string): unknown;
  info(fields: LogFields, message: string): unknown;
  warn(fields: LogFields, message: string): unknown;
  error(fields: LogFields, message: string): unknown;
  /** Logs the levels `critical`, `alert` and `emergency`. Default: `error`. */
  fatal?(fields: LogFields, message: string): unknown;
  /** Returns false for a method whose entries are dropped, so that no entry is created for it. */
  isLevelEnabled?(method: string): boolean;
  /** Not present: it distinguishes the loggers that take the message first. */
  readonly log?: undefined;
}

/**
 * A logger with a method `log`, such as `console` and those of winston. Its methods take the
 * message of an entry before its fields.
 */
export interface MessageLogger {
  debug(message: string, fields: LogFields): unknown;
  info(message: string, fields: LogFields): unknown;
  warn(message: string, fields: LogFields): unknown;
  error(message: string, fields: LogFields): unknown;
  /** Logs the levels `critical`, `alert` and `emergency`. Default: `error`. */
  fatal?(message: string, fields: LogFields): unknown;
  /** Returns false for a method whose entries are dropped, so that no entry is created for it. */
  isLevelEnabled?(method: string): boolean;
  /** Not called: its presence says that the message comes first. */
  log(...args: never[]): unknown;
}

/** A logger of the program: pino, winston, `console`, or any object with their methods. */
export type ServerLogger = StructuredLogger | MessageLogger;

/** Checks whether a logger's methods take the message before the fields. */
export function isMessageFirst({ log }: ServerLogger): boolean {
  return typeof log === "function";
}

const REQUIRED = ["debug", "info", "warn", "error"] as const;

/** Checks the option `logger`. */
export const checkLogger: OptionCheck = (value, path) => {
  const methods = Object(value) as { readonly [name: string]: unknown };
  const missing = REQUIRED.filter((name) => typeof methods[name] !== "function").map((name) => `'${name}'`);
  if (missing.length === 0) return [];
  const isObject = typeof value === "object" && value !== null;
  const shown = isObject
    ? `an object without the method${missing.length > 1 ? "s" : ""} ${missing.join(", ")}`
    : showValue(value);
  const fix = "It must be pino(), console, or an object with the methods debug, info, warn and error.";
  return [{ kind: "invalid", path, shown, fix }];
};
