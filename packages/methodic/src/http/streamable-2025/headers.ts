import { DEFAULT_NEGOTIATED_PROTOCOL_VERSION, SUPPORTED_PROTOCOL_VERSIONS } from "@modelcontextprotocol/server";
import { allowsMediaType } from "../accept.ts";
import { MODERN_REVISION } from "../../util/json-rpc.ts";
import { refuse } from "../responses.ts";

/** Refuses a POST whose client cannot take both kinds of answer. */
export function checkPostAccept({ headers }: Request): Response | undefined {
  const accept = headers.get("accept");
  if (allowsMediaType(accept, "application/json") && allowsMediaType(accept, "text/event-stream")) return undefined;
  return refuse({
    status: 406,
    message: "The Accept header must allow both application/json and text/event-stream: either can be the answer.",
  });
}

/** Refuses a GET whose client cannot take a stream. */
export function checkGetAccept({ headers }: Request): Response | undefined {
  if (allowsMediaType(headers.get("accept"), "text/event-stream")) return undefined;
  return refuse({ status: 406, message: "The Accept header must allow text/event-stream." });
}

/** Refuses a version that nobody speaks. A missing one is fine: it came with 2025-06-18. */
export function checkVersion({ headers }: Request): Response | undefined {
  const version = headers.get("mcp-protocol-version");
  if (version === null || SUPPORTED_PROTOCOL_VERSIONS.includes(version)) return undefined;
  // Its requests are served elsewhere; what comes here is something that it does not have.
  if (version === MODERN_REVISION) {
    const text = `MCP ${version} has no batches, no sessions, and no responses of clients: send one request or notification per POST.`;
    return refuse({ status: 400, message: text });
  }
  const supported = SUPPORTED_PROTOCOL_VERSIONS.join(", ");
  const message = `MCP-Protocol-Version ${JSON.stringify(version)} is not supported. Supported are ${supported}.`;
  return refuse({ status: 400, message });
}

/** The version of a request that belongs to no session. */
export function readVersion({ headers }: Request): string {
  return headers.get("mcp-protocol-version") ?? DEFAULT_NEGOTIATED_PROTOCOL_VERSION;
}

/** Refuses a method that is not served. */
export function refuseMethod(method: string, allow: string): Response {
  const why = allow === "POST" ? "This server has no sessions: POST every message." : `There are ${allow}.`;
  return refuse({ status: 405, message: `${method} is not served here. ${why}`, headers: { allow } });
}
