/** Says of a host or origin whether it is allowed. */
export type Allowlist = (value: string) => boolean;

const LOCAL_NAMES = new Set(["localhost", "127.0.0.1", "[::1]"]);

/** Whether a host name means the computer itself. */
function isLocalName(hostname: string): boolean {
  return LOCAL_NAMES.has(hostname.toLowerCase());
}

/** A host as `Host` and URLs have it. */
interface Host {
  readonly hostname: string;
  /** Empty if none was written. */
  readonly port: string;
}

/** Takes a host apart, or returns nothing if it is not one: RFC 9110 §7.2 has no scheme, user, path or space there. */
export function parseHost(text: string): Host | undefined {
  const [, hostname, port = ""] = /^(\[[\da-f:.]+\]|[\w.-]+)(?::(\d{1,5}))?$/i.exec(text) ?? [];
  return hostname === undefined ? undefined : { hostname: withoutFinalDot(hostname.toLowerCase()), port };
}

/** `example.com.` is the absolute form of the same name. */
function withoutFinalDot(name: string): string {
  return name.endsWith(".") ? name.slice(0, -1) : name;
}

/** Whether something can stand in a list of allowed hosts. */
export function isHostPattern(entry: string): boolean {
  return entry === "*" || parseHost(entry.replace(/^\*\./, "")) !== undefined;
}

/** Makes the check of `Host` headers. */
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

/** Whether all that a list allows is the computer itself. */
export function allowsOnlyLocal(entries: readonly string[]): boolean {
  return entries.every((entry) => isLocalName(parseHost(entry)?.hostname ?? ""));
}

const ORIGIN = /^([a-z][a-z\d+.-]*):\/\/([^/]+)$/i;
const DEFAULT_PORTS: { readonly [scheme: string]: string } = { http: "80", https: "443" };

/** Whether something can stand in a list of allowed origins. */
export function isOriginPattern(entry: string): boolean {
  const [, , host] = ORIGIN.exec(entry) ?? [];
  return entry === "*" || (host !== undefined && host !== "*" && isHostPattern(host));
}

/** Makes the check of `Origin` headers (RFC 6454: scheme, host and port, all of which count). */
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

/** Allows the pages of local servers, whatever their port. */
export function allowLocalOrigins(value: string): boolean {
  const { scheme, host } = parseOrigin(value);
  return (scheme === "http" || scheme === "https") && isLocalName(host.replace(/:\d+$/, ""));
}

/** With its port, which browsers leave out where it is the scheme's own. */
function parseOrigin(text: string): { readonly scheme: string; readonly host: string } {
  const [, scheme = "", host = ""] = ORIGIN.exec(text) ?? [];
  const lower = scheme.toLowerCase();
  return { scheme: lower, host: /:\d+$/.test(host) ? host : `${host}:${DEFAULT_PORTS[lower] ?? ""}` };
}
