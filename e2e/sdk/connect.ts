import { fileURLToPath } from "node:url";
import { Client, InMemoryTransport, StreamableHTTPClientTransport, type Transport } from "@modelcontextprotocol/client";
import { createMcpHandler, type McpServer } from "@modelcontextprotocol/server";
import { serveStdio } from "@modelcontextprotocol/server/stdio";
import { WebStandardStreamableHTTPServerTransport as WebTransportV1 } from "@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js";
import type { Server } from "methodic";
import { methodic } from "../../fixtures/methodic.ts";
import { createOnSdk, type SdkVersion } from "./on-sdk.ts";

const folder = fileURLToPath(new URL(".", import.meta.url));

export type Revision = "2025-11-25" | "2026-07-28";

/** A way on which the official client reaches a server of the SDK, and one of Methodic. */
export interface Path {
  readonly name: string;
  readonly sdk: SdkVersion;
  readonly transport: "memory" | "HTTP";
  readonly revision: Revision;
  readonly toSdk: () => Promise<Transport>;
  readonly toMethodic: (server: Server) => Promise<Transport>;
}

/** Compiles and loads the server that is written with decorators. */
export async function loadDecorated(): Promise<() => Server> {
  const { exitCode, stderr } = await methodic(["build", "--tsconfig", "tsconfig.json"], { cwd: folder });
  if (exitCode !== 0) throw new Error(`server/main.ts does not compile:\n${stderr}`);
  const loaded: { createDecorated: () => Server } = await import(`${folder}.cache/server/main.js`);
  return loaded.createDecorated;
}

async function methodicInMemory(server: Server): Promise<Transport> {
  const [near, far] = InMemoryTransport.createLinkedPair();
  await server.connect(far);
  return near;
}

const methodicByFetch = async (server: Server): Promise<Transport> => byFetch((request) => server.fetch(request));

function byFetch(answer: (request: Request) => Promise<Response>): Transport {
  return new StreamableHTTPClientTransport(new URL("http://localhost/mcp"), {
    fetch: (url, init) => answer(new Request(url, init)),
  });
}

async function sdkInMemory(server: McpServer): Promise<Transport> {
  const [near, far] = InMemoryTransport.createLinkedPair();
  await server.connect(far);
  return near;
}

async function sdkOverServeStdio(): Promise<Transport> {
  const [near, far] = InMemoryTransport.createLinkedPair();
  serveStdio(() => createOnSdk("v2"), { transport: far });
  return near;
}

async function sdkByHandler(): Promise<Transport> {
  const handler = createMcpHandler(() => createOnSdk("v2"));
  return byFetch((request) => handler.fetch(request));
}

async function sdkV1ByFetch(): Promise<Transport> {
  return byFetch(async (request) => {
    const transport = new WebTransportV1({});
    await createOnSdk("v1").connect(transport as never);
    return transport.handleRequest(request);
  });
}

const MEMORY = { transport: "memory", toMethodic: methodicInMemory } as const;
const HTTP = { transport: "HTTP", toMethodic: methodicByFetch } as const;
const OLD = "2025-11-25";
const NEW = "2026-07-28";

/** All ways on which answers are compared. */
export const PATHS: readonly Path[] = [
  { name: `v2, memory, ${OLD}`, sdk: "v2", revision: OLD, ...MEMORY, toSdk: () => sdkInMemory(createOnSdk("v2")) },
  { name: `v2, memory, ${NEW}`, sdk: "v2", revision: NEW, ...MEMORY, toSdk: sdkOverServeStdio },
  { name: `v2, HTTP, ${OLD}`, sdk: "v2", revision: OLD, ...HTTP, toSdk: sdkByHandler },
  { name: `v2, HTTP, ${NEW}`, sdk: "v2", revision: NEW, ...HTTP, toSdk: sdkByHandler },
  { name: `v1, memory, ${OLD}`, sdk: "v1", revision: OLD, ...MEMORY, toSdk: () => sdkInMemory(createOnSdk("v1")) },
  { name: `v1, HTTP, ${OLD}`, sdk: "v1", revision: OLD, ...HTTP, toSdk: sdkV1ByFetch },
];

/** Connects the official client. */
export async function connect(transport: Transport, revision: Revision): Promise<Client> {
  const mode = revision === NEW ? { pin: revision } : ("legacy" as const);
  const client = new Client({ name: "differential", version: "1.0.0" }, { versionNegotiation: { mode } });
  await client.connect(transport);
  return client;
}
