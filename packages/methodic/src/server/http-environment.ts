import { MethodicError, withoutStack } from "../errors.ts";
import { checkAllowedHosts, checkAllowedOrigins, checkPath, checkPublicUrl } from "../http/check-options.ts";
import type { OptionCheck } from "../util/check-options.ts";
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
    path: read("MCP_PATH", checked(checkPath, toText)),
    allowedHosts: read("MCP_ALLOWED_HOSTS", checked(checkAllowedHosts, toList)),
    allowedOrigins: read("MCP_ALLOWED_ORIGINS", checked(checkAllowedOrigins, toList)),
    publicUrl: read("MCP_PUBLIC_URL", checked(checkPublicUrl, toText)),
  };
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined));
}

function parsePort(name: string, value: string): number {
  const port = /^\d{1,5}$/.test(value) ? Number(value) : Number.NaN;
  return port <= 65_535 ? port : refuse(name, JSON.stringify(value), "It must be a port number from 0 to 65535.");
}

function parseHost(name: string, value: string): string {
  return /^[\w.:%-]+$/.test(value)
    ? value
    : refuse(
        name,
        JSON.stringify(value),
        "It must be an IP address or a host name, such as 0.0.0.0, without scheme, port and path.",
      );
}

const checked =
  <T>(check: OptionCheck, parse: (value: string) => T) =>
  (name: string, value: string): T => {
    const parsed = parse(value);
    const [problem] = check(parsed, name);
    if (problem === undefined) return parsed;
    // An invalid entry of a list is shown alone.
    return refuse(name, problem.path === name ? JSON.stringify(value) : String(problem.shown), problem.fix);
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

function refuse(name: string, shown: string, requirement: string): never {
  const message = `Invalid environment variable ${name}: ${shown}. ${requirement} Correct it, or unset it.`;
  throw withoutStack(() => new MethodicError("INVALID_ENVIRONMENT", message));
}
