import { IncomingMessage } from "node:http";
import { monitorEventLoopDelay } from "node:perf_hooks";
import process from "node:process";
import { queryObjects } from "node:v8";
import { McpServer } from "@modelcontextprotocol/server";
import { createServer, type Server } from "methodic";
import { type HttpOptions, MemoryEventStore } from "methodic/http";
import { Service } from "./service.ts";
import { Tally } from "./tally.ts";

// Serves in three ways on three ports. Sends the ports to its parent, and figures on request. Needs
// --expose-gc.
const tally = new Tally();
const limits = { bodySize: 256 * 1024, keepAliveTimeout: "8s", streamKeepAlive: "1s" } as const;
// Longer than any pause of an active client, even on a busy machine.
const sessions = { idleTimeout: "8s", max: 2000 } as const;

async function listen(http: HttpOptions): Promise<number> {
  const service = new Service(tally, (uri) => server.notify.resourceUpdated(uri));
  const server: Server = createServer({
    name: "load",
    version: "1.0.0",
    services: [service],
    shutdownTimeout: "2s",
    // The judge compares the messages of failures.
    maskErrors: false,
  });
  return (await server.serve({ transport: "http", port: 0, limits, ...http })).port;
}

/** Counts objects and memory after a full collection. */
function measure(): object {
  globalThis.gc?.();
  const count = (kind: abstract new (...given: never[]) => unknown): number =>
    queryObjects(kind as never, { format: "count" }) as unknown as number;
  const alive = {
    requests: count(IncomingMessage),
    servers: count(McpServer),
    signals: count(AbortSignal),
    streams: count(ReadableStream),
  };
  const { heapUsed, external, rss } = process.memoryUsage();
  const { running, repeated } = tally;
  const connections = process.getActiveResourcesInfo().filter((name) => name === "TCPSocketWrap").length;
  return { heapUsed, external, rss, running, repeated, connections, alive };
}

const delays = monitorEventLoopDelay();
delays.enable();
const problems: string[] = [];
process.on("warning", ({ name, stack = "" }) => {
  // `queryObjects` is experimental.
  if (name !== "ExperimentalWarning") problems.push(stack);
});
process.on("unhandledRejection", (reason) => {
  problems.push(`unhandled rejection: ${reason instanceof Error ? String(reason.stack) : String(reason)}`);
});
process.on("message", (question) => {
  if (question === "measure") process.send?.({ ...measure(), problems: problems.splice(0, 20) });
  else process.send?.({ rss: process.memoryUsage.rss(), running: tally.running, stall: delays.max / 1e6 });
  // Measuring takes time, which must not count as a stall.
  setImmediate(() => delays.reset());
});

process.send?.({
  stateless: await listen({}),
  sessions: await listen({ sessions, legacySse: true }),
  resumable: await listen({
    sessions: { ...sessions, eventStore: new MemoryEventStore({ ttl: "10s" }), retryInterval: 50 },
  }),
});
// The channel must not keep the process alive.
process.channel?.unref();
