// The servers that Methodic is compared with over HTTP: one tool that returns its argument, written
// as efficiently as each library allows.
import { createServer } from "node:http";
import { NodeStreamableHTTPServerTransport, toNodeHandler } from "@modelcontextprotocol/node";
import { createMcpHandler, McpServer, Server } from "@modelcontextprotocol/server";
import { McpServer as McpServerV1 } from "@modelcontextprotocol/sdk/server/mcp.js";
import { StreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/streamableHttp.js";
import { z } from "zod";

const info = { name: "peer", version: "1.0.0" };
// Created once: the SDK would spend most of its time on schemas created per request.
const inputSchema = z.object({ topic: z.string() });
const tool = { description: "Say something.", inputSchema };
const listed = { name: "say0", description: tool.description, inputSchema: z.toJSONSchema(inputSchema) };
const say = ({ topic }) => ({ content: [{ type: "text", text: topic }] });

function echo(request, response) {
  let body = "";
  request.setEncoding("utf8").on("data", (chunk) => (body += chunk));
  request.on("end", () => {
    const { id, params } = JSON.parse(body);
    const answer = JSON.stringify({ jsonrpc: "2.0", id, result: say(params.arguments) });
    response.writeHead(200, { "content-type": "application/json", "content-length": Buffer.byteLength(answer) });
    response.end(answer);
  });
}

function makeMcpServer() {
  const server = new McpServer(info);
  server.registerTool("say0", tool, say);
  return server;
}

function makeServer() {
  const server = new Server(info, { capabilities: { tools: {} } });
  server.setRequestHandler("tools/list", () => ({ tools: [listed] }));
  server.setRequestHandler("tools/call", ({ params }) => say(params.arguments));
  return server;
}

async function serveV1(request, response) {
  const server = new McpServerV1(info);
  server.registerTool("say0", { ...tool, inputSchema: inputSchema.shape }, say);
  const transport = new StreamableHTTPServerTransport({ sessionIdGenerator: undefined, enableJsonResponse: true });
  response.on("close", () => void server.close());
  await server.connect(transport);
  await transport.handleRequest(request, response);
}

/** The SDK's only way to answer 2025-era clients with plain JSON. */
async function serveJson(request, response) {
  const server = makeServer();
  const transport = new NodeStreamableHTTPServerTransport({ sessionIdGenerator: undefined, enableJsonResponse: true });
  response.on("close", () => void server.close());
  await server.connect(transport);
  await transport.handleRequest(request, response);
}

const handlers = {
  echo: () => echo,
  "sdk-v2": () => toNodeHandler(createMcpHandler(makeMcpServer)),
  "sdk-v2-low": () => toNodeHandler(createMcpHandler(makeServer)),
  "sdk-v2-json": () => serveJson,
  "sdk-v1": () => serveV1,
};
const http = createServer(handlers[process.argv[2]]());
http.listen(0, "127.0.0.1", () => console.log(`http://127.0.0.1:${http.address().port}/mcp`));
