import { McpServer, type McpServerFactory, type ServerContext } from "@modelcontextprotocol/server";
import type { AuthInfo } from "../src/context/auth-info.ts";
import type { LegacyLeg } from "../src/http/legacy/legacy-leg.ts";

/** What a fixture's tool does, by its name. */
export interface FixtureTools {
  readonly [name: string]: (args: { readonly [key: string]: unknown }, ctx: ServerContext) => unknown;
}

/** A factory of SDK servers with these tools, which answer what they return as text. */
export function createFactory(tools: FixtureTools, made: McpServer[] = []): McpServerFactory {
  return () => {
    const server = new McpServer(
      { name: "fixture", version: "1.0.0" },
      { capabilities: { tools: { listChanged: true }, logging: {} } },
    );
    server.server.setRequestHandler("tools/list", () => ({
      tools: Object.keys(tools).map((name) => ({ name, inputSchema: { type: "object" as const } })),
    }));
    server.server.setRequestHandler("tools/call", async ({ params }, ctx) => ({
      content: [{ type: "text" as const, text: String(await tools[params.name]?.(params.arguments ?? {}, ctx)) }],
    }));
    made.push(server);
    return server;
  };
}

const URL_OF_FIXTURE = "http://localhost/mcp";

/** How {@link send} sends. */
export interface SendOptions {
  /** Default POST. */
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly signal?: AbortSignal;
  readonly session?: string;
  readonly auth?: AuthInfo;
}

/** Sends a raw request to a leg. */
export async function send(leg: LegacyLeg, message: unknown, options: SendOptions = {}): Promise<Response> {
  const { method = "POST", signal, session, auth } = options;
  const headers = {
    accept: "application/json, text/event-stream",
    ...(session !== undefined && { "mcp-session-id": session }),
    ...options.headers,
  };
  const request = new Request(URL_OF_FIXTURE, { method, headers, ...(signal && { signal }) });
  return leg.handle({ request, message, auth });
}

/** Begins a session. */
export async function begin(
  leg: LegacyLeg,
  options: SendOptions & { readonly protocolVersion?: string; readonly capabilities?: object } = {},
): Promise<{ readonly response: Response; readonly id: string }> {
  const { protocolVersion = "2025-11-25", capabilities = {}, ...rest } = options;
  const params = { protocolVersion, capabilities, clientInfo: { name: "raw", version: "1" } };
  const response = await send(leg, { jsonrpc: "2.0", id: 0, method: "initialize", params }, rest);
  return { response, id: response.headers.get("mcp-session-id") ?? "" };
}

/** What the fetch of an official client becomes, to reach a leg without a socket. */
export function fetchFrom(leg: LegacyLeg): (url: string | URL, init?: RequestInit) => Promise<Response> {
  return async (url, init) => {
    const request = new Request(url, init);
    const text = await request.text();
    return leg.handle({
      request: new Request(url, { ...init, body: null }),
      message: text === "" ? undefined : JSON.parse(text),
    });
  };
}

/** A call of a tool as JSON-RPC. */
export function call(id: string | number, name: string, params: { readonly [key: string]: unknown } = {}): object {
  return { jsonrpc: "2.0", id, method: "tools/call", params: { name, arguments: {}, ...params } };
}

/** An event as it was on the wire. */
export interface WireEvent {
  readonly event?: string;
  readonly id?: string;
  readonly retry?: string;
  readonly data?: string;
}

/** Reads the events of a response one by one; comments are left out. */
export async function* readEvents(response: Response): AsyncGenerator<WireEvent, void> {
  let rest = "";
  const decoder = new TextDecoder();
  for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
    const blocks = (rest + decoder.decode(chunk, { stream: true })).split("\n\n");
    rest = blocks.pop() ?? "";
    for (const block of blocks) {
      if (block.startsWith(":")) continue;
      yield Object.fromEntries(block.split("\n").map((line) => line.split(/: ?(.*)/s).slice(0, 2)));
    }
  }
}

/** All messages of a stream that ends. */
export async function readMessages(response: Response): Promise<{ readonly [key: string]: unknown }[]> {
  const messages = [];
  for await (const { data } of readEvents(response)) if (data) messages.push(JSON.parse(data));
  return messages;
}
