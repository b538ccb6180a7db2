import type { AuthInfo as SdkAuthInfo } from "@modelcontextprotocol/server";
import type { RequestAccess } from "../dispatch/access.ts";

// The SDK passes an AuthInfo from the HTTP request to the handler. A WeakMap attaches our decisions
// to it, without a property that other code could read or forge.
const accessOf = new WeakMap<SdkAuthInfo, RequestAccess>();

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
 * Returns the access decisions that {@link toSdkAuthInfo} attached; undefined if the caller did not
 * authenticate.
 */
export function findAccess(sdkAuth: SdkAuthInfo | undefined): RequestAccess | undefined {
  return sdkAuth && accessOf.get(sdkAuth);
}
