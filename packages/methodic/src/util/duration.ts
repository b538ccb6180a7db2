import { MAX_DELAY_MS } from "./timers.ts";

/**
 * A duration: milliseconds, or a number with a unit, such as `"500ms"`, `"30s"`, `"30m"`, `"2h"` or
 * `"1d"`.
 */
export type TimeSpan = number | `${number}${"ms" | "s" | "m" | "h" | "d"}`;

const UNITS: { readonly [unit: string]: number } = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/**
 * Converts a duration to milliseconds; undefined if it is invalid or longer than the maximum.
 * @param max Default: as long as a timer can count (24 days)
 */
export function toMilliseconds(value: unknown, max: number = MAX_DELAY_MS): number | undefined {
  const ms = typeof value === "number" ? value : typeof value === "string" ? parseText(value) : Number.NaN;
  return ms >= 0 && ms <= max ? ms : undefined;
}

/** Words a duration for messages: `30 seconds`. */
export function formatDuration(ms: number): string {
  const [unit, factor] = ms < 1000 ? ["ms", 1] : ms < 120_000 ? ["second", 1000] : ["minute", 60_000];
  const count = Math.round((ms / factor) * 10) / 10;
  return `${count} ${unit}${unit === "ms" || count === 1 ? "" : "s"}`;
}

function parseText(text: string): number {
  const [, amount, unit = ""] = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(text) ?? [];
  return Number(amount) * (UNITS[unit] ?? Number.NaN);
}
