import { MethodicError, withoutStack } from "../errors.ts";
import { isHostList, isOriginList, isPath, isPublicUrl, type Rule } from "../http/check-options.ts";
import type { ResolvedHttpOptions } from "../http/options.ts";

/** What the environment says about serving HTTP. What is given as an option, or as a flag of `methodic run`, wins over it. */
export interface HttpEnvironment {
  /** `PORT` */
  readonly port?: number;
  /** `HOST` */
  readonly host?: string;
  /** `MCP_PATH` */
  readonly path?: string;
  /** `MCP_ALLOWED_HOSTS`, separated by commas */
  readonly allowedHosts?: readonly string[];
  /** `MCP_ALLOWED_ORIGINS`, separated by commas */
  readonly allowedOrigins?: readonly string[];
  /** `MCP_PUBLIC_URL` */
  readonly publicUrl?: string;
}

type Variables = { readonly [name: string]: string | undefined };

/**
 * Reads the environment. A variable that is empty is none.
 * @throws MethodicError `INVALID_ENVIRONMENT`, which names the variable and its value
 */
export function readHttpEnvironment(variables: Variables = processVariables()): HttpEnvironment {
  const read = <T>(name: string, parse: (name: string, value: string) => T): T | undefined => {
    const value = variables[name]?.trim() ?? "";
    return value === "" ? undefined : parse(name, value);
  };
  const found = {
    port: read("PORT", parsePort),
    host: read("HOST", parseHost),
    path: read("MCP_PATH", checked(isPath, toText)),
    allowedHosts: read("MCP_ALLOWED_HOSTS", checked(isHostList, toList)),
    allowedOrigins: read("MCP_ALLOWED_ORIGINS", checked(isOriginList, toList)),
    publicUrl: read("MCP_PUBLIC_URL", checked(isPublicUrl, toText)),
  };
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined));
}

/** Not every runtime has `process`. */
function processVariables(): Variables {
  return (globalThis as { readonly process?: { readonly env?: Variables } }).process?.env ?? {};
}

function parsePort(name: string, value: string): number {
  const port = /^\d{1,5}$/.test(value) ? Number(value) : Number.NaN;
  return port <= 65_535 ? port : refuse(name, value, "must be a port number from 0 to 65535");
}

function parseHost(name: string, value: string): string {
  return /^[\w.:%-]+$/.test(value)
    ? value
    : refuse(name, value, "must be an IP address or a host name, such as 0.0.0.0, without scheme, port and path");
}

const checked =
  <T>(rule: Rule, parse: (value: string) => T) =>
  (name: string, value: string): T => {
    const parsed = parse(value);
    const problem = rule(parsed);
    return problem === undefined ? parsed : refuse(name, value, problem);
  };

function toText(value: string): string {
  return value;
}

function toList(value: string): readonly string[] {
  return value
    .split(",")
    .map((item) => item.trim())
    .filter((item) => item !== "");
}

function refuse(name: string, value: string, rule: string): never {
  const message = `The environment variable ${name} ${rule}, and is ${JSON.stringify(value)}. Mend it, or unset it.`;
  throw withoutStack(() => new MethodicError("INVALID_ENVIRONMENT", message));
}

/** What decides whether a server may be reached from other computers. */
export interface BindRequest {
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
export function assertSafeBind({ name, options, hasAuth, host }: BindRequest): void {
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
  throw withoutStack(() => new MethodicError("UNSAFE_BIND", message));
}

/** Whether an address to listen on is this computer's own. */
export function isLoopback(host: string): boolean {
  return /^(?:localhost|127(?:\.\d{1,3}){3}|\[?::1\]?|\[?::ffff:127(?:\.\d{1,3}){3}\]?)$/i.test(host);
}
