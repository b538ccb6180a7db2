import { fileURLToPath } from "node:url";
import { Client, InMemoryTransport, StreamableHTTPClientTransport, type Transport } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import type { Server } from "methodic";
import { METHODIC, methodic } from "../../fixtures/methodic.ts";
import { environment } from "../../fixtures/process.ts";

const folder = fileURLToPath(new URL(".", import.meta.url));

export type Revision = "2025-11-25" | "2026-07-28";

/** Options of a server process. */
export interface Launch {
  readonly name: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** A server in a folder next to this file. */
export interface Startable {
  readonly name: string;
  /** Returns how it is started; it may use a new folder. */
  readonly start?: (folder: string) => Partial<Launch>;
}

/** A way from the official client to a server. */
export interface Path {
  readonly name: string;
  readonly revision: Revision;
  readonly reach: (launch: Launch) => Promise<Transport>;
}

/** Compiles the ports. */
export async function buildPorts(): Promise<void> {
  const { exitCode, stderr } = await methodic(["build", "--tsconfig", "tsconfig.json"], { cwd: folder });
  if (exitCode !== 0) throw new Error(`The ports do not compile:\n${stderr}`);
}

/** Starts the original, as npm has it, over stdio. */
export const ORIGINAL: Path = {
  name: "original",
  revision: "2025-11-25",
  reach: async ({ name, args, env }) =>
    startProcess([`${folder}../node_modules/@modelcontextprotocol/server-${name}/dist/index.js`, ...args], env),
};

/** The ways to a port. */
export const PORT_PATHS: readonly Path[] = [
  { name: "stdio, 2025-11-25", revision: "2025-11-25", reach: reachProcess },
  { name: "stdio, 2026-07-28", revision: "2026-07-28", reach: reachProcess },
  { name: "memory, 2025-11-25", revision: "2025-11-25", reach: reachInMemory },
  { name: "memory, 2026-07-28", revision: "2026-07-28", reach: reachInMemory },
  { name: "HTTP, 2025-11-25 with sessions", revision: "2025-11-25", reach: reachByFetch },
  { name: "HTTP, 2026-07-28", revision: "2026-07-28", reach: reachByFetch },
];

async function reachProcess({ name, args, env }: Launch): Promise<Transport> {
  return startProcess([METHODIC, "run", `${folder}.cache/${name}/server.js`, "--", ...args], env);
}

function startProcess(args: string[], env: Launch["env"]): Transport {
  return new StdioClientTransport({ command: process.execPath, args, env: environment(env), stderr: "ignore" });
}

async function reachInMemory(launch: Launch): Promise<Transport> {
  const server = await loadPort(launch);
  const [near, far] = InMemoryTransport.createLinkedPair();
  await server.connect(far);
  return near;
}

async function reachByFetch(launch: Launch): Promise<Transport> {
  const server = await loadPort(launch);
  return new StreamableHTTPClientTransport(new URL("http://localhost/mcp"), {
    fetch: (url, init) => server.fetch(new Request(url, init)),
  });
}

let loads = 0;

/** Loads the compiled port anew, with its arguments and variables in place while it starts. */
async function loadPort({ name, args, env }: Launch): Promise<Server> {
  const { argv, env: variables } = process;
  process.argv = [process.execPath, name, ...args];
  process.env = { ...variables, ...env };
  try {
    const loaded: { default: Server } = await import(`${folder}.cache/${name}/server.js?${++loads}`);
    return loaded.default;
  } finally {
    process.argv = argv;
    process.env = variables;
  }
}

/** A client, and the questions that its server has asked. */
export interface Connected {
  readonly client: Client;
  readonly questions: readonly unknown[];
}

/** Connects the official client, which answers every question of a server in the same way. */
export async function connect(
  { revision, reach }: Path,
  { name, start }: Startable,
  folder: string,
): Promise<Connected> {
  const client = new Client(
    { name: "ports", version: "1.0.0" },
    {
      capabilities: { elicitation: { form: {}, url: {} }, sampling: {}, roots: {} },
      versionNegotiation: { mode: revision === "2026-07-28" ? { pin: revision } : "legacy" },
    },
  );
  const questions: unknown[] = [];
  client.setRequestHandler("roots/list", async () => ({ roots: [{ uri: "file:///work/site", name: "Site" }] }));
  client.setRequestHandler("sampling/createMessage", async ({ params }) => {
    questions.push(params);
    const content = { type: "text" as const, text: "Hi!" };
    return { model: "a-model", stopReason: "endTurn", role: "assistant" as const, content };
  });
  client.setRequestHandler("elicitation/create", async ({ params }) => {
    questions.push(params);
    return params.mode === "url" ? { action: "accept" } : { action: "accept", content: { name: "Ada", integer: 7 } };
  });
  await client.connect(await reach({ name, args: [], env: {}, ...start?.(folder) }));
  return { client, questions };
}
