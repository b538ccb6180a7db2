import type { McpServerFactory } from "@modelcontextprotocol/server";
import { refuse, refuseClosing } from "../responses.ts";
import { checkGetAccept, refuseMethod } from "./header-checks.ts";
import { type LegParts, serveSafely } from "./leg-parts.ts";
import type { LegacyExchange } from "./legacy-exchange.ts";
import { readId, readMessage } from "./messages.ts";
import { refuseMoreSessions, refuseSession } from "./session-table.ts";
import { SseSession } from "./sse-session.ts";

/** What serving the old transport takes. */
export interface LegacySseOptions {
  /** Of the endpoint's legacy leg: its sessions, their bound and their end are the same. */
  readonly parts: LegParts;
  /** Makes the SDK server of a session. */
  readonly session: McpServerFactory;
}

/** The HTTP+SSE transport of MCP 2024-11-05: a stream for all that the server says, and another path for what the client says. */
export interface LegacySse {
  /** Opens a session's stream. @param messagesPath where the client sends its messages: an absolute path, as the client sees it */
  open(exchange: LegacyExchange, messagesPath: string): Promise<Response>;
  /** Takes a message that a client sends, with the id of its session in the query. */
  receive(exchange: LegacyExchange): Promise<Response>;
}

/** Serves clients of MCP 2024-11-05. */
export function createLegacySse(options: LegacySseOptions): LegacySse {
  const { parts } = options;
  return {
    open: (exchange, messagesPath) => serveSafely(parts.onError, () => openSession(options, exchange, messagesPath)),
    receive: (exchange) => serveSafely(parts.onError, () => receiveMessage(parts, exchange)),
  };
}

async function openSession(
  { parts, session: createServer }: LegacySseOptions,
  { request, authInfo, auth }: LegacyExchange,
  messagesPath: string,
): Promise<Response> {
  if (request.method !== "GET") return refuseMethod(request.method, "GET");
  const refusal = checkGetAccept(request);
  if (refusal) return refusal;
  if (parts.isClosing()) return refuseClosing();
  if (!parts.table.hasRoom()) return refuseMoreSessions();
  // Without its stream there is no way to go on.
  const onLost = (): void => void parts.table.remove(session);
  const session: SseSession = new SseSession(parts, { signal: request.signal, auth, messagesPath, onLost });
  parts.table.add(session);
  try {
    await session.connect(await createServer({ era: "legacy", ...(authInfo && { authInfo }), requestInfo: request }));
  } catch (error) {
    await parts.table.remove(session);
    throw error;
  }
  return session.response;
}

function receiveMessage(parts: LegParts, { request, message, authInfo, auth }: LegacyExchange): Response {
  if (request.method !== "POST") return refuseMethod(request.method, "POST");
  const id = new URL(request.url).searchParams.get("sessionId");
  if (!id) {
    const text = "The query has no sessionId: send messages to the URL that the stream's first event names.";
    return refuse({ status: 400, message: text, id: readId(message) ?? null });
  }
  const session = parts.table.find(id, auth);
  if (!(session instanceof SseSession)) return refuseSession();
  const read = readMessage(message);
  if (read instanceof Response) return read;
  if (parts.isClosing()) return refuseClosing();
  return session.receive(read, { request, ...(authInfo && { authInfo }) });
}
