import { MethodicError } from "../errors.ts";
import type { ResolvedHttpOptions } from "../http/resolve-options.ts";

/** What decides whether a server may be reached from other computers. */
export interface Exposure {
  readonly name: string;
  readonly options: ResolvedHttpOptions;
  /** Whether it was said who may call, be it everybody. */
  readonly hasAuth: boolean;
  /** The address that is listened on, where that is known. */
  readonly host?: string;
}

/**
 * Nothing becomes reachable from other computers unasked.
 * @throws MethodicError that says what to set
 */
export function assertExposureMeant({ name, options, hasAuth, host }: Exposure): void {
  const listensWide = host !== undefined && !isLoopback(host);
  // In a container, an address for all and the names of this computer go together: the port may be published to this computer alone.
  if (listensWide && !options.namesHosts) {
    throw new MethodicError(
      "INVALID_OPTIONS",
      `The server '${name}' is to listen on ${host}, where clients name it by a host it does not allow yet. Say which: ` +
        'allowedHosts: ["mcp.example.com"], or MCP_ALLOWED_HOSTS=mcp.example.com ("*" for any), or publicUrl, or MCP_PUBLIC_URL=https://mcp.example.com/mcp.',
    );
  }
  if ((listensWide || !options.onlyLocal) && !hasAuth) {
    const why = listensWide ? `is to listen on ${host}` : `allows the hosts ${options.hosts.join(", ")}`;
    throw new MethodicError(
      "INVALID_OPTIONS",
      `The server '${name}' ${why}, and says nothing of who may call it. Give it auth, such as apiKey() of methodic/auth; or write auth: "none" if everybody may.`,
    );
  }
}

/** Whether an address to listen on is this computer's own. */
export function isLoopback(host: string): boolean {
  return /^(?:localhost|127(?:\.\d{1,3}){3}|\[?::1\]?|\[?::ffff:127(?:\.\d{1,3}){3}\]?)$/i.test(host);
}
