import type { JsonSchema, JsonValue } from "../manifest/format.ts";
import type { AuthInfo } from "./auth-info.ts";
import { ToolError } from "../errors.ts";
import { markAllHandled, markHandled } from "../util/handled.ts";
import type { Context, ElicitationResult, Logger, LogLevel, RequestInfo } from "./context.ts";

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

/** The parameters of `notifications/progress`. */
export interface ProgressReport {
  readonly progress: number;
  readonly total?: number;
  readonly message?: string;
}

/**
 * A request's connection to its client. The protocol layer provides it; a {@link Context} is built
 * on it.
 */
export interface RequestChannel {
  readonly signal: AbortSignal;
  readonly info: RequestInfo;
  /** The caller of the request. `auth` is undefined if the caller did not authenticate. */
  readonly access: { readonly auth: AuthInfo | undefined };
  /** Sends a log message if the client wants messages of this level. */
  log(level: LogLevel, data: JsonValue): Promise<void>;
  /** Absent if the client did not ask for progress. */
  readonly reportProgress?: (report: ProgressReport) => Promise<void>;
  elicit(message: string, requestedSchema: JsonSchema): Promise<ElicitationResult>;
  /** The SDK's context, for authors who need more than a {@link Context} offers. */
  readonly sdkContext: unknown;
}

/**
 * Key of the SDK's context in a {@link Context}. Not enumerable, so that printing a context does
 * not print request headers.
 */
export const SDK_CONTEXT: unique symbol = Symbol.for("methodic.sdkContext");

/** The context of a running method. */
export interface RunningContext {
  readonly context: Context;
  /** Drops log messages and progress from now on: a client does not expect any after the result. */
  end(): void;
}

/** Creates the context of one request. */
export function createContext(channel: RequestChannel): RunningContext {
  let ended = false;
  let last = Number.NEGATIVE_INFINITY;
  const write = (level: LogLevel, message: string, data?: unknown): void => {
    markAllHandled(data);
    // Logging must not fail a call: it is not the method's fault that the client is gone or the
    // data has no JSON form.
    if (!ended) void channel.log(level, toLogData(message, data)).catch(() => undefined);
  };
  const log = Object.fromEntries(
    LOG_LEVELS.map((level) => [level, (message: string, data?: unknown): void => write(level, message, data)]),
  ) as Logger;
  const context: Context = {
    signal: channel.signal,
    log,
    request: channel.info,
    auth: channel.access.auth,
    async progress(progress, total, message) {
      // MCP: "The progress value MUST increase with each notification".
      if (ended || !channel.reportProgress || !Number.isFinite(progress) || progress <= last) return;
      last = progress;
      const report = {
        progress,
        ...(Number.isFinite(total) && { total: total as number }),
        ...(message !== undefined && { message: toText(message) }),
      };
      await channel.reportProgress(report).catch(() => undefined);
    },
    elicit: (message, requestedSchema) =>
      markHandled(ended ? Promise.reject(createEndedError()) : channel.elicit(message, requestedSchema)),
  };
  Object.defineProperty(context, SDK_CONTEXT, { get: () => channel.sdkContext });
  return { context, end: () => void (ended = true) };
}

function createEndedError(): ToolError {
  return new ToolError("The call has ended, so the user can no longer be asked. Await ctx.elicit before you return.");
}

/** Creates the data of a log notification: the message, or `{ message, data }`. */
function toLogData(message: string, data: unknown): JsonValue {
  const text = toText(message);
  if (data === undefined) return text;
  try {
    // Copied now, because the object may change before it is sent. A value without JSON form must
    // not break the transport.
    return { message: text, data: JSON.parse(JSON.stringify(data, replaceValue)) as JsonValue };
  } catch (error) {
    const reason = (error as { readonly message?: unknown } | undefined)?.message;
    return { message: text, data: `(not JSON: ${toText(reason)})` };
  }
}

/**
 * A `JSON.stringify` replacer: values that results may hold are written as there, but bytes are
 * only counted.
 */
function replaceValue(this: Readonly<Record<string, unknown>>, key: string, value: unknown): unknown {
  const original = this[key];
  if (original instanceof Uint8Array) return `(${original.length} bytes)`;
  if (original instanceof Map) return Object.fromEntries(original);
  if (original instanceof Set) return [...original];
  return typeof value === "bigint" ? String(value) : value;
}

/**
 * Converts a message to text. Its type is string, but code that logs an error may pass anything.
 */
function toText(message: unknown): string {
  try {
    return String(message);
  } catch {
    return "(not text)";
  }
}
