import { isLoopbackHost } from "../util/loopback.ts";

/** Checks whether a host or an origin is allowed. */
export type Allowlist = (value: string) => boolean;

/** A parsed `Host` header. */
interface Host {
  readonly hostname: string;
  /** Empty if the header has none. */
  readonly port: string;
}

/**
 * Parses a `Host` header; undefined if it is invalid. RFC 9110 §7.2 allows no scheme, user, path or
 * space.
 */
export function parseHost(text: string): Host | undefined {
  const [, hostname, port = ""] = /^(\[[\da-f:.]+\]|[\w.-]+)(?::(\d{1,5}))?$/i.exec(text) ?? [];
  return hostname === undefined ? undefined : { hostname: withoutFinalDot(hostname.toLowerCase()), port };
}

/** Removes the dot of an absolute domain name: `example.com.` is the same name as `example.com`. */
function withoutFinalDot(name: string): string {
  return name.endsWith(".") ? name.slice(0, -1) : name;
}

/** Checks whether a string is a valid entry of `allowedHosts`. */
export function isHostPattern(entry: string): boolean {
  return entry === "*" || parseHost(entry.replace(/^\*\./, "")) !== undefined;
}

/** Creates an allowlist for `Host` headers. An entry without a port allows every port. */
export function createHostAllowlist(entries: readonly string[]): Allowlist {
  if (entries.includes("*")) return () => true;
  const patterns = entries.map((entry) => ({
    wildcard: entry.startsWith("*."),
    ...parseHost(entry.replace(/^\*\./, "")),
  }));
  return (value) => {
    const host = parseHost(value);
    return (
      host !== undefined &&
      patterns.some(
        ({ wildcard, hostname = "", port = "" }) =>
          (port === "" || port === host.port) &&
          (wildcard ? host.hostname.endsWith(`.${hostname}`) : host.hostname === hostname),
      )
    );
  };
}

/** Checks whether a list allows only names of the local machine. */
export function allowsOnlyLocal(entries: readonly string[]): boolean {
  return entries.every((entry) => isLoopbackHost(parseHost(entry)?.hostname ?? ""));
}

const ORIGIN = /^([a-z][a-z\d+.-]*):\/\/([^/]+)$/i;
const DEFAULT_PORTS: { readonly [scheme: string]: string } = { http: "80", https: "443" };

/** Checks whether a string is a valid entry of `allowedOrigins`. */
export function isOriginPattern(entry: string): boolean {
  const [, , host] = ORIGIN.exec(entry) ?? [];
  return entry === "*" || (host !== undefined && host !== "*" && isHostPattern(host));
}

/** Creates an allowlist for `Origin` headers. Compares scheme, host and port (RFC 6454 §4). */
export function createOriginAllowlist(entries: readonly string[]): Allowlist {
  if (entries.includes("*")) return () => true;
  const patterns = entries.map((entry) => {
    const { scheme, host } = parseOrigin(entry);
    return { scheme, allows: createHostAllowlist([host]) };
  });
  return (value) => {
    const { scheme, host } = parseOrigin(value);
    return patterns.some((pattern) => pattern.scheme === scheme && pattern.allows(host));
  };
}

/** Checks whether an origin is a server on the local machine, on any port. */
export function isLocalOrigin(value: string): boolean {
  const { scheme, host } = parseOrigin(value);
  return (scheme === "http" || scheme === "https") && isLoopbackHost(host.replace(/:\d+$/, ""));
}

/** Parses an origin. Adds the scheme's default port, which browsers omit. */
function parseOrigin(text: string): { readonly scheme: string; readonly host: string } {
  const [, scheme = "", host = ""] = ORIGIN.exec(text) ?? [];
  const lower = scheme.toLowerCase();
  return { scheme: lower, host: /:\d+$/.test(host) ? host : `${host}:${DEFAULT_PORTS[lower] ?? ""}` };
}
