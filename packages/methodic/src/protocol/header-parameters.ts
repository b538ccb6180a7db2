import type { McpRequestContext } from "@modelcontextprotocol/server";
import type { Dispatcher } from "../dispatch/dispatcher.ts";
import type { Tool } from "../registry/component.ts";
import { findAccess } from "./caller.ts";

/**
 * Tools that are hidden from some callers, with arguments that clients repeat in headers
 * (`x-mcp-header`, MCP 2026-07-28). The SDK compares these headers before a tool is looked up: for
 * callers who may not use the tool, an error about them would reveal that it exists.
 */
export class HeaderParameters {
  readonly #dispatcher: Pick<Dispatcher, "createAccess" | "isFiltered" | "registry">;
  /** Filled on the first call of a tool, because its schema is not read before. */
  readonly #hasParametersByTool = new WeakMap<Tool, boolean>();

  constructor(dispatcher: Pick<Dispatcher, "createAccess" | "isFiltered" | "registry">) {
    this.#dispatcher = dispatcher;
  }

  /**
   * Returns the tool that a request calls, if it is hidden from some callers and has header
   * parameters. The SDK has checked that header and body name the same tool.
   */
  find({ requestInfo }: McpRequestContext): Tool | undefined {
    if (requestInfo?.headers.get("mcp-method") !== "tools/call") return undefined;
    const tool = this.#dispatcher.registry.tools.find(requestInfo.headers.get("mcp-name") ?? "");
    const mayBeHidden = this.#dispatcher.isFiltered || tool?.access !== undefined;
    return tool && mayBeHidden && this.#hasParameters(tool) ? tool : undefined;
  }

  #hasParameters(tool: Tool): boolean {
    let found = this.#hasParametersByTool.get(tool);
    if (found === undefined) {
      found = JSON.stringify(tool.schemas.inputSchema).includes('"x-mcp-header"');
      this.#hasParametersByTool.set(tool, found);
    }
    return found;
  }

  /** Checks whether the caller of a request may use a tool. */
  async allows({ authInfo, requestInfo: request }: McpRequestContext, tool: Tool): Promise<boolean> {
    const access = findAccess({ authInfo, request }) ?? this.#dispatcher.createAccess({ auth: undefined });
    return await access.allows(tool);
  }
}
