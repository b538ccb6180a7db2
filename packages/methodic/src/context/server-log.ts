import { type LogFields, type WriteLog, writeLog } from "../util/log.ts";
import type { LogLevel } from "./context.ts";
import { toLogJson } from "./log-data.ts";
import { isMessageFirst, type ServerLogger } from "./server-logger.ts";

/** The component whose method runs: its public name, for a resource its URI or URI template. */
export interface ComponentId {
  readonly kind: "tool" | "resource" | "prompt";
  readonly name: string;
}

/** The part of a request that the log names. */
export interface LoggedRequest {
  readonly info: { readonly requestId: string | number };
  readonly access: { readonly auth: { readonly subject?: string } | undefined };
}

/** Describes a call in the log: neither arguments nor headers are part of it. */
export function describeCall({ kind, name }: ComponentId, { info, access }: LoggedRequest): LogFields {
  const subject = access.auth?.subject;
  return { [kind]: name, requestId: info.requestId, ...(subject !== undefined && { subject }) };
}

/** The log of one server. */
export interface ServerLog {
  /** Checks whether messages of a level are kept. */
  isEnabled(level: LogLevel): boolean;
  /** Writes a message of a method. Never throws. */
  write(level: LogLevel, fields: LogFields, message: string): void;
  /** Writes a line of the server itself. Never throws. */
  readonly writeLine: WriteLog;
}

/** Creates the log of a server. Without a logger, it keeps warnings and worse, on stderr. */
export function createServerLog(logger: ServerLogger | undefined): ServerLog {
  return logger ? new LoggerLog(logger) : STDERR_LOG;
}

const IGNORED: ReadonlySet<LogLevel> = new Set(["debug", "info", "notice"]);

const STDERR_LOG: ServerLog = {
  isEnabled: (level) => !IGNORED.has(level),
  write: (level, fields, message) => writeLog(`methodic: ${level}: ${message} ${toLogJson(fields)}`),
  writeLine: writeLog,
};

type LogMethod = "debug" | "info" | "warn" | "error" | "fatal";

const METHODS: { readonly [level in LogLevel]: LogMethod } = {
  debug: "debug",
  info: "info",
  notice: "info",
  warning: "warn",
  error: "error",
  critical: "fatal",
  alert: "fatal",
  emergency: "fatal",
};

/** Passes entries to the author's logger, which may throw. */
class LoggerLog implements ServerLog {
  readonly #logger: ServerLogger;
  readonly #isMessageFirst: boolean;
  #hasReported = false;

  constructor(logger: ServerLogger) {
    this.#logger = logger;
    this.#isMessageFirst = isMessageFirst(logger);
  }

  isEnabled(level: LogLevel): boolean {
    try {
      return this.#logger.isLevelEnabled?.(this.#methodOf(level)) !== false;
    } catch {
      return true;
    }
  }

  write(level: LogLevel, fields: LogFields, message: string): void {
    const isWritten = this.#call(() => this.#methodOf(level), fields, message);
    if (!isWritten && STDERR_LOG.isEnabled(level)) STDERR_LOG.write(level, fields, message);
  }

  readonly writeLine: WriteLog = (text, details = {}) => {
    const { level = "error", fields } = details;
    // The name by which pino, and those that follow it, know errors.
    const error = "error" in details && { err: details.error };
    if (!this.#call(() => level, { ...fields, ...error }, text)) writeLog(text, details);
  };

  #methodOf(level: LogLevel): LogMethod {
    const method = METHODS[level];
    return method === "fatal" && typeof this.#logger.fatal !== "function" ? "error" : method;
  }

  /** Returns false if the logger throws. */
  #call(findMethod: () => LogMethod, fields: LogFields, message: string): boolean {
    try {
      const args = this.#isMessageFirst ? [message, fields] : [fields, message];
      const methods = this.#logger as unknown as { readonly [name in LogMethod]: (...args: unknown[]) => unknown };
      const returned = methods[findMethod()](...args);
      if (isThenable(returned)) returned.then(undefined, (error: unknown) => this.#report(error));
      return true;
    } catch (error) {
      this.#report(error);
      return false;
    }
  }

  /** Reports a failure of the logger once: it is likely to fail again with each entry. */
  #report(error: unknown): void {
    if (this.#hasReported) return;
    this.#hasReported = true;
    writeLog("methodic: the option 'logger' failed", { error });
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return (
    typeof value === "object" && value !== null && typeof (value as { readonly then?: unknown }).then === "function"
  );
}
