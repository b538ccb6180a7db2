import type { InFlight } from "../in-flight.ts";
import { refuse } from "../responses.ts";
import type { StreamSettings } from "./event-stream.ts";
import type { Running } from "./running.ts";
import type { SessionTable } from "./session-table.ts";

/** What the ways of serving older clients share. */
export interface LegParts {
  readonly streams: StreamSettings;
  readonly table: SessionTable;
  readonly running: Running;
  /** Counts the calls that run, for which no request need be waiting. */
  readonly calls: InFlight;
  /** Whether no more calls are taken. */
  readonly isClosing: () => boolean;
  readonly onError: (error: Error) => void;
}

/** Serves a request; what fails is reported, and becomes a response that does not tell why. */
export async function serveSafely(
  onError: (error: Error) => void,
  serve: () => Response | Promise<Response>,
): Promise<Response> {
  try {
    return await serve();
  } catch (error) {
    onError(error instanceof Error ? error : new Error(String(error)));
    return refuse({ status: 500, code: -32603, message: "Internal server error." });
  }
}
