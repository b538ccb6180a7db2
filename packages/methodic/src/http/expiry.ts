import type { AuthInfo } from "../context/auth-info.ts";
import { callAt } from "../util/timers.ts";
import { withSignal } from "./request.ts";

/** Returns the time at which a caller's credentials expire, and its streams end; ms since 1970. */
export function readExpiry(auth: AuthInfo | undefined): number | undefined {
  return auth?.expiresAt === undefined ? undefined : auth.expiresAt * 1000;
}

/** Returns the request, without its body, with a signal that also aborts at the caller's expiry. */
export function abortAtExpiry(request: Request, auth: AuthInfo | undefined): Request {
  const until = readExpiry(auth);
  if (until === undefined) return request;
  const expiry = new AbortController();
  const stopTimer = callAt(() => expiry.abort(), until);
  request.signal.addEventListener("abort", stopTimer, { once: true });
  return withSignal(request, expiry.signal);
}
