import { CLIENT_CAPABILITIES_META_KEY, type ServerContext } from "@modelcontextprotocol/server";
import type { AuthInfo } from "../context/auth-info.ts";
import type { CallInfo } from "../context/call-info.ts";
import type { DispatchRequest } from "../dispatch/invoke.ts";
import type { ExtensionContext, ExtensionSettings, ExtensionToolCall } from "../extensions/extension.ts";
import { isRecord } from "../util/record.ts";
import type { SdkRequest } from "./sdk-request.ts";

/** A request of the SDK, and the dispatcher's view of it. */
interface ExtensionRequest extends Pick<SdkRequest, "era" | "server" | "ctx"> {
  readonly call: DispatchRequest;
}

/** A running request, as extensions see it. */
class RequestContext implements ExtensionContext {
  readonly #request: ExtensionRequest;
  #hasEnded = false;

  constructor(request: ExtensionRequest) {
    this.#request = request;
  }

  get signal(): AbortSignal {
    return this.#request.call.signal;
  }

  get auth(): AuthInfo | undefined {
    return this.#request.call.access.auth;
  }

  get requestId(): CallInfo["requestId"] {
    return this.#request.call.info.requestId;
  }

  get era(): CallInfo["era"] {
    return this.#request.era;
  }

  get protocolVersion(): CallInfo["protocolVersion"] {
    return this.#request.call.info.protocolVersion;
  }

  get client(): CallInfo["client"] {
    return this.#request.call.info.client;
  }

  get http(): CallInfo["http"] {
    return this.#request.call.info.http;
  }

  get meta(): CallInfo["meta"] {
    return this.#request.call.info.meta;
  }

  get clientExtensions(): { readonly [id: string]: ExtensionSettings } {
    const { era, server, ctx } = this.#request;
    const envelope = ctx.mcpReq.envelope as { readonly [key: string]: unknown } | undefined;
    const declared = era === "modern" ? envelope?.[CLIENT_CAPABILITIES_META_KEY] : server.getClientCapabilities();
    const { extensions } = (declared ?? {}) as { readonly extensions?: unknown };
    return (isRecord(extensions) ? extensions : {}) as { readonly [id: string]: ExtensionSettings };
  }

  readonly notify = async (method: string, params: { readonly [name: string]: unknown } = {}): Promise<void> => {
    if (!this.#hasEnded) await this.#request.ctx.mcpReq.notify({ method, params });
  };

  end(): void {
    this.#hasEnded = true;
  }
}

/** The call of a tool, as extensions see it. */
class ToolCallContext extends RequestContext implements ExtensionToolCall {
  readonly name: string;
  readonly arguments: { readonly [name: string]: unknown };

  constructor(request: ExtensionRequest, name: string, args: unknown) {
    super(request);
    this.name = name;
    this.arguments = (args ?? {}) as { readonly [name: string]: unknown };
  }
}

/** Runs the method of an extension with the context of a request, which ends with it. */
export async function runWithContext<T>(
  request: ExtensionRequest,
  run: (context: ExtensionContext) => Promise<T>,
): Promise<T> {
  const context = new RequestContext(request);
  try {
    return await run(context);
  } finally {
    context.end();
  }
}

/** Runs the call of a tool with its context, which ends with it. */
export async function runToolCall<T>(
  request: ExtensionRequest,
  { name, arguments: args }: { readonly name: string; readonly arguments?: unknown },
  run: (call: ExtensionToolCall) => Promise<T>,
): Promise<T> {
  const call = new ToolCallContext(request, name, args);
  try {
    return await run(call);
  } finally {
    call.end();
  }
}

/** Returns the parameters of a request, with those that the SDK takes out of it. */
export function restoreParams(params: unknown, { mcpReq }: ServerContext): unknown {
  const { inputResponses } = mcpReq;
  return inputResponses === undefined ? params : { ...(params as object), inputResponses };
}
