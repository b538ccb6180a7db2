import type { AuthRequest } from "./authenticator.ts";

/** A request as the gate sees it. */
export interface LocatedRequest extends AuthRequest {
  /** The path that a router in front has taken off. */
  readonly mountPath?: string;
  /** The port that the client has connected to, if it did so from this computer to this computer. */
  readonly loopbackPort?: number;
}

/** Where the MCP endpoint is. */
export interface Location {
  /** As clients know it, if that is told. */
  readonly publicUrl: URL | undefined;
  /** As the server knows it. */
  readonly path: string;
}

const WELL_KNOWN = "/.well-known/oauth-protected-resource";

/** The URL of the MCP endpoint as clients know it: the resource that access tokens are issued for (RFC 8707). */
export function locateResource(request: LocatedRequest, { publicUrl, path }: Location): string {
  if (!publicUrl) return trimSlash(originOf(request) + pathUnderMount(request, path));
  // An origin alone says where the server is, and not where the endpoint is on it.
  return trimSlash(publicUrl.pathname === "/" ? publicUrl.origin + path : publicUrl.origin + publicUrl.pathname);
}

/** The URL of the metadata of a resource (RFC 9728, section 3.1). */
export function metadataUrl(resource: string): string {
  const { origin, pathname } = new URL(resource);
  return origin + WELL_KNOWN + trimSlash(pathname);
}

/** The resource whose metadata a request asks for: the MCP endpoint's, under its own path, or for clients that look no further under the root. */
export function findAskedResource(request: LocatedRequest, location: Location): string | undefined {
  const { pathname } = new URL(request.url);
  const { mountPath = "" } = request;
  const asked = [pathname, pathname.startsWith(mountPath) ? pathname.slice(mountPath.length) : pathname].find(
    (path) => path === WELL_KNOWN || path.startsWith(`${WELL_KNOWN}/`),
  );
  if (asked === undefined) return undefined;
  const suffix = trimSlash(asked.slice(WELL_KNOWN.length));
  const resource = locateResource(request, location);
  const own = pathUnderMount(request, location.path);
  const known = [new URL(resource).pathname, own, location.path, own.slice(mountPath.length)];
  if (suffix === "" || known.some((path) => trimSlash(path) === suffix)) return resource;
  // Mounted at the well-known path itself, a server that is also mounted under a prefix finds the prefix only here.
  if (!mountPath.startsWith(WELL_KNOWN)) return undefined;
  return location.publicUrl ? resource : originOf(request) + suffix;
}

/** Answers with the metadata of a protected resource (RFC 9728). Web pages of any origin may read them. */
export function serveMetadata(method: string, metadata: object): Response {
  const headers = new Headers({ "access-control-allow-origin": "*" });
  if (method === "OPTIONS") {
    headers.set("access-control-allow-methods", "GET, HEAD");
    headers.set("access-control-allow-headers", "*");
    headers.set("access-control-max-age", "86400");
    return new Response(null, { status: 204, headers });
  }
  if (method !== "GET" && method !== "HEAD") {
    headers.set("allow", "GET, HEAD, OPTIONS");
    return new Response(null, { status: 405, headers });
  }
  headers.set("content-type", "application/json");
  headers.set("cache-control", "public, max-age=300");
  return new Response(method === "HEAD" ? null : JSON.stringify(metadata), { headers });
}

/**
 * `Host` has been checked, but any port of this computer passes there. What listens on another one is another server: its tokens,
 * sent here with its `Host`, must not look as if they were for this one.
 */
function originOf({ url, loopbackPort }: LocatedRequest): string {
  const { origin, protocol, hostname } = new URL(url);
  return loopbackPort !== undefined && isLocalName(hostname)
    ? new URL(`${protocol}//${hostname}:${loopbackPort}`).origin
    : origin;
}

function isLocalName(hostname: string): boolean {
  return hostname === "localhost" || hostname === "127.0.0.1" || hostname === "[::1]";
}

function pathUnderMount({ url, mountPath = "" }: LocatedRequest, path: string): string {
  const includesMount = path === mountPath || path.startsWith(`${mountPath}/`);
  if (mountPath === "" || mountPath.startsWith(WELL_KNOWN) || includesMount) return path;
  // A router that took the whole path off has chosen it.
  return trimSlash(new URL(url).pathname) === mountPath ? mountPath : mountPath + path;
}

function trimSlash(text: string): string {
  return text.replace(/\/$/, "");
}

/** What a refusal tells a client. */
export interface Refusal {
  readonly status: 400 | 401 | 403 | 503;
  /** For people, in the body: the code and the sentence. */
  readonly error: string;
  readonly description: string;
  /** The parameters of `WWW-Authenticate: Bearer`; none, and there is no such header. */
  readonly challenge?: { readonly [parameter: string]: string | undefined };
}

/** Makes the answer to a caller who is not let in (RFC 6750, section 3). */
export function createRefusal({ status, error, description, challenge }: Refusal): Response {
  const headers = new Headers({ "cache-control": "no-store" });
  if (challenge) headers.set("www-authenticate", formatChallenge(challenge));
  if (status === 503) headers.set("retry-after", "5");
  return Response.json({ error, error_description: description }, { status, headers });
}

function formatChallenge(parameters: NonNullable<Refusal["challenge"]>): string {
  const given = Object.entries(parameters).filter(([, value]) => value !== undefined && value !== "");
  // A challenge has at least one parameter.
  const shown = given.length > 0 ? given : [["realm", "mcp"] as const];
  return `Bearer ${shown.map(([name, value = ""]) => `${name}="${escapeText(value)}"`).join(", ")}`;
}

/** Neither quotes nor backslashes nor line ends (RFC 6750 §3): nothing can end the text early or start a header of its own. */
function escapeText(text: string): string {
  return text.replaceAll(/[^ !#-[\]-~]/g, "'");
}
