import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import type { ReadableStream } from "node:stream/web";

/**
 * Listens for HTTP and answers with a web-standard handler, as runtimes other than Node do by
 * themselves.
 */
export async function listenWith(handler: (request: Request) => Promise<Response>): Promise<string> {
  const listener = createServer((incoming, outgoing) => {
    const gone = new AbortController();
    outgoing.on("close", () => gone.abort());
    const headers = new Headers();
    for (const [name, value] of Object.entries(incoming.headers)) headers.set(name, String(value));
    const hasBody = incoming.method !== "GET" && incoming.method !== "HEAD";
    const request = new Request(`http://${incoming.headers.host}${incoming.url}`, {
      method: incoming.method ?? "GET",
      headers,
      signal: gone.signal,
      ...(hasBody && { body: Readable.toWeb(incoming) as never, duplex: "half" }),
    });
    void handler(request).then((response) => {
      outgoing.writeHead(response.status, Object.fromEntries(response.headers));
      // A client must see that a stream is open before there is anything on it.
      outgoing.flushHeaders();
      if (!response.body) return outgoing.end();
      const body = Readable.fromWeb(response.body as ReadableStream);
      body.on("error", () => outgoing.destroy());
      outgoing.on("close", () => body.destroy());
      return body.pipe(outgoing);
    });
  });
  await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(listener.address() as AddressInfo).port}`;
}
