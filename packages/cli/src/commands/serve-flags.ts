import { createRequire } from "node:module";
import process from "node:process";
import { pathToFileURL } from "node:url";
import { CommandFailure } from "../command-failure.ts";

/** How `methodic run` serves; what is not given is the environment's, or the module's, to say. */
export interface ServeFlags {
  readonly stdio?: boolean;
  readonly http?: boolean;
  readonly port?: number;
  readonly host?: string;
  readonly path?: string;
  readonly publicUrl?: string;
  readonly allowHost?: readonly string[];
  readonly allowOrigin?: readonly string[];
  readonly auth?: "none" | "api-key";
}

/** Whether to serve over HTTP: said, or meant by any flag that has a sense only there, or by `PORT`. */
export function isHttpMeant({ stdio, ...others }: ServeFlags): boolean {
  return stdio !== true && (Object.keys(others).length > 0 || (process.env["PORT"] ?? "").trim() !== "");
}

/**
 * Tells the environment what the flags say: a module that serves itself reads it there, in whatever way it does.
 * Where nothing says which port, `PORT` is what makes `serve()` choose HTTP.
 */
export function exportFlags(flags: ServeFlags): void {
  if (!isHttpMeant(flags)) {
    delete process.env["PORT"];
    return;
  }
  const variables = {
    PORT: flags.port?.toString() ?? (process.env["PORT"] || "8000"),
    HOST: flags.host,
    MCP_PATH: flags.path,
    MCP_PUBLIC_URL: flags.publicUrl,
    MCP_ALLOWED_HOSTS: flags.allowHost?.join(),
    MCP_ALLOWED_ORIGINS: flags.allowOrigin?.join(),
  };
  for (const [name, value] of Object.entries(variables)) if (value !== undefined) process.env[name] = value;
}

/**
 * The options of `serve()` that the flags mean.
 * @param resolveFrom A file of the author's, from which its own `methodic` is found
 */
export async function toServeOptions(flags: ServeFlags, resolveFrom: string): Promise<object> {
  if (!isHttpMeant(flags)) return { transport: "stdio" };
  const given = {
    port: flags.port,
    host: flags.host,
    path: flags.path,
    publicUrl: flags.publicUrl,
    allowedHosts: toList(flags.allowHost),
    allowedOrigins: toList(flags.allowOrigin),
    auth: flags.auth === "api-key" ? await loadApiKey(resolveFrom) : flags.auth,
  };
  return { transport: "http", ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) };
}

function toList(entries: readonly string[] | undefined): readonly string[] | "*" | undefined {
  return entries?.includes("*") ? "*" : entries;
}

/** Of the module's own copy: an authenticator of another would not be known to its server. */
async function loadApiKey(resolveFrom: string): Promise<unknown> {
  const { resolve } = createRequire(resolveFrom);
  let auth: { readonly apiKey: () => unknown };
  try {
    auth = (await import(pathToFileURL(resolve("methodic/auth")).href)) as typeof auth;
  } catch (cause) {
    throw new CommandFailure(
      `--auth api-key needs 'methodic' where the module is, and cannot load it: ${String(cause)}`,
    );
  }
  return auth.apiKey();
}
