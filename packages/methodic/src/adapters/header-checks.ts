import type { McpServer } from "@modelcontextprotocol/server";
import type { Dispatcher } from "../dispatch/dispatcher.ts";
import { openInputSchemaOf } from "../protocol/header-parameters.ts";
import { createAccess } from "./sdk-caller.ts";

/**
 * Lets the SDK's HTTP entries check the requests to decorated components as they check those to the
 * server's own: headers that repeat arguments (`x-mcp-header`), and missing scopes (403).
 */
export function checkHeadersAndScopes(server: McpServer, dispatcher: Dispatcher): void {
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
