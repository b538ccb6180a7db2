import type { AuthInfo } from "../context/auth-info.ts";
import { isLoopbackHost } from "../util/loopback.ts";
import type { AuthRequest } from "./authenticator.ts";

/** A request to the server's endpoint. */
export interface EndpointRequest extends AuthRequest {
  /** The path that an outer router removed from the URL. */
  readonly mountPath?: string;
  /** The port that the client connected to, if client and server are on the same machine. */
  readonly loopbackPort?: number;
  /** The caller, if an earlier middleware authenticated the request. */
  readonly auth?: AuthInfo;
  /** The caller's token, if the middleware kept it. */
  readonly token?: string;
}

/** The location of the MCP endpoint. */
export interface EndpointLocation {
  /** The URL as clients know it, if it is configured. */
  readonly publicUrl: URL | undefined;
  /** The path as the server knows it. */
  readonly path: string;
}

const WELL_KNOWN = "/.well-known/oauth-protected-resource";

/**
 * Returns the URL of the MCP endpoint as clients know it: the resource that access tokens are
 * issued for (RFC 8707).
 */
export function locateResource(request: EndpointRequest, { publicUrl, path }: EndpointLocation): string {
  if (!publicUrl) return trimSlash(originOf(request) + addMountPath(request, path));
  // A public URL without a path names the server, not the endpoint.
  return trimSlash(publicUrl.origin + (publicUrl.pathname === "/" ? path : publicUrl.pathname));
}

/** Returns the URL of a resource's metadata (RFC 9728 §3.1). */
export function locateMetadata(resource: string): string {
  const { origin, pathname } = new URL(resource);
  return origin + WELL_KNOWN + trimSlash(pathname);
}

/**
 * Returns the resource whose metadata a request asks for, or undefined for another URL. The
 * metadata of the MCP endpoint is below the endpoint's own path, and at the root for clients that
 * look only there.
 */
export function findRequestedResource(request: EndpointRequest, location: EndpointLocation): string | undefined {
  const { pathname } = new URL(request.url);
  const { mountPath = "" } = request;
  const unmounted = pathname.startsWith(mountPath) ? pathname.slice(mountPath.length) : pathname;
  const wellKnown = [pathname, unmounted].find((path) => path === WELL_KNOWN || path.startsWith(`${WELL_KNOWN}/`));
  if (wellKnown === undefined) return undefined;
  const suffix = trimSlash(wellKnown.slice(WELL_KNOWN.length));
  const resource = locateResource(request, location);
  const mounted = addMountPath(request, location.path);
  const known = [new URL(resource).pathname, mounted, location.path, mounted.slice(mountPath.length)];
  if (suffix === "" || known.some((path) => trimSlash(path) === suffix)) return resource;
  // The handler is mounted a second time, at the well-known path. The prefix of its first mount
  // appears only in the rest of this URL.
  if (!mountPath.startsWith(WELL_KNOWN)) return undefined;
  return location.publicUrl ? resource : originOf(request) + suffix;
}

/**
 * Returns the origin of a request, whose `Host` has been checked. For a loopback host, any port
 * passes that check, so the port comes from the connection: another port is another server, and its
 * tokens, sent here with its `Host`, must not look like tokens for this one.
 */
function originOf({ url, loopbackPort }: EndpointRequest): string {
  const { origin, protocol, hostname } = new URL(url);
  return loopbackPort !== undefined && isLoopbackHost(hostname)
    ? new URL(`${protocol}//${hostname}:${loopbackPort}`).origin
    : origin;
}

function addMountPath({ url, mountPath = "" }: EndpointRequest, path: string): string {
  const includesMount = path === mountPath || path.startsWith(`${mountPath}/`);
  if (mountPath === "" || mountPath.startsWith(WELL_KNOWN) || includesMount) return path;
  // A router that has removed the whole path has chosen the endpoint's path.
  return trimSlash(new URL(url).pathname) === mountPath ? mountPath : mountPath + path;
}

function trimSlash(text: string): string {
  return text.replace(/\/$/, "");
}

/**
 * Creates the response to a request for the metadata of a protected resource (RFC 9728). Web pages
 * of any origin may read it.
 */
export function createMetadataResponse(method: string, metadata: object): Response {
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

/** The reason why a caller has no access. */
export interface AuthError {
  readonly status: 400 | 401 | 403 | 503;
  /** The error code in the response body. */
  readonly error: string;
  readonly description: string;
  /** The parameters of `WWW-Authenticate: Bearer`. Without them the response has no such header. */
  readonly challenge?: { readonly [parameter: string]: string | undefined };
}

/** Creates the response to a caller without access (RFC 6750 §3). */
export function createErrorResponse({ status, error, description, challenge }: AuthError): Response {
  const headers = new Headers({ "cache-control": "no-store" });
  if (challenge) headers.set("www-authenticate", formatChallenge(challenge));
  if (status === 503) headers.set("retry-after", "5");
  return Response.json({ error, error_description: description }, { status, headers });
}

function formatChallenge(parameters: NonNullable<AuthError["challenge"]>): string {
  const given = Object.entries(parameters).filter(([, value]) => value !== undefined && value !== "");
  // RFC 6750 §3 requires at least one parameter.
  const shown = given.length > 0 ? given : [["realm", "mcp"] as const];
  return `Bearer ${shown.map(([name, value = ""]) => `${name}="${replaceUnsafe(value)}"`).join(", ")}`;
}

/**
 * Replaces quotes, backslashes and control characters, which RFC 6750 §3 does not allow. They could
 * end the parameter early, or start another header.
 */
function replaceUnsafe(text: string): string {
  return text.replaceAll(/[^ !#-[\]-~]/g, "'");
}
