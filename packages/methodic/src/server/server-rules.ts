import { readServerAuth } from "../auth/server-auth.ts";
import type { AuthInfo } from "../context/auth-info.ts";
import { RequestAccess } from "../dispatch/access.ts";
import { MethodicError } from "../errors.ts";
import { combineRules } from "../registry/access-rules.ts";
import { writeLog } from "../util/log.ts";
import type { ServerAuth } from "./options.ts";

/**
 * Asks the rules of a whole server about a caller who is connected by hand; over HTTP the gate of the endpoint does.
 * @throws MethodicError if the caller may not come in
 */
export async function assertMayConnect(
  server: { readonly name: string; readonly auth?: ServerAuth },
  caller: AuthInfo | undefined,
): Promise<void> {
  const { name, auth = "none" } = server;
  const { rules } = readServerAuth(auth, "createServer") ?? { rules: [] };
  const guarded = { where: `the server '${name}'`, access: combineRules(rules, { kind: "server", name }) };
  if (await new RequestAccess({ auth: caller }, writeLog).allows(guarded)) return;
  throw new MethodicError("ACCESS_DENIED", `connect: the rules of the server '${name}' do not let this caller in.`);
}
