import { MethodicError } from "../errors.ts";
import { type JsonRpcMessage, MODERN_REVISION } from "../util/json-rpc.ts";

/**
 * The members of the SDK's `Server` that adapters use; those of 1.x and 2.x have them in common.
 * Declared here, so that no SDK has to be loaded for its types.
 */
export interface SdkProtocolServer {
  readonly transport?: unknown;
  readonly fallbackRequestHandler?: unknown;
  connect(transport: never): Promise<void>;
  registerCapabilities(capabilities: object): void;
  /** Throws if the server has a handler for the method. */
  assertCanSetRequestHandler(method: string): void;
  /** Only 2.x has it. */
  getNegotiatedProtocolVersion?(): string | undefined;
}

/** An SDK transport, with the handlers that a connected server sets. */
export interface SdkTransport {
  readonly sessionId?: string | undefined;
  start(): Promise<void>;
  send(message: JsonRpcMessage, options?: object): Promise<void>;
  onclose?: (() => void) | undefined;
  onmessage?: ((message: JsonRpcMessage, extra?: MessageExtra) => void) | undefined;
}

/** The data that a transport passes with a message. */
export interface MessageExtra {
  readonly authInfo?: SdkAuthInfo | undefined;
  /** The web request; only 2.x passes it. */
  readonly request?: Request | undefined;
  /** The parts of the HTTP request; only 1.x passes them. */
  readonly requestInfo?: RequestParts | undefined;
}

interface RequestParts {
  readonly headers: { readonly [name: string]: string | readonly string[] | undefined };
  readonly url?: URL | string | undefined;
}

/** The caller of a request, as the SDKs name it. */
export interface SdkAuthInfo {
  readonly clientId: string;
  readonly scopes: readonly string[];
  readonly expiresAt?: number | undefined;
  readonly extra?: { readonly [claim: string]: unknown } | undefined;
}

/** Checks whether the server answers a method itself. */
export function hasHandler(server: SdkProtocolServer, method: string): boolean {
  if (server.fallbackRequestHandler) return true;
  const { _requestHandlers: handlers } = server as { readonly _requestHandlers?: unknown };
  // Cheaper than the error below, whose stack trace each call of a tool would collect.
  if (handlers instanceof Map) return handlers.has(method);
  try {
    server.assertCanSetRequestHandler(method);
    return false;
  } catch {
    return true;
  }
}

/** Returns the revision that the server speaks, if it is 2026-07-28 or later. */
export function modernRevisionOf(server: SdkProtocolServer): string | undefined {
  const revision = server.getNegotiatedProtocolVersion?.();
  return revision !== undefined && revision >= MODERN_REVISION ? revision : undefined;
}

/** Returns the web request that a message came with; undefined if it did not come over HTTP. */
export function readRequest({ request, requestInfo }: MessageExtra): Request | undefined {
  if (request || !requestInfo) return request;
  const headers = new Headers();
  for (const [name, value] of Object.entries(requestInfo.headers)) {
    for (const single of Array.isArray(value) ? (value as readonly string[]) : [value])
      if (typeof single === "string") headers.append(name, single);
  }
  // Transports of 1.x before 1.26 do not pass the URL.
  return new Request(requestInfo.url ?? "http://localhost/", { method: "POST", headers });
}

/**
 * Returns the low-level server of an `McpServer`, or the argument if it is one.
 * @throws MethodicError `INVALID_ARGUMENT`
 */
export function readSdkServer(value: unknown, { label, fix, isModernSdk }: SdkChoice): SdkProtocolServer {
  const { server = value } = Object(value) as { readonly server?: unknown };
  const { connect, registerCapabilities, assertCanSetRequestHandler, getNegotiatedProtocolVersion } = Object(
    server,
  ) as { readonly [member in keyof SdkProtocolServer]?: unknown };
  const isServer = [connect, registerCapabilities, assertCanSetRequestHandler].every(
    (member) => typeof member === "function",
  );
  if (!isServer) {
    throw new MethodicError(
      "INVALID_ARGUMENT",
      `${label}: the first argument is not a server of the SDK. Pass its McpServer or Server.`,
    );
  }
  if ((typeof getNegotiatedProtocolVersion === "function") !== isModernSdk) {
    throw new MethodicError("INVALID_ARGUMENT", `${label}: the server is of another version of the SDK. ${fix}`);
  }
  return server as SdkProtocolServer;
}

/** The SDK that an adapter is for. */
export interface SdkChoice {
  /** The adapter's name, for messages. */
  readonly label: "attachToSdkV1" | "attachToSdkV2";
  /** The fix if the server is of the other version. */
  readonly fix: string;
  readonly isModernSdk: boolean;
}
