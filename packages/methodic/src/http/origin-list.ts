import { type Allowance, allowHosts, isHostPattern, isLocalName } from "./host-list.ts";

const ORIGIN = /^([a-z][a-z\d+.-]*):\/\/([^/]+)$/i;
const DEFAULT_PORTS: { readonly [scheme: string]: string } = { http: "80", https: "443" };

/** Whether something can stand in a list of allowed origins. */
export function isOriginPattern(entry: string): boolean {
  const [, , host] = ORIGIN.exec(entry) ?? [];
  return entry === "*" || (host !== undefined && host !== "*" && isHostPattern(host));
}

/** Makes the check of `Origin` headers (RFC 6454: scheme, host and port, all of which count). */
export function allowOrigins(entries: readonly string[]): Allowance {
  if (entries.includes("*")) return () => true;
  const patterns = entries.map((entry) => {
    const { scheme, host } = parseOrigin(entry);
    return { scheme, allows: allowHosts([host]) };
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
