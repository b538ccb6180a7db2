import type { McpServerFactory, Transport } from "@modelcontextprotocol/server";
import { serveStdio } from "@modelcontextprotocol/server/stdio";
import type { AuthInfo } from "../context/auth-info.ts";
import type { Extensions } from "../extensions/extensions.ts";
import type { Icon } from "../decorators/definition.ts";

/** The server as clients see it, and the key of its states. */
export interface ServerIdentity {
  readonly info: {
    readonly name: string;
    readonly version: string;
    readonly title?: string;
    readonly websiteUrl?: string;
    readonly icons?: readonly Icon[];
  };
  readonly instructions: string | undefined;
  /** Key that encrypts `requestState`. Default: random per process. */
  readonly stateKey: string | undefined;
  readonly extensions: Extensions | undefined;
}

/** The kind of connection that an SDK server is created for. */
export interface ConnectionMode {
  /**
   * The connection outlasts a request (stdio, memory, sessions), so the server can send
   * notifications.
   */
  readonly live: boolean;
  /**
   * The components are attached to another server, which declares the capabilities: completion
   * requests come even if no component offers values.
   */
  readonly attached?: boolean;
  /** The caller of requests that do not come over HTTP. Default: a trusted local client. */
  readonly caller?: { readonly auth: AuthInfo | undefined };
}

/** Returns the factory of SDK servers for connections of one kind. */
export type ServerFactories = (mode: ConnectionMode) => McpServerFactory;

/** A served connection. */
export interface Connection {
  close(): Promise<void>;
}

/**
 * Serves one connection in the era of its opening message. The SDK's entry for stdio does this for
 * any transport that carries a single client.
 */
export function serveConnection(
  factory: McpServerFactory,
  transport: Transport,
  onError: (error: Error) => void,
): Connection {
  return serveStdio(factory, { transport, onerror: onError });
}
