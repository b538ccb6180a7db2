import { JSON_HEADERS } from "./calls.mjs";

const INITIALIZE = {
  jsonrpc: "2.0",
  id: "initialize",
  method: "initialize",
  params: { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "load", version: "1" } },
};

/** Starts a session on a connection and returns its id. */
export async function beginSession(client) {
  const answer = await client
    .request("POST", "/mcp", { headers: JSON_HEADERS, body: JSON.stringify(INITIALIZE) })
    .until();
  const session = answer.head?.headers["mcp-session-id"];
  if (!session) throw new Error(`No session: ${answer.head?.status} ${answer.text}`);
  const body = JSON.stringify({ jsonrpc: "2.0", method: "notifications/initialized" });
  await client.request("POST", "/mcp", { headers: headersOf(session), body }).until();
  return session;
}

/** Returns the headers of a request in a session. */
export function headersOf(session) {
  return { ...JSON_HEADERS, "MCP-Protocol-Version": "2025-11-25", "Mcp-Session-Id": session };
}
