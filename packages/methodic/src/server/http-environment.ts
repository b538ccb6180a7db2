import { MethodicError, withoutStack } from "../errors.ts";
import { isHostList, isOriginList, isPath, isPublicUrl, type Rule } from "../http/check-http-options.ts";

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
 * @throws MethodicError `INVALID_OPTIONS`, which names the variable and its value
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
  throw withoutStack(() => new MethodicError("INVALID_OPTIONS", message));
}
