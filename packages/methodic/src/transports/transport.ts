import type { JsonRpcMessage } from "../util/json-rpc.ts";

/**
 * A connection to one client. Every transport of the official SDK is one. It is declared here
 * because the declarations of the SDK import those of zod, which every author's compiler would
 * read.
 */
export interface Transport {
  start(): Promise<void>;
  send(message: JsonRpcMessage, options?: object): Promise<void>;
  close(): Promise<void>;
  onclose?: (() => void) | undefined;
  onerror?: ((error: Error) => void) | undefined;
  onmessage?: ((message: never, extra?: never) => void) | undefined;
}
