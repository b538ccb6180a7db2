// Opens and ends sessions of the built server, and prints the memory they leave behind.
// Run with --expose-gc.
import { mock } from "node:test";

const [dist, count, withStore] = process.argv.slice(2);
const { createServer, tool } = await import(`${dist}index.js`);
const { MemoryEventStore } = await import(`${dist}http.js`);
const { defineManifest, MANIFEST_KEY, MANIFEST_VERSION } = await import(`${dist}manifest.js`);

class Greeter {
  hello() {
    return "hi";
  }
}
tool()(Greeter.prototype, "hello", Object.getOwnPropertyDescriptor(Greeter.prototype, "hello"));
const inputSchema = { type: "object", properties: {}, additionalProperties: false };
const members = JSON.stringify({ hello: { kind: "tool", parameters: { names: [] }, inputSchema, result: "text" } });
Object.defineProperty(Greeter, MANIFEST_KEY, {
  value: defineManifest({ version: MANIFEST_VERSION, members, validators: () => ({ hello: { input: () => true } }) }),
});

// Half of the sessions end by idle time, which the test does not wait for.
mock.timers.enable({ apis: ["Date", "setInterval"] });
const eventStore = withStore === "store" ? new MemoryEventStore({ maxEvents: 100 }) : undefined;
const server = createServer({
  name: "greeter",
  version: "1.0.0",
  services: [Greeter],
  auth: "none",
  http: { sessions: { idleTimeout: "30m", max: 100_000, ...(eventStore && { eventStore }) } },
});

async function send(method, session, body) {
  const headers = { "content-type": "application/json", accept: "application/json, text/event-stream" };
  if (session) headers["mcp-session-id"] = session;
  const init = { method, headers, ...(body && { body: JSON.stringify({ jsonrpc: "2.0", ...body }) }) };
  return server.fetch(new Request("http://localhost/mcp", init));
}

/** Opens a session, calls a tool, listens, and cancels the stream. */
async function openSession() {
  const params = { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "leak", version: "1" } };
  const opened = await send("POST", undefined, { id: 0, method: "initialize", params });
  await opened.text();
  const session = opened.headers.get("mcp-session-id");
  await (await send("POST", session, { id: 1, method: "tools/call", params: { name: "hello" } })).text();
  const stream = await send("GET", session);
  if (stream.status !== 200) throw new Error(`GET answered ${stream.status}`);
  await stream.body.cancel();
  return session;
}

async function openAndEnd(sessions) {
  const ids = [];
  for (let i = 0; i < sessions; i++) ids.push(await openSession());
  const memory = await measure();
  for (const session of ids.slice(0, sessions / 2)) {
    const { status } = await send("DELETE", session);
    if (status !== 204) throw new Error(`DELETE answered ${status}`);
  }
  mock.timers.tick(31 * 60 * 1000);
  const { status } = await send("GET", ids.at(-1));
  if (status !== 404) throw new Error(`an idle session answered ${status}`);
  return memory;
}

async function measure() {
  for (let i = 0; i < 5; i++) {
    await new Promise((resolve) => setImmediate(resolve));
    globalThis.gc();
  }
  return process.memoryUsage().heapUsed;
}

// Code that is compiled and cached at the first use is not a leak.
await openAndEnd(1000);
const before = await measure();
const open = await openAndEnd(Number(count));
const after = await measure();
console.log(JSON.stringify({ before, open, after }));
