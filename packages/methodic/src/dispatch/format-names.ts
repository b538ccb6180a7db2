/** Formats in words, with an example where that says more than a name. */
const FORMATS: ReadonlyMap<string, string> = new Map([
  ["date", "a date such as 2026-01-31"],
  ["time", "a time with its zone such as 09:30:00Z"],
  ["date-time", "a date and time with its zone such as 2026-01-31T09:30:00Z"],
  ["iso-time", "a time such as 09:30:00"],
  ["iso-date-time", "a date and time such as 2026-01-31T09:30:00"],
  ["duration", "a duration such as P1DT12H"],
  ["uri", "a URL such as https://example.com/path"],
  ["url", "a URL such as https://example.com/path"],
  ["email", "an e-mail address such as ada@example.com"],
  ["hostname", "a host name such as example.com"],
  ["ipv4", "an IPv4 address such as 192.0.2.1"],
  ["ipv6", "an IPv6 address such as 2001:db8::1"],
  ["uuid", "a UUID such as 123e4567-e89b-42d3-a456-426614174000"],
  ["regex", "a regular expression"],
  ["json-pointer", "a JSON pointer such as /name/0"],
  ["base64", "base64 text"],
  ["byte", "base64 text"],
]);

/** What a format asks for, for a model to write it. */
export function describeFormat(name: string): string {
  return FORMATS.get(name) ?? `text in the format ${name}`;
}
