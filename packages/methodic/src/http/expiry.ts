import type { AuthInfo } from "../context/auth-info.ts";
import { type HttpRequest, withSignal } from "./request.ts";
import { callAt } from "../util/timers.ts";

/** When a caller's credentials expire, in ms since 1970: what the caller may hear must not outlast them. */
export function readExpiry(auth: AuthInfo | undefined): number | undefined {
  return auth?.expiresAt === undefined ? undefined : auth.expiresAt * 1000;
}

/** A request in web form, without its body, that aborts also when its caller's credentials expire. */
export function abortAtExpiry(request: HttpRequest, auth: AuthInfo | undefined): Request {
  const until = readExpiry(auth);
  if (until === undefined) return request.toRequest();
  const expiry = new AbortController();
  const stopWaiting = callAt(() => expiry.abort(), until);
  request.signal.addEventListener("abort", stopWaiting, { once: true });
  return withSignal(request, expiry.signal);
}
