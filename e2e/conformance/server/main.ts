import { MemoryEventStore } from "methodic/http";
import { listenWith } from "./bridge.ts";
import { createConformanceServer } from "./server.ts";
import { listenOverStdio } from "./stdio-bridge.ts";

// Serves in every way and prints the URLs as one line of JSON.
const listen = async (http: Parameters<typeof createConformanceServer>[0]): Promise<string> => {
  const { url } = await createConformanceServer(http).serve({ transport: "http", port: 0 });
  return String(url);
};
const stateless = await listen({});
const sessions = await listen({ sessions: { eventStore: new MemoryEventStore() } });
const web = createConformanceServer({ sessions: { eventStore: new MemoryEventStore() } });
const fetch = `${await listenWith(web.fetch)}/mcp`;
const stdio = await listenOverStdio();
console.log(JSON.stringify({ stateless, sessions, fetch, stdio }));
