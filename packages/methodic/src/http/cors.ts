// Headers that MCP clients send and read (MCP 2026-07-28 "Streamable HTTP", MCP 2025-11-25 "Session
// Management").
const REQUEST_HEADERS = [
  "accept",
  "authorization",
  "content-type",
  "last-event-id",
  "mcp-method",
  "mcp-name",
  "mcp-protocol-version",
  "mcp-session-id",
  "x-api-key",
];
const RESPONSE_HEADERS = "Mcp-Session-Id, MCP-Protocol-Version, WWW-Authenticate, Retry-After";
const PARAMETER_HEADER = /^mcp-param-[\w-]+$/;
const ONE_DAY_S = "86400";

/** Checks whether a request is a CORS preflight, not an OPTIONS request of a client itself. */
export function isPreflight(method: string, headers: Headers): boolean {
  return method === "OPTIONS" && headers.has("origin") && headers.has("access-control-request-method");
}

/** Answers a CORS preflight (Fetch standard, "CORS-preflight request"). */
export function answerPreflight(headers: Headers, methods: string): Response {
  const requested = (headers.get("access-control-request-headers") ?? "").toLowerCase().split(/\s*,\s*/);
  // Tools choose the names of Mcp-Param-* headers. Those requested are listed, because `*` would
  // not cover Authorization.
  const parameters = requested.filter((name) => PARAMETER_HEADER.test(name));
  return new Response(null, {
    status: 204,
    headers: {
      "access-control-allow-methods": methods,
      "access-control-allow-headers": [...REQUEST_HEADERS, ...parameters].join(", "),
      "access-control-max-age": ONE_DAY_S,
    },
  });
}

/** Adds the CORS headers that let pages of an origin read a response. */
export function addCorsHeaders(response: Response, origin: string): Response {
  const readable = hasMutableHeaders(response) ? response : new Response(response.body, response);
  readable.headers.set("access-control-allow-origin", origin);
  readable.headers.append("vary", "Origin");
  const exposed = readable.headers.get("access-control-expose-headers");
  readable.headers.set("access-control-expose-headers", exposed ? `${exposed}, ${RESPONSE_HEADERS}` : RESPONSE_HEADERS);
  return readable;
}

/**
 * Checks whether headers can change; those of `Response.redirect()` and of `fetch` responses
 * cannot.
 */
function hasMutableHeaders(response: Response): boolean {
  try {
    response.headers.delete("access-control-allow-origin");
    return true;
  } catch {
    return false;
  }
}
