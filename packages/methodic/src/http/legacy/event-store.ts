import type { JSONRPCMessage } from "@modelcontextprotocol/server";

/**
 * Keeps what was sent to the clients of sessions, so that one whose connection broke gets what it missed (MCP 2025-11-25, "Resumability and
 * Redelivery"). The event stores of the official SDK fit as they are. One store serves all sessions of a server.
 */
export interface EventStore {
  /**
   * Keeps a message of a stream and gives it an id that no other message of the store has. Messages of one stream come one at a time, in order.
   * A message can be an empty object: it marks the beginning of a stream.
   */
  storeEvent(streamId: string, message: JSONRPCMessage): Promise<string>;
  /** The stream that an event belongs to; nothing if it is not known, or not kept any more. */
  getStreamIdForEventId?(eventId: string): Promise<string | undefined>;
  /**
   * Hands over, in order, what was kept of the same stream after an event.
   * @returns the stream's id; what it is for an unknown event does not matter
   */
  replayEventsAfter(
    lastEventId: string,
    options: { send: (eventId: string, message: JSONRPCMessage) => Promise<void> },
  ): Promise<string>;
  /** Forgets all streams whose ids begin with this, because their session is over. */
  deleteStreams?(prefix: string): Promise<void>;
}
