import type { TextValue } from "../manifest/revival.ts";
import { decodeBase64 } from "./base64.ts";

/** What a text stands for, or what it would have had to be. */
export type ReadText = { readonly value: unknown } | { readonly expected: string };

// A number of more digits takes long to read, and is none that anybody counts with.
const MAX_DIGITS = 4096;

/** Makes the value whose JSON form a text is. The text has been validated; what its schema cannot say is checked here. */
export function reviveText(text: string, as: TextValue): ReadText {
  const value = readText(text, as);
  return value === undefined ? { expected: EXPECTED[as] } : { value };
}

const EXPECTED: Readonly<Record<TextValue, string>> = {
  date: "a date and time such as 2026-01-31T09:30:00Z",
  url: "a URL such as https://example.com/path",
  bigint: `an integer of at most ${MAX_DIGITS} digits, as text`,
  bytes: "base64 text",
  buffer: "base64 text",
};

function readText(text: string, as: TextValue): unknown {
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

// Formats check more loosely than `new Date` reads: they take leap seconds, offsets without a colon and a space for the T.
const DATE_TIME = /^(\d{4})-(\d\d)-(\d\d)[Tt\s](\d\d):(\d\d):(\d\d)(\.\d+)?(?:[Zz]|([+-])(\d\d)(?::?(\d\d))?)$/;

/** Reads a date and time of RFC 3339. A leap second is the second that follows it, which is all that a `Date` can say. */
function toDate(text: string): Date | undefined {
  const match = DATE_TIME.exec(text);
  if (!match) return undefined;
  const [year = 0, month = 0, day = 0, hours = 0, minutes = 0, seconds = 0] = match
    .slice(1, 7)
    .map((part) => Number(part ?? 0));
  const milliseconds = Math.floor(Number(`0${match[7] ?? ""}`) * 1000);
  const offset = (Number(match[9] ?? 0) * 60 + Number(match[10] ?? 0)) * (match[8] === "-" ? -1 : 1);
  const date = new Date(0);
  // Not Date.UTC, which takes the year 50 for 1950.
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

/** Where there is no Buffer, a type that names it cannot be meant for that runtime, and bytes are bytes. */
function toBuffer(bytes: Uint8Array): Uint8Array {
  const { Buffer } = globalThis as { readonly Buffer?: { from(source: ArrayBufferLike): Uint8Array } };
  return Buffer ? Buffer.from(bytes.buffer) : bytes;
}
