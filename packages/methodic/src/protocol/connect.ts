import type { McpServerFactory, Transport } from "@modelcontextprotocol/server";
import { serveStdio } from "@modelcontextprotocol/server/stdio";

/** A connection that is being served. */
export interface Connection {
  close(): Promise<void>;
}

/**
 * Serves one connection: its opening message says which era it speaks.
 * The SDK's entry for stdio does this for any transport that carries one client for its whole life.
 */
export function serveConnection(
  factory: McpServerFactory,
  transport: Transport,
  onError: (error: Error) => void,
): Connection {
  return serveStdio(factory, { transport, onerror: onError });
}
