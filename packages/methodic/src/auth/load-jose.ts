import type * as Jose from "jose";

let loading: Promise<typeof Jose> | undefined;

/** jose, loaded when the first token has to be checked. Asking the runtime for it again and again would cost more than some of what it does. */
export function loadJose(): Promise<typeof Jose> {
  return (loading ??= import("jose"));
}
