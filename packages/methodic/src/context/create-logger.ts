import type { JsonValue } from "../manifest/format.ts";
import { markAllHandled } from "../util/handled.ts";
import type { LogFields } from "../util/log.ts";
import type { Logger, LogLevel } from "./context.ts";
import { toFields, toLogData, toText } from "./log-data.ts";
import type { ServerLog } from "./server-log.ts";

/** The severities in order, least severe first. */
export const LOG_LEVELS: readonly LogLevel[] = [
  "debug",
  "info",
  "notice",
  "warning",
  "error",
  "critical",
  "alert",
  "emergency",
];

/** Dependencies of the logger of one call. */
interface LoggerDeps {
  /** Sends a message to the client. */
  readonly send: (level: LogLevel, data: JsonValue) => void;
  readonly serverLog: ServerLog;
  /** Describes the call in the server's log. */
  readonly describeCall: () => LogFields;
}

/** Creates the logger of one call. */
export function createLogger({ send, serverLog, describeCall }: LoggerDeps): Logger {
  let call: LogFields | undefined;
  const write = (level: LogLevel, message: string, data: unknown): void => {
    markAllHandled(data);
    send(level, toLogData(message, data));
    if (!serverLog.isEnabled(level)) return;
    call ??= describeCall();
    serverLog.write(level, { ...call, ...toFields(data) }, toText(message));
  };
  return Object.fromEntries(
    LOG_LEVELS.map((level) => [level, (message: string, data?: unknown): void => write(level, message, data)]),
  ) as Logger;
}
