// Headers of requests and responses that MCP clients need (MCP 2026-07-28 "Streamable HTTP", MCP 2025-11-25 "Session Management").
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

/** Answers the question that browsers ask before a request (Fetch standard, "CORS-preflight"). */
export function answerPreflight(headers: Headers, methods: string): Response {
  const asked = (headers.get("access-control-request-headers") ?? "").toLowerCase().split(/\s*,\s*/);
  // Mcp-Param-* are named by the tools; what is asked for is allowed by its own name, as `*` does not cover Authorization.
  const parameters = asked.filter((name) => PARAMETER_HEADER.test(name));
  return new Response(null, {
    status: 204,
    headers: {
      "access-control-allow-methods": methods,
      "access-control-allow-headers": [...REQUEST_HEADERS, ...parameters].join(", "),
      "access-control-max-age": ONE_DAY_S,
    },
  });
}

/** Whether a request is the browser's question, as opposed to an OPTIONS of the client's own. */
export function isPreflight(method: string, headers: Headers): boolean {
  return method === "OPTIONS" && headers.has("origin") && headers.has("access-control-request-method");
}

/** Lets the page of an allowed origin read a response. */
export function allowReading(response: Response, origin: string): Response {
  const readable = hasMutableHeaders(response)
    ? response
    : new Response(response.body, {
        status: response.status,
        statusText: response.statusText,
        headers: response.headers,
      });
  readable.headers.set("access-control-allow-origin", origin);
  readable.headers.append("vary", "Origin");
  const exposed = readable.headers.get("access-control-expose-headers");
  readable.headers.set("access-control-expose-headers", exposed ? `${exposed}, ${RESPONSE_HEADERS}` : RESPONSE_HEADERS);
  return readable;
}

/** `Response.redirect()` and what `fetch` returns cannot be changed. */
function hasMutableHeaders(response: Response): boolean {
  try {
    response.headers.delete("access-control-allow-origin");
    return true;
  } catch {
    return false;
  }
}
