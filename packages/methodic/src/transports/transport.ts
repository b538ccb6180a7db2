import type { JsonRpcMessage } from "../util/json-rpc.ts";

/**
 * A connection to one client. All transports of the official SDK implement it. It is declared here
 * because the SDK's declarations import zod's, which the author's compiler would have to read.
 */
export interface Transport {
  start(): Promise<void>;
  send(message: JsonRpcMessage, options?: object): Promise<void>;
  close(): Promise<void>;
  onclose?: (() => void) | undefined;
  onerror?: ((error: Error) => void) | undefined;
  onmessage?: ((message: never, extra?: never) => void) | undefined;
}
