// Adds and removes tools of the built server in bursts while clients listen, and prints what they
// heard, what is listed at the end, and the memory that is left. Run with --expose-gc.
import { Client, InMemoryTransport } from "@modelcontextprotocol/client";

const [dist, count, burst] = process.argv.slice(2).map((text) => (/^\d+$/.test(text) ? Number(text) : text));
const { createServer, defineTool } = await import(`${dist}index.js`);

const define = (name) =>
  defineTool({
    name,
    inputSchema: { type: "object", properties: { n: { type: "integer", description: `The number of ${name}.` } } },
    outputSchema: { type: "integer" },
    run: ({ n = 1 }) => n + 1,
  });

const server = createServer({ name: "churn", version: "1.0.0", services: [define("stays")] });

/** Connects a client that counts the announcements, and waits for them. */
async function connect(era) {
  const mode = era === "modern" ? { pin: "2026-07-28" } : "legacy";
  const client = new Client({ name: "c", version: "1" }, { versionNegotiation: { mode } });
  const [near, far] = InMemoryTransport.createLinkedPair();
  const heard = [];
  let wake = () => undefined;
  client.setNotificationHandler("notifications/tools/list_changed", ({ method }) => {
    heard.push(method);
    wake();
  });
  await server.connect(far);
  await client.connect(near);
  if (era === "modern") await client.listen({ toolsListChanged: true });
  const hear = async (total) => {
    while (heard.length < total) await new Promise((resolve) => (wake = resolve));
    return heard.length;
  };
  return { client, hear };
}

const clients = [await connect("legacy"), await connect("modern")];
const collected = new Set();
const registry = new FinalizationRegistry((name) => collected.add(name));

async function measure() {
  for (let i = 0; i < 4; i++) {
    await new Promise((resolve) => setImmediate(resolve));
    globalThis.gc();
  }
  return process.memoryUsage().heapUsed;
}

/** Lists the tools. `listTools` of the client would keep a validator for each of them. */
const list = (client) => client.request({ method: "tools/list" });

let changes = 0;
/** Announces a change, and waits until both clients have heard of it and of nothing else. */
async function announced() {
  changes++;
  for (const { hear } of clients) {
    const heard = await hear(changes);
    if (heard !== changes) throw new Error(`A client heard of ${heard} changes instead of ${changes}.`);
  }
}

/** Adds all tools in bursts, lists and calls them, and removes them in bursts. */
async function churn(round) {
  const names = Array.from({ length: count }, (_, i) => `tool_${round}_${i}`);
  for (let start = 0; start < count; start += burst) {
    for (const name of names.slice(start, start + burst)) {
      const tool = define(name);
      registry.register(tool, name);
      server.tools.add(tool);
    }
    await announced();
  }
  for (const { client } of clients) {
    const { tools } = await list(client);
    if (tools.length !== count + 1) throw new Error(`${tools.length} tools are listed.`);
    const params = { name: names[count - 1], arguments: { n: 3 } };
    const { structuredContent } = await client.request({ method: "tools/call", params });
    if ((structuredContent?.result ?? structuredContent) !== 4) throw new Error("A tool does not work.");
  }
  const full = await measure();
  for (let start = 0; start < count; start += burst) {
    for (const name of names.slice(start, start + burst)) if (!server.tools.remove(name)) throw new Error(name);
    await announced();
  }
  const { tools } = await list(clients[0].client);
  return { full, listed: tools.map(({ name }) => name) };
}

// The first round fills caches.
await churn(0);
const before = await measure();
const started = performance.now();
const { full, listed } = await churn(1);
const milliseconds = Math.round(performance.now() - started);
const after = await measure();
const left = 2 * count - collected.size;
console.log(JSON.stringify({ before, full, after, listed, changes, left, milliseconds }));
await server.close();
