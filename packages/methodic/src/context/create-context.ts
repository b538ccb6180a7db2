import type { JsonSchema, JsonValue } from "../manifest/format.ts";
import type { AuthInfo } from "./auth-info.ts";
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

/** A progress report, as MCP has it. */
export interface ProgressReport {
  readonly progress: number;
  readonly total?: number;
  readonly message?: string;
}

/** What a request can do with its client: the protocol layer offers it, a {@link Context} is made of it. */
export interface RequestChannel {
  readonly signal: AbortSignal;
  readonly info: RequestInfo;
  /** The caller of the request. `auth` is undefined if the caller did not authenticate. */
  readonly access: { readonly auth: AuthInfo | undefined };
  /** Sends a log message if the client wants messages of this level. */
  log(level: LogLevel, data: JsonValue): Promise<void>;
  /** Missing if the client did not ask for progress. */
  readonly reportProgress?: (report: ProgressReport) => Promise<void>;
  elicit(message: string, requestedSchema: JsonSchema): Promise<ElicitationResult>;
  /** The protocol layer's own context, for authors who need more than a {@link Context} offers. */
  readonly sdkContext: unknown;
}

/** Where a context keeps the protocol layer's own. Not enumerable: whoever prints a context does not want the headers of the request. */
export const SDK_CONTEXT: unique symbol = Symbol.for("methodic.sdkContext");

/** A context, and the switch that silences it when its method has ended. */
export interface ContextHandle {
  readonly context: Context;
  /** Drops what is logged or reported from now on: a client does not expect anything after the answer. */
  end(): void;
}

/** Makes the context of one request. */
export function createContext(port: RequestChannel): ContextHandle {
  let ended = false;
  let last = Number.NEGATIVE_INFINITY;
  const write = (level: LogLevel, message: string, data?: unknown): void => {
    // Logging must not fail a call: a client that is gone, or data that is no JSON, is not the method's concern.
    if (!ended) void port.log(level, toLogData(message, data)).catch(() => undefined);
  };
  const log = Object.fromEntries(
    LOG_LEVELS.map((level) => [level, (message: string, data?: unknown): void => write(level, message, data)]),
  ) as unknown as Logger;
  const context: Context = {
    signal: port.signal,
    log,
    request: port.info,
    auth: port.access.auth,
    async progress(progress, total, message) {
      // MCP: "The progress value MUST increase with each notification".
      if (ended || !port.reportProgress || !Number.isFinite(progress) || progress <= last) return;
      last = progress;
      const report = {
        progress,
        ...(Number.isFinite(total) && { total: total as number }),
        ...(message !== undefined && { message: String(message) }),
      };
      await port.reportProgress(report).catch(() => undefined);
    },
    elicit: (message, requestedSchema) => port.elicit(message, requestedSchema),
  };
  Object.defineProperty(context, SDK_CONTEXT, { get: () => port.sdkContext });
  return { context, end: () => void (ended = true) };
}

/** What a log notification carries: the message alone, or `{ message, data }`. */
function toLogData(message: string, data: unknown): JsonValue {
  const text = toText(message);
  if (data === undefined) return text;
  try {
    // Taken apart now: the object may change before it is sent, and what JSON cannot carry must not break the transport.
    return { message: text, data: JSON.parse(JSON.stringify(data, writeValue)) as JsonValue };
  } catch (error) {
    return {
      message: text,
      data: `(not JSON: ${toText((error as { readonly message?: unknown } | undefined)?.message)})`,
    };
  }
}

/** The values that results may hold, too, written as there; but nobody reads bytes in a log. */
function writeValue(this: Readonly<Record<string, unknown>>, key: string, value: unknown): unknown {
  const given = this[key];
  if (given instanceof Uint8Array) return `(${given.length} bytes)`;
  if (given instanceof Map) return Object.fromEntries(given);
  if (given instanceof Set) return [...given];
  return typeof value === "bigint" ? String(value) : value;
}

/** The type says string, but what is logged where something went wrong can be anything. */
function toText(message: unknown): string {
  try {
    return String(message);
  } catch {
    return "(not text)";
  }
}
