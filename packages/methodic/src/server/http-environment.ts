import { MethodicError, withoutStack } from "../errors.ts";
import { isHostList, isOriginList, isPath, isPublicUrl, type Rule } from "../http/check-options.ts";
import { type Environment, getEnvironment, readVariable } from "../util/env.ts";

/**
 * HTTP options from environment variables. Options in code and flags of `methodic run` take
 * precedence.
 */
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

/**
 * Reads the HTTP options from environment variables. An empty variable counts as unset.
 * @throws MethodicError `INVALID_ENVIRONMENT` with the variable and its value
 */
export function readHttpEnvironment(environment: Environment | undefined = getEnvironment()): HttpEnvironment {
  const read = <T>(name: string, parse: (name: string, value: string) => T): T | undefined => {
    const value = readVariable(name, environment);
    return value === undefined ? undefined : parse(name, value);
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

function refuse(name: string, value: string, requirement: string): never {
  const message = `Invalid environment variable ${name}: ${JSON.stringify(value)}. It ${requirement}. Correct it, or unset it.`;
  throw withoutStack(() => new MethodicError("INVALID_ENVIRONMENT", message));
}
