import type { Server } from "../server/server.ts";
import { attach } from "./attach.ts";

/** A `Server` of `@modelcontextprotocol/sdk`. */
export interface SdkV1Server {
  connect(transport: never): Promise<void>;
  registerCapabilities(capabilities: object): void;
  assertCanSetRequestHandler(method: string): void;
}

/**
 * Adds the components of a server to a server of `@modelcontextprotocol/sdk` 1.x, which serves them
 * together with its own. Attach before it connects; register components before or after.
 *
 * @param server An `McpServer`, or a low-level `Server`
 * @param methodic The server that `createServer` returned. It may be attached to several servers
 * @throws MethodicError `INVALID_ARGUMENT` if the SDK's server is connected, `DUPLICATE_NAME` if
 * both have a component of one name
 *
 * @example
 * ```ts
 * import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
 * import { createServer, tool } from "methodic";
 * import { attachToSdkV1 } from "methodic/sdk-v1";
 *
 * class Greeter {
 *   /** Greet someone. *\/ @tool() greet(name: string): string {
 *     return `Hello, ${name}!`;
 *   }
 * }
 *
 * const sdkServer = new McpServer({ name: "mixed", version: "1.0.0" });
 * sdkServer.registerTool("ping", {}, () => ({ content: [{ type: "text", text: "pong" }] }));
 * const methodic = createServer({ name: "greeter", version: "1.0.0", services: [Greeter] });
 * attachToSdkV1(sdkServer, methodic);
 * ```
 */
export function attachToSdkV1(server: SdkV1Server | { readonly server: SdkV1Server }, methodic: Server): void {
  attach(server, methodic, {
    label: "attachToSdkV1",
    fix: "Use attachToSdkV2 of methodic/sdk.",
    isModernSdk: false,
  });
}
