import type { CreateMcpHandlerOptions, McpServer, Server as SdkServer } from "@modelcontextprotocol/server";
import type { Dispatcher } from "../dispatch/dispatcher.ts";
import { openInputSchemaOf } from "../protocol/header-parameters.ts";
import type { Server } from "../server/server.ts";
import { attach, readAttachable } from "./attach.ts";
import { createAccess } from "./sdk-caller.ts";

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
 * @param methodic The server that `createServer` returned. It may be attached to several servers
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
    fix: "Use attachToSdkV1 of methodic/sdk-v1.",
    isModernSdk: true,
  });
  if ("server" in server) checkHeadersAndScopes(server, attachable.dispatcher);
}

/**
 * Lets the SDK's HTTP entries check the requests to decorated components as they check those to the
 * server's own: headers that repeat arguments (`x-mcp-header`), and missing scopes (403).
 */
function checkHeadersAndScopes(server: McpServer, dispatcher: Dispatcher): void {
  const toolInputSchemaJson = server.toolInputSchemaJson.bind(server);
  // To callers who may not use a tool, an error about its headers would reveal that it exists.
  server.toolInputSchemaJson = (name) => openInputSchemaOf(dispatcher, name) ?? toolInputSchemaJson(name);
  const { resolveScopeChallenge } = server;
  server.resolveScopeChallenge = async (context) => {
    const { request, authInfo } = context;
    if (authInfo) {
      const { method, params } = request;
      const scopes = await dispatcher.findMissingScopes({ method, params }, createAccess(dispatcher, { authInfo }));
      if (scopes?.[0] !== undefined) return { scopes: scopes as readonly [string, ...string[]] };
    }
    return await resolveScopeChallenge(context);
  };
}

/**
 * Returns the event bus of a server, for the option `bus` of the SDK's `createMcpHandler`: clients
 * of 2026-07-28 that listen at the handler receive what `methodic.notify` reports.
 *
 * @param methodic The server that `createServer` returned
 * @throws MethodicError `INVALID_ARGUMENT` if it is any other value
 */
export function eventBus(methodic: Server): NonNullable<CreateMcpHandlerOptions["bus"]> {
  return readAttachable(methodic, "eventBus").bus;
}
