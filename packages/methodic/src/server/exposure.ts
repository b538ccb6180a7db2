import { MethodicError, withoutStack } from "../errors.ts";
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
  const problems: string[] = [];
  const listensWide = host !== undefined && !isLoopback(host);
  // In a container, an address for all and the names of this computer go together: the port may be published to this computer alone.
  if (listensWide && !options.namesHosts) {
    problems.push(
      'names no host yet by which clients reach it there. Set allowedHosts: ["mcp.example.com"], or MCP_ALLOWED_HOSTS=mcp.example.com ' +
        '("*" for any), or publicUrl, or MCP_PUBLIC_URL=https://mcp.example.com/mcp.',
    );
  }
  if ((listensWide || !options.onlyLocal) && !hasAuth) {
    problems.push(
      "says nothing of who may call it. Give createServer auth, such as apiKey() of methodic/auth, which reads MCP_API_KEY; " +
        'or auth: "none" if everybody may. For methodic run: --auth api-key, or --auth none.',
    );
  }
  if (problems.length === 0) return;
  const why = listensWide ? `is to listen on ${host}` : `allows the hosts ${options.hosts.join(", ")}`;
  const message = `The server '${name}' ${why}, and ${problems.join(" Also, it ")}`;
  // What is missing has to be said at the first start, all of it, and no line of code is to blame.
  throw withoutStack(() => new MethodicError("INVALID_OPTIONS", message));
}

/** Whether an address to listen on is this computer's own. */
export function isLoopback(host: string): boolean {
  return /^(?:localhost|127(?:\.\d{1,3}){3}|\[?::1\]?|\[?::ffff:127(?:\.\d{1,3}){3}\]?)$/i.test(host);
}
