import type { McpServerFactory, Transport } from "@modelcontextprotocol/server";
import { serveStdio } from "@modelcontextprotocol/server/stdio";

/** A served connection. */
export interface Connection {
  close(): Promise<void>;
}

/**
 * Serves one connection in the era of its opening message. The SDK's entry for stdio does this for
 * any transport that carries a single client. Kept apart, because HTTP servers need not load it.
 */
export function serveConnection(
  factory: McpServerFactory,
  transport: Transport,
  onError: (error: Error) => void,
): Connection {
  return serveStdio(factory, { transport, onerror: onError });
}
