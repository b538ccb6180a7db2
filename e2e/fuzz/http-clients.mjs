// Ways to send HTTP requests: to a server's `fetch`, and over sockets.
import { Agent, request } from "node:http";

/** Sends requests to `server.fetch`. */
export function viaFetch(server) {
  return {
    async send({ method, headers, body, path = "/mcp" }, signal) {
      const hasBody = !["GET", "HEAD"].includes(method);
      const url = new URL(path, "http://localhost");
      const response = await server.fetch(new Request(url, { method, headers, signal, ...(hasBody && { body }) }));
      return { status: response.status, headers: response.headers, chunks: decode(response.body ?? []) };
    },
    close: () => server.close(),
  };
}

async function* decode(body) {
  const decoder = new TextDecoder();
  for await (const chunk of body) yield decoder.decode(chunk, { stream: true });
}

/** Serves on a port, and sends requests to it on kept connections. */
export async function viaSockets(server) {
  const { port } = await server.serve({ transport: "http", port: 0, host: "127.0.0.1" });
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  return {
    send: ({ method, headers, body, path = "/mcp" }, signal) =>
      new Promise((resolve, reject) => {
        const sent = request({ port, path, method, headers: { ...headers, host: "localhost" }, agent, signal });
        sent.on("error", reject);
        sent.on("response", (response) => {
          response.setEncoding("utf8");
          resolve({ status: response.statusCode, headers: new Headers(flat(response.headers)), chunks: response });
        });
        sent.end(["GET", "HEAD"].includes(method) ? undefined : body);
      }),
    async close() {
      agent.destroy();
      await server.close();
    },
  };
}

function flat(headers) {
  return Object.entries(headers).map(([name, value]) => [name, String(value)]);
}
