import { createServer, type Server } from "methodic";
import { type HttpOptions, MemoryEventStore } from "methodic/http";
import { Service } from "./service.ts";

/** A server of one mode, and its service. */
export interface Target {
  readonly server: Server;
  readonly service: Service;
}

const sessions = { idleTimeout: "3s", max: 2000 } as const;
const MODES: Readonly<Record<string, () => HttpOptions>> = {
  stateless: () => ({}),
  sessions: () => ({ sessions }),
  resumable: () => ({ sessions: { ...sessions, eventStore: new MemoryEventStore({ ttl: "3s" }) } }),
};

/** Creates a server that has few places, so that a lost one shows. */
export function createTarget(mode: string): Target {
  const service = new Service();
  const http: HttpOptions = {
    ...MODES[mode]?.(),
    limits: { concurrentRequests: 200, callerShare: 1, callTimeout: "2s", streamKeepAlive: "1s", subscriptions: 200 },
  };
  const server = createServer({ name: "fuzz", version: "1.0.0", services: [service], http, auth: "none" });
  return { server, service };
}

if (process.argv[2] === "stdio") await createTarget("stateless").server.serve({ transport: "stdio" });
