import type { McpRequestContext } from "@modelcontextprotocol/server";
import type { Dispatcher } from "../dispatch/dispatcher.ts";
import type { Tool } from "../registry/component.ts";
import { findAccess } from "./caller.ts";

/**
 * Tools with access rules and with arguments that clients repeat in headers (`x-mcp-header`, MCP
 * 2026-07-28). The SDK compares these headers before a tool is looked up: for callers who may not
 * use the tool, an error about them would reveal that it exists.
 */
export class HeaderParameters {
  readonly #dispatcher: Pick<Dispatcher, "createAccess">;
  readonly #guarded: ReadonlyMap<string, Tool>;

  constructor(dispatcher: Pick<Dispatcher, "createAccess" | "registry">) {
    this.#dispatcher = dispatcher;
    const guarded = [...dispatcher.registry.tools].filter(
      ([, { access, schemas }]) => access && JSON.stringify(schemas.inputSchema).includes('"x-mcp-header"'),
    );
    this.#guarded = new Map(guarded);
  }

  /**
   * Returns the tool that a request calls, if it has access rules and header parameters. The SDK
   * has checked that header and body name the same tool.
   */
  find({ requestInfo }: McpRequestContext): Tool | undefined {
    if (this.#guarded.size === 0 || requestInfo?.headers.get("mcp-method") !== "tools/call") return undefined;
    return this.#guarded.get(requestInfo.headers.get("mcp-name") ?? "");
  }

  /** Checks whether the caller of a request may use a tool. */
  async allows({ authInfo }: McpRequestContext, tool: Tool): Promise<boolean> {
    const access = findAccess(authInfo) ?? this.#dispatcher.createAccess({ auth: undefined });
    return await access.allows(tool);
  }
}
