import { once } from "node:events";
import { type ClientHttp2Session, connect, constants, createServer } from "node:http2";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { eventually } from "../../../../fixtures/eventually.ts";
import type { HttpRequest } from "../../src/http/request.ts";
import { createNodeHandler } from "../../src/transports/node/handler.ts";

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
});

/** Starts a server and opens an HTTP/2 session with it. `ask` returns the status and the body. */
async function open(handle: (request: HttpRequest) => Promise<Response>): Promise<{
  readonly session: ClientHttp2Session;
  readonly ask: (head: object, body?: string) => Promise<string>;
}> {
  const handler = createNodeHandler({ handle });
  const server = createServer((message, reply) => void handler(message as never, reply as never));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const session = connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  closing.push(async () => {
    session.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  const ask = async (head: object, body?: string): Promise<string> => {
    const stream = session.request({ ":path": "/mcp", ...head });
    stream.setEncoding("utf8").end(body);
    const [{ ":status": status }] = (await once(stream, "response")) as [{ ":status": number }];
    let text = "";
    for await (const chunk of stream) text += String(chunk);
    return `${status} ${text}`;
  };
  return { session, ask };
}

describe("createNodeHandler over HTTP/2", () => {
  it("takes the host from :authority and refuses a different Host header", async () => {
    const { ask } = await open(async (request) =>
      Response.json({ url: request.url, host: request.headers.get("host"), body: await request.readText(100) }),
    );
    expect(await ask({ ":method": "POST", ":authority": "localhost:1" }, "hello")).toBe(
      '200 {"url":"http://localhost:1/mcp","host":"localhost:1","body":"hello"}',
    );
    expect(await ask({ ":method": "POST", ":authority": "localhost", host: "evil.example" }, "")).toMatch(
      /^400 .*More than one Host/,
    );
  });

  it("streams a response and refuses a body that is too large", async () => {
    const { ask } = await open(async (request) => {
      const text = await request.readText(10).catch(() => undefined);
      if (text === undefined) return Response.json({}, { status: 413 });
      return new Response(`data: ${text}\n\n`, { headers: { "Content-Type": "text/event-stream" } });
    });
    expect(await ask({ ":method": "POST" }, "hello")).toBe("200 data: hello\n\n");
    expect(await ask({ ":method": "POST" }, "x".repeat(100_000))).toBe("413 {}");
  });

  it("aborts the signal of a request that the client cancels", async () => {
    const signals: AbortSignal[] = [];
    const { session } = await open(async ({ signal }) => {
      signals.push(signal);
      await once(signal, "abort");
      return Response.json({});
    });
    const stream = session.request({ ":path": "/mcp" });
    stream.on("error", () => undefined);
    await eventually(() => expect(signals).toHaveLength(1));
    stream.close(constants.NGHTTP2_CANCEL);
    await eventually(() => expect(signals[0]?.aborted).toBe(true));
  });
});
