import type { JsonValue } from "../manifest/format.ts";
import { markAllHandled } from "../util/handled.ts";
import type { LogFields } from "../util/log.ts";
import type { Logger, LogLevel } from "./context.ts";
import { toFields, toLogData, toText } from "./log-data.ts";
import { type ComponentId, describeCall, type LoggedRequest, type ServerLog } from "./server-log.ts";

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

/** Sends a log message to the client. */
export type SendLog = (level: LogLevel, data: JsonValue) => Promise<void>;

/** Dependencies of the logger of one call. */
interface LoggerDeps {
  readonly channel: LoggedRequest & { readonly log: SendLog | undefined };
  readonly component: ComponentId;
  readonly serverLog: ServerLog;
  /** The client does not expect messages of a call that has ended. */
  readonly isEnded: () => boolean;
}

/** Creates the logger of one call. */
export function createLogger({ channel, component, serverLog, isEnded }: LoggerDeps): Logger {
  let call: LogFields | undefined;
  const write = (level: LogLevel, message: string, data: unknown): void => {
    markAllHandled(data);
    // Logging must not fail a call: it is not the method's fault that the client is gone.
    if (!isEnded()) channel.log?.(level, toLogData(message, data)).catch(() => undefined);
    if (!serverLog.isEnabled(level)) return;
    call ??= describeCall(component, channel);
    serverLog.write(level, { ...call, ...toFields(data) }, toText(message));
  };
  const at = (level: LogLevel) => (message: string, data?: unknown) => write(level, message, data);
  return {
    debug: at("debug"),
    info: at("info"),
    notice: at("notice"),
    warning: at("warning"),
    error: at("error"),
    critical: at("critical"),
    alert: at("alert"),
    emergency: at("emergency"),
  };
}
