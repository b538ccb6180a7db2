import type { McpServer, ServerContext } from "@modelcontextprotocol/server";
import type { ProtocolEra } from "../context/call-info.ts";

/** One request of the SDK. */
export interface SdkRequest {
  readonly era: ProtocolEra;
  readonly server: McpServer["server"];
  readonly ctx: ServerContext;
  /** The connection outlasts the request, so a client of 2025-11-25 or older can be asked. */
  readonly live: boolean;
}
