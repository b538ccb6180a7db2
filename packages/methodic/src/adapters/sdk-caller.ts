import type { AuthInfo } from "../context/auth-info.ts";
import type { RequestAccess } from "../dispatch/access.ts";
import type { Dispatcher } from "../dispatch/dispatcher.ts";
import type { MessageExtra, SdkAuthInfo } from "./sdk-server.ts";

/**
 * Creates the access decisions of a request. Over HTTP, its caller is the one that the SDK's entry
 * has authenticated, or unknown; any other request comes from a trusted local client.
 */
export function createAccess(
  dispatcher: Pick<Dispatcher, "createAccess">,
  { authInfo, request, requestInfo }: MessageExtra,
): RequestAccess {
  if (authInfo) return dispatcher.createAccess({ auth: toAuthInfo(authInfo) });
  return dispatcher.createAccess(request || requestInfo ? { auth: undefined } : undefined);
}

/** Converts the SDK's caller. The token stays with the SDK. */
function toAuthInfo({ clientId, scopes, expiresAt, extra }: SdkAuthInfo): AuthInfo {
  const { sub, ...claims } = extra ?? {};
  return {
    scopes,
    claims,
    ...(typeof sub === "string" && { subject: sub }),
    ...(clientId && { clientId }),
    ...(expiresAt !== undefined && { expiresAt }),
  };
}
