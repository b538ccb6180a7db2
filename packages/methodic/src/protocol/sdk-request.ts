import type { McpServer, ServerContext } from "@modelcontextprotocol/server";
import type { ProtocolEra } from "../context/call-info.ts";
import type { ConnectionSession } from "../context/state.ts";

/** One request of the SDK. */
export interface SdkRequest {
  readonly era: ProtocolEra;
  readonly server: McpServer["server"];
  readonly ctx: ServerContext;
  /** The session; undefined over HTTP without sessions. */
  readonly session: ConnectionSession | undefined;
}
