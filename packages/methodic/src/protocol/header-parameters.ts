import type { McpRequestContext } from "@modelcontextprotocol/server";
import type { Dispatcher } from "../dispatch/dispatcher.ts";
import { readAskedVersion } from "../dispatch/versions.ts";
import type { Tool } from "../registry/component.ts";
import { findAccess, findMessage } from "./caller.ts";

/**
 * Tools whose arguments clients repeat in headers (`x-mcp-header`, MCP 2026-07-28), and that depend
 * on the request: they are hidden from some callers, or have versions. The SDK compares these
 * headers before a tool is looked up: for callers who may not use the tool, an error about them
 * would reveal that it exists.
 */
export class HeaderParameters {
  readonly #dispatcher: Dispatcher;
  /** Filled on the first call of a tool, because its schema is not read before. */
  readonly #hasParametersByTool = new WeakMap<Tool, boolean>();

  constructor(dispatcher: Dispatcher) {
    this.#dispatcher = dispatcher;
  }

  /**
   * Returns the tool that a request calls, if the caller may use it and it has header parameters.
   * Undefined if it does not depend on the request. The SDK has checked that header and body name
   * the same tool.
   */
  find(request: McpRequestContext): Promise<Tool | undefined> | undefined {
    const { headers } = request.requestInfo ?? {};
    if (headers?.get("mcp-method") !== "tools/call") return undefined;
    const name = headers.get("mcp-name") ?? "";
    const { variesByRequest, registry } = this.#dispatcher;
    if (registry.tools.isVersioned) return this.#find(name, request);
    const tool = registry.tools.find(name);
    const mayBeHidden = variesByRequest || tool?.access !== undefined;
    return tool && mayBeHidden && this.#hasParameters(tool) ? this.#find(name, request) : undefined;
  }

  async #find(name: string, { authInfo, requestInfo: request }: McpRequestContext): Promise<Tool | undefined> {
    const dispatcher = this.#dispatcher;
    const access = findAccess({ authInfo, request }) ?? dispatcher.createAccess({ auth: undefined });
    const version = readAskedVersion(findMessage(request)?.params);
    // The call itself reports that there is no such tool.
    const tool = await dispatcher.findTool({ name, version }, access).catch(() => undefined);
    return tool && this.#hasParameters(tool) ? tool : undefined;
  }

  #hasParameters(tool: Tool): boolean {
    let found = this.#hasParametersByTool.get(tool);
    if (found === undefined) {
      found = JSON.stringify(tool.schemas.inputSchema).includes('"x-mcp-header"');
      this.#hasParametersByTool.set(tool, found);
    }
    return found;
  }
}

/**
 * Returns the schema by which the SDK compares the headers of a tool; undefined for a tool that
 * depends on the request.
 */
export function openInputSchemaOf(
  { variesByRequest, registry: { tools } }: Dispatcher,
  name: string,
): Record<string, unknown> | undefined {
  const tool = variesByRequest || tools.isVersioned ? undefined : tools.find(name);
  return tool && !tool.access ? tool.schemas.inputSchema : undefined;
}
