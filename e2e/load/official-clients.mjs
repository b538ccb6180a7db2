// The official clients of both generations, with several calls at a time and simulated users.
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { Client as OldClient } from "@modelcontextprotocol/sdk/client/index.js";
import { SSEClientTransport } from "@modelcontextprotocol/sdk/client/sse.js";
import { StreamableHTTPClientTransport as OldTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { ElicitRequestSchema } from "@modelcontextprotocol/sdk/types.js";
import { paramsOf, readResult } from "./calls.mjs";

const KINDS = ["echo", "lookup", "refuse", "fail", "big", "wait", "count", "read", "draft"];
const CONCURRENT = 6;
const ROUNDS = 6;
const INFO = { name: "load", version: "1" };
const CAPABILITIES = { capabilities: { elicitation: { form: {} } } };

/** Answers like a user: repeats the token from the question. */
function answerQuestion({ params: { message } }) {
  return { action: "accept", content: { token: message.split(" ").at(-1) } };
}

function createModern(port, mode) {
  const client = new Client(INFO, { ...CAPABILITIES, versionNegotiation: { mode } });
  client.setRequestHandler("elicitation/create", answerQuestion);
  return { client, transport: new StreamableHTTPClientTransport(urlOf(port)) };
}

function createOld(transport) {
  const client = new OldClient(INFO, CAPABILITIES);
  client.setRequestHandler(ElicitRequestSchema, answerQuestion);
  return { client, transport };
}

function urlOf(port, path = "/mcp") {
  return new URL(`http://127.0.0.1:${port}${path}`);
}

const WAYS = [
  { canAsk: true, create: ({ stateless }) => createModern(stateless, { pin: "2026-07-28" }) },
  { canAsk: true, create: ({ sessions }) => createModern(sessions, "legacy") },
  { canAsk: true, create: ({ resumable }) => createModern(resumable, "legacy") },
  { canAsk: false, create: ({ stateless }) => createModern(stateless, "legacy") },
  { canAsk: true, create: ({ sessions }) => createOld(new OldTransport(urlOf(sessions))) },
  { canAsk: true, create: ({ resumable }) => createOld(new OldTransport(urlOf(resumable))) },
  { canAsk: true, create: ({ sessions }) => createOld(new SSEClientTransport(urlOf(sessions, "/sse"))) },
];

/** Connects in each way in turn; each client makes several rounds of calls and disconnects. */
export async function callOfficially(run) {
  for (let i = run.random(WAYS.length); !run.isOver(); i++) {
    const { canAsk, create } = WAYS[i % WAYS.length];
    const { client, transport } = create(run.ports);
    await client.connect(transport);
    for (let round = 0; round < ROUNDS && !run.isOver(); round++) {
      const kinds = [...KINDS, ...(canAsk ? ["ask"] : [])];
      await Promise.all(Array.from({ length: CONCURRENT }, () => callOnce(run, client, run.pick(kinds))));
    }
    if (run.random(2) === 0) await transport.terminateSession?.();
    await client.close();
  }
}

async function callOnce({ ledger, random }, client, kind) {
  // One call in ten is cancelled.
  const signal = random(10) === 0 && kind !== "ask" ? AbortSignal.timeout(1 + random(15)) : undefined;
  const call = ledger.begin(kind);
  const onprogress = ({ message = call.expected }) => {
    // During elicitation, the client itself reports progress.
    if (kind === "ask") return;
    ledger.progress++;
    if (!message.startsWith(call.expected)) ledger.violate("crossed", call, `the progress ${message}`);
  };
  try {
    ledger.settle(call, readResult(await send(client, call, { signal, onprogress })));
  } catch (error) {
    if (signal?.aborted) ledger.abandon(call);
    else ledger.lose(call, error.stack);
  }
}

function send(client, call, options) {
  const params = paramsOf(call);
  if (call.method === "resources/read") return client.readResource(params, options);
  if (call.method === "prompts/get") return client.getPrompt(params, options);
  // SDK v1 takes the schema of the result before the options.
  return client instanceof OldClient ? client.callTool(params, undefined, options) : client.callTool(params, options);
}
