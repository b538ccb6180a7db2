import { MethodicError, withoutStack } from "../errors.ts";
import type { ResolvedHttpOptions } from "../http/options.ts";
import { isLoopbackAddress } from "../util/loopback.ts";

/** The facts that decide if other machines can reach a server unintentionally. */
interface BindSafetyInput {
  /** The server's name, for the message. */
  readonly name: string;
  readonly http: ResolvedHttpOptions;
  /** True if `auth` is configured, even as `"none"`. */
  readonly hasAuth: boolean;
  /** The address to listen on; undefined for `fetch` and `nodeHandler`, which do not listen. */
  readonly host: string | undefined;
}

/**
 * Refuses to serve other machines unless the author configured allowed hosts and authentication.
 * @throws MethodicError `UNSAFE_BIND` with everything that is missing
 */
export function assertSafeBind({ name, http, hasAuth, host }: BindSafetyInput): void {
  const listensPublicly = host !== undefined && !isLoopbackAddress(host);
  const problems: string[] = [];
  // A container listens on all addresses even if it serves only its own machine; its allowed hosts
  // are then local, and auth is the only requirement.
  if (listensPublicly && !http.namesHosts) {
    problems.push(
      'allowedHosts is not set. Set allowedHosts: ["mcp.example.com"] or MCP_ALLOWED_HOSTS=mcp.example.com ("*" allows any host), ' +
        "or publicUrl or MCP_PUBLIC_URL=https://mcp.example.com/mcp. With methodic run: --allow-host mcp.example.com.",
    );
  }
  if ((listensPublicly || !http.onlyLocal) && !hasAuth) {
    problems.push(
      "auth is not set. Pass auth to createServer, such as apiKey() of methodic/auth, which reads MCP_API_KEY, " +
        'or auth: "none" to let every caller in. With methodic run: --auth api-key or --auth none.',
    );
  }
  if (problems.length === 0) return;
  const exposure = listensPublicly ? `would listen on ${host}` : `allows the hosts ${http.hosts.join(", ")}`;
  const message = `The server '${name}' ${exposure}, where other machines can reach it, but ${problems.join(" Also, ")}`;
  // The fix is configuration, so a stack trace would only bury the message.
  throw withoutStack(() => new MethodicError("UNSAFE_BIND", message));
}
