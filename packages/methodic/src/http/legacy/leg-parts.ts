import type { StreamSettings } from "./event-stream.ts";
import type { Running } from "./running.ts";
import type { SessionTable } from "./session-table.ts";

/** What the ways of serving older clients share. */
export interface LegParts {
  readonly streams: StreamSettings;
  readonly table: SessionTable;
  readonly running: Running;
  /** Whether only what runs is to be finished. */
  readonly isClosing: () => boolean;
  readonly onError: (error: Error) => void;
}
