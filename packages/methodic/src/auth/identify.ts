import { getCallerKey } from "../context/auth-info.ts";
import { digestText } from "../util/digest.ts";
import type { Authenticator, AuthRequest, AuthResult } from "./authenticator.ts";

/** An authenticator's decision, and the headers that it is based on. */
export interface IdentifiedCaller {
  /** If the caller is accepted, the result has its `callerKey`. */
  readonly result: AuthResult;
  /** The names of the headers that the authenticator read, except those of the protocol. */
  readonly headersRead: ReadonlySet<string>;
}

/** Authenticates the caller of a request and names it. */
export async function identifyCaller(
  authenticator: Authenticator,
  request: AuthRequest,
  resource: string,
): Promise<IdentifiedCaller> {
  const headersRead = new Set<string>();
  const headers = watchHeaders(request.headers, headersRead);
  const { method, url } = request;
  const result = await authenticator.authenticate({ method, url, headers }, resource);
  if (result.kind !== "accepted") return { result, headersRead };
  // A custom authenticator may return no caller. No rule allows such a caller.
  const hasName = result.callerKey !== undefined || result.auth?.subject !== undefined;
  const callerKey = hasName ? getCallerKey(result) : await digestCredentials(request.headers, headersRead);
  return { result: { ...result, callerKey }, headersRead };
}

// The protocol's own headers. Its handlers need them, and they are not credentials.
const PROTOCOL_HEADER = /^(?:accept|content-type|host|last-event-id|origin|mcp-.+)$/;

/** Returns headers that add the names of those that are read to a set. */
function watchHeaders(headers: Headers, read: Set<string>): Headers {
  return new Proxy(headers, {
    get(target, property) {
      const member: unknown = Reflect.get(target, property, target);
      if (typeof member !== "function") return member;
      return (...args: readonly unknown[]): unknown => {
        // Every other method reads all headers.
        const names = property === "get" || property === "has" ? [String(args[0]).toLowerCase()] : target.keys();
        for (const name of names) if (!PROTOCOL_HEADER.test(name)) read.add(name);
        return Reflect.apply(member, target, args);
      };
    },
  });
}

/**
 * Computes the key of a caller that only the credentials identify; empty without credentials. The
 * scheme and the name of the header are left out, so that a caller cannot be several by writing
 * them differently.
 */
async function digestCredentials(headers: Headers, names: ReadonlySet<string>): Promise<string> {
  const values = Array.from(names, (name) => headers.get(name)).filter((value) => value !== null);
  if (values.length === 0) return "";
  return await digestText(JSON.stringify(values.map((value) => value.replace(/^\S+[ \t]+/, "")).sort()));
}
