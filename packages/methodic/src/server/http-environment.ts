import { MethodicError, withoutStack } from "../errors.ts";
import { checkAllowedHosts, checkAllowedOrigins, checkPath, checkPublicUrl } from "../http/check-options.ts";
import type { OptionCheck } from "../util/check-options.ts";
import { type Environment, getEnvironment, readVariable } from "../util/env.ts";
import { mustBe } from "../util/option-checks.ts";

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

const checkPort: OptionCheck = mustBe(
  "a port number from 0 to 65535",
  (value) => typeof value === "number" && value <= 65_535,
);

const checkHost: OptionCheck = mustBe(
  "an IP address or a host name, such as 0.0.0.0, without scheme, port and path",
  (value) => typeof value === "string" && /^[\w.:%-]+$/.test(value),
);

/**
 * Reads the HTTP options from environment variables. An empty variable counts as unset.
 * @throws MethodicError `INVALID_ENVIRONMENT` with the variable and its value
 */
export function readHttpEnvironment(environment: Environment | undefined = getEnvironment()): HttpEnvironment {
  const read = <T>(name: string, check: OptionCheck, parse: (value: string) => T): T | undefined => {
    const text = readVariable(name, environment);
    if (text === undefined) return undefined;
    const value = parse(text);
    const [problem] = check(value, name);
    if (problem === undefined) return value;
    // For a list, show only the invalid entry.
    return refuseVariable(name, problem.path === name ? JSON.stringify(text) : String(problem.shown), problem.fix);
  };
  const found = {
    port: read("PORT", checkPort, toPort),
    host: read("HOST", checkHost, String),
    path: read("MCP_PATH", checkPath, String),
    allowedHosts: read("MCP_ALLOWED_HOSTS", checkAllowedHosts, splitList),
    allowedOrigins: read("MCP_ALLOWED_ORIGINS", checkAllowedOrigins, splitList),
    publicUrl: read("MCP_PUBLIC_URL", checkPublicUrl, String),
  };
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined));
}

/** Returns NaN for text that is not a number of at most five digits. */
function toPort(text: string): number {
  return /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
}

function splitList(text: string): readonly string[] {
  return text
    .split(",")
    .map((item) => item.trim())
    .filter((item) => item !== "");
}

function refuseVariable(name: string, shown: string, requirement: string): never {
  const message = `Invalid environment variable ${name}: ${shown}. ${requirement} Correct it, or unset it.`;
  throw withoutStack(() => new MethodicError("INVALID_ENVIRONMENT", message));
}
