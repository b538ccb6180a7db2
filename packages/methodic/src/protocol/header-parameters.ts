import type { McpRequestContext } from "@modelcontextprotocol/server";
import type { AuthInfo } from "../context/auth-info.ts";
import type { Dispatcher } from "../dispatch/dispatcher.ts";

/**
 * Tools with arguments that clients repeat in headers (`x-mcp-header`, MCP 2026-07-28), which the SDK compares before a tool is looked for.
 * For a caller who may not use a tool it must not: what is wrong with the headers would tell that there is such a tool.
 */
export class HeaderParameters {
  readonly #dispatcher: Pick<Dispatcher, "registry" | "mayUse">;
  /** Those that are not for everybody. */
  readonly #guarded: ReadonlySet<string>;

  constructor(dispatcher: Pick<Dispatcher, "registry" | "mayUse">) {
    this.#dispatcher = dispatcher;
    const guarded = [...dispatcher.registry.tools].filter(
      ([, { access, schemas }]) => access && JSON.stringify(schemas.inputSchema).includes('"x-mcp-header"'),
    );
    this.#guarded = new Set(guarded.map(([name]) => name));
  }

  /** The one that a request is about. The SDK has made sure by then that the header names what the body does. */
  find({ requestInfo }: McpRequestContext): string | undefined {
    if (this.#guarded.size === 0 || requestInfo?.headers.get("mcp-method") !== "tools/call") return undefined;
    const name = requestInfo.headers.get("mcp-name") ?? "";
    return this.#guarded.has(name) ? name : undefined;
  }

  /** Whether it is for who sent the request. */
  async isFor({ authInfo }: McpRequestContext, name: string): Promise<boolean> {
    const auth = authInfo?.extra?.["methodic"] as AuthInfo | undefined;
    return await this.#dispatcher.mayUse({ method: "tools/call", params: { name } }, auth);
  }
}
