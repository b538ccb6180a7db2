import type { AuthInfo as SdkAuthInfo } from "@modelcontextprotocol/server";
import type { RequestAccess } from "../dispatch/access.ts";

// The SDK passes an AuthInfo from the HTTP request to the handler. A WeakMap attaches our decisions
// to it, without a property that other code could read or forge.
const accessOf = new WeakMap<SdkAuthInfo, RequestAccess>();
const anonymousAccessOf = new WeakMap<Request, RequestAccess>();
const messageOf = new WeakMap<Request, unknown>();

/**
 * Creates the SDK's view of the caller of one request. It has no token: no layer beyond the guard
 * needs it.
 */
export function toSdkAuthInfo(access: RequestAccess): SdkAuthInfo | undefined {
  const { auth } = access;
  if (!auth) return undefined;
  const sdkAuth: SdkAuthInfo = {
    token: "",
    clientId: auth.clientId ?? "",
    scopes: [...auth.scopes],
    ...(auth.expiresAt !== undefined && { expiresAt: auth.expiresAt }),
  };
  accessOf.set(sdkAuth, access);
  return sdkAuth;
}

/**
 * Attaches the access decisions to an HTTP request whose caller did not authenticate, so that all
 * layers share those of the server's filter.
 */
export function attachAccess(request: Request, access: RequestAccess): void {
  if (access.variesByRequest && !access.auth) anonymousAccessOf.set(request, access);
}

/** Attaches the body to an HTTP request whose tool is chosen by the body. */
export function attachMessage(request: Request, message: unknown): void {
  messageOf.set(request, message);
}

/** Returns the message that was attached to an HTTP request. */
export function findMessage(request: Request | undefined): { readonly params?: unknown } | undefined {
  return request && (messageOf.get(request) as { readonly params?: unknown } | undefined);
}

/** The parts of a request that access decisions are attached to. */
export interface SdkCaller {
  readonly authInfo?: SdkAuthInfo | undefined;
  readonly request: Request | undefined;
}

/** Returns the access decisions that were attached to a request, if there are any. */
export function findAccess({ authInfo, request }: SdkCaller): RequestAccess | undefined {
  if (authInfo) return accessOf.get(authInfo);
  return request && anonymousAccessOf.get(request);
}
