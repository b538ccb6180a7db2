import type { CreateMcpHandlerOptions, McpServer, Server as SdkServer } from "@modelcontextprotocol/server";
import type { Server } from "../server/server.ts";
import { attach, readAttachable } from "./attach.ts";
import { checkHeadersAndScopes } from "./header-checks.ts";

export {
  acceptedContent,
  createRequestStateCodec,
  inputRequired,
  type InputRequiredResult,
  inputResponse,
  sdkContext,
  type ServerContext,
} from "../protocol/sdk-context.ts";

/**
 * Adds the components of a server to a server of `@modelcontextprotocol/server` 2.x, which serves
 * them together with its own. Attach before it connects; register components before or after.
 *
 * @param server An `McpServer`, or a low-level `Server`
 * @param methodic The server that `createServer` returned. It may be attached to many
 * @throws MethodicError `INVALID_ARGUMENT` if the SDK's server is connected, `DUPLICATE_NAME` if
 * both have a component of one name
 *
 * @example
 * ```ts
 * import { createMcpHandler, McpServer } from "@modelcontextprotocol/server";
 * import { createServer, tool } from "methodic";
 * import { attachToSdkV2 } from "methodic/sdk";
 *
 * class Greeter {
 *   /** Greet someone. *\/ @tool() greet(name: string): string {
 *     return `Hello, ${name}!`;
 *   }
 * }
 *
 * const methodic = createServer({ name: "greeter", version: "1.0.0", services: [Greeter] });
 *
 * export default createMcpHandler(() => {
 *   const sdkServer = new McpServer({ name: "mixed", version: "1.0.0" });
 *   sdkServer.registerTool("ping", {}, () => ({ content: [{ type: "text", text: "pong" }] }));
 *   attachToSdkV2(sdkServer, methodic);
 *   return sdkServer;
 * });
 * ```
 */
export function attachToSdkV2(server: McpServer | SdkServer, methodic: Server): void {
  const attachable = attach(server, methodic, {
    label: "attachToSdkV2",
    other: "Use attachToSdkV1 of methodic/sdk-v1.",
    isModernSdk: true,
  });
  if ("server" in server) checkHeadersAndScopes(server, attachable.dispatcher);
}

/**
 * Returns the event bus of a server, for the option `bus` of the SDK's `createMcpHandler`: clients
 * of 2026-07-28 that listen at the handler receive what `methodic.notify` reports.
 *
 * @throws MethodicError `INVALID_ARGUMENT`
 */
export function eventBus(methodic: Server): NonNullable<CreateMcpHandlerOptions["bus"]> {
  return readAttachable(methodic, "eventBus").bus;
}
